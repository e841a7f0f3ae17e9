"""Collections: the rows of JSON Lines, CSV and Parquet files, one at a time, so that a file may exceed memory."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any

from stance.decoding import MARKS, Lines
from stance.errors import ArticleError, did_you_mean
from stance.file_kinds import HEAD, ROWS, kind_of

MAX_ROW = 20 << 20  # characters of a line or of a field; no article is as long
_BATCH = 64  # rows of a Parquet file that are held at once

Row = dict[str, Any]


@contextmanager
def opened(path: Path) -> Iterator[io.BufferedReader]:
    """Open a file for reading; what is compressed by gzip is read as what it holds.

    Raises
    ------
    ArticleError
        Where it cannot be opened, or not be read on while the block runs.
    """
    with reading(path), path.open("rb") as file:
        yield unpacked(file)


@contextmanager
def reading(where: object) -> Iterator[None]:
    """Name what is read in the errors of the machine.

    Raises
    ------
    ArticleError
        In their place.
    """
    try:
        yield
    except FileNotFoundError:
        raise ArticleError("no such file", where=where, remedy="Check the path.") from None
    except IsADirectoryError:
        raise ArticleError("is a directory", where=where, remedy="Name a file in it.") from None
    except (EOFError, zlib.error, gzip.BadGzipFile) as cause:
        raise ArticleError(f"is damaged ({cause})", where=where, remedy="Fetch or compress it anew.") from None
    except OSError as cause:
        rule = f"cannot be read ({cause.strerror or cause})"
        raise ArticleError(rule, where=where, remedy="Check the path and its permissions.") from None


def unpacked(file: io.BufferedReader) -> io.BufferedReader:
    """Return a file, or what it holds where it is compressed by gzip."""
    if not file.peek(2).startswith(b"\x1f\x8b"):
        return file
    return io.BufferedReader(gzip.GzipFile(fileobj=file))


def read_rows(path: Path, text: str = "text") -> Iterator[tuple[str, Row]]:
    """Yield every row of a collection with its place, ``file:line``; see `each_row`.

    Raises
    ------
    ArticleError
        Where the file cannot be read or a row is malformed.
    """
    for place, row in each_row(path, text):
        if isinstance(row, ArticleError):
            raise row
        yield place, row


def each_row(path: Path, text: str = "text") -> Iterator[tuple[str, Row | ArticleError]]:
    """Yield every row of a collection (.jsonl, .csv, .tsv or .parquet, also with .gz) or, in its place, its error.

    Parameters
    ----------
    path : Path
        The collection. Commas, semicolons or tabs may part the fields of a .csv file.
    text : str
        The column that a .csv file must have.

    Yields
    ------
    str, dict or ArticleError
        The row's place (``file:line``; of a Parquet file, ``file:row``), and the row.

    Raises
    ------
    ArticleError
        Where the file cannot be read any further.
    """
    with opened(path) as file:
        kind = kind_of(path.name.removesuffix(".gz"), file.peek(HEAD)[:HEAD], path)
        if kind not in ROWS:
            remedy = "Give a .jsonl, .csv, .tsv or .parquet file."
            raise ArticleError("rows are read from collections, which this is not", where=path, remedy=remedy)
        yield from rows_of(file, kind, path, text)


def rows_of(
    file: io.BufferedReader, kind: str, where: object, text: str = "text"
) -> Iterator[tuple[str, Row | ArticleError]]:
    """Yield the rows of an open collection as `each_row` does."""
    head = file.peek(HEAD)[:HEAD]
    if not head:
        raise ArticleError("is empty", where=where, remedy="Give a file with rows.")
    if kind == "parquet":
        yield from _parquet_rows(file, where)
        return
    if b"\0" in head and not any(head.startswith(mark) for mark in MARKS):
        rule = f"is no text file: NUL byte at offset {head.index(0)}"
        raise ArticleError(rule, where=where, remedy="Give a collection in UTF-8.")
    lines = Lines(file, where, MAX_ROW)
    blank = kind == "jsonl"  # until a row is found; a table's header is none, but says that it is one
    for each in _with_errors(_CsvRows(lines, where, text) if kind == "csv" else _JsonRows(lines, where)):
        blank = False
        yield each
    if blank:
        raise ArticleError("holds nothing but white space", where=where, remedy="Give a file with rows.")


def _with_errors(rows: Iterator[tuple[str, Row]]) -> Iterator[tuple[str, Row | ArticleError]]:
    """Yield rows that can be asked on after an error, and the errors."""
    while True:
        try:
            found: tuple[str, Row | ArticleError] = next(rows)
        except StopIteration:
            return
        except ArticleError as error:
            found = error.where, error
        yield found


class _JsonRows(Iterator[tuple[str, Row]]):
    def __init__(self, lines: Lines, where: object) -> None:
        self._lines, self._where = lines, where

    def __next__(self) -> tuple[str, Row]:
        line = next(each for each in self._lines if not each.isspace())
        place = f"{self._where}:{self._lines.number}"
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as cause:
            raise ArticleError(
                f"not valid JSON: {cause}", where=place, remedy="Write one JSON object a line."
            ) from None
        if not isinstance(row, dict):
            raise ArticleError("not a JSON object", where=place, remedy='Write {"text": "..."}.')
        return place, row


class _CsvRows(Iterator[tuple[str, Row]]):
    def __init__(self, lines: Lines, where: object, text: str) -> None:
        csv.field_size_limit(MAX_ROW)  # the default, 131,072 characters, is less than a long article
        self._lines, self._where = lines, where
        header = next(lines, "")
        self._reader = csv.DictReader(chain([header], lines), delimiter=_separator(header, text), strict=True)
        try:
            names = self._reader.fieldnames or []
        except csv.Error as cause:
            raise ArticleError(f"not valid CSV: {cause}", where=f"{where}:1", remedy="Check the quotes.") from None
        if text not in names:
            raise ArticleError(f"no column {text!r}", where=f"{where}:1", remedy=did_you_mean(text, names))

    def __next__(self) -> tuple[str, Row]:
        place = f"{self._where}:{self._lines.number + 1}"
        try:
            row = next(self._reader)
        except csv.Error as cause:
            raise ArticleError(f"not valid CSV: {cause}", where=place, remedy="Check the quotes.") from None
        if None in row:
            raise ArticleError("more fields than the header has", where=place, remedy='Put the text in "quotes".')
        return place, row


def _separator(header: str, text: str) -> str:
    """Return what parts the header's names: a comma, or the semicolon or tab that spreadsheets write."""

    def fit(separator: str) -> tuple[bool, int]:
        names = next(csv.reader([header], delimiter=separator), [])
        return text in names, len(names)

    return max(",;\t", key=fit)


def _parquet_rows(file: io.BufferedReader, where: object) -> Iterator[tuple[str, Row]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    if not file.seekable():
        raise ArticleError("Parquet cannot be read from a pipe", where=where, remedy="Give it as a file.")
    number = 0
    try:
        for batch in pq.ParquetFile(file).iter_batches(_BATCH):
            for number, row in enumerate(batch.to_pylist(), number + 1):  # noqa: B020
                yield f"{where}:{number}", row
    except (pa.ArrowException, OSError, ValueError) as cause:
        what = str(cause).splitlines()[0] if str(cause) else type(cause).__name__
        raise ArticleError(f"is no sound Parquet file: {what:.80}", where=where, remedy="Write it anew.") from None
