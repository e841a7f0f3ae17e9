"""What the command line is given to predict on: files, folders, patterns, collections, addresses or standard input."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from stance.articles import Article, check_characters, each_article_in, each_in_file, unique
from stance.errors import ArticleError, did_you_mean
from stance.file_kinds import HEAD, ROWS, kind_of
from stance.listing import STDIN, is_url, list_files
from stance.rows import Row, each_row, reading, rows_of, unpacked

STATEMENT_FIELDS = ("text", "id", "previous", "following", "heading")
_STANDARD_INPUT = "standard input"


def read_inputs(inputs: Iterable[str | Path]) -> list[Article]:
    """Read the articles of several inputs; see `each_article`.

    Raises
    ------
    ArticleError
        If an input cannot be read, or two articles share an id, since their rows could not be told apart.
    """
    return unique(each_article(inputs))


def each_article(inputs: Iterable[str | Path]) -> Iterator[tuple[str, Article | ArticleError]]:
    """Yield the place and the article of every input in turn, or the error in its place.

    One article is held at a time, so that a collection may be larger than memory. After an error, the next row, entry
    or file goes on.

    Parameters
    ----------
    inputs : iterable of str or Path
        Article files, collections, feeds, folders, patterns (``**/*.pdf``), addresses of web pages, or ``-`` for
        standard input, whose kind is told by its first bytes.
    """
    for given, id_ in list_files(_as_given(each) for each in inputs):
        if isinstance(id_, ArticleError):
            yield given, id_
        elif given == STDIN or is_url(given):
            yield from _from_stream(given, id_)
        else:
            yield from each_in_file(given, id_)


def _as_given(each: str | Path) -> str:
    """Give an address back the slash that a Path takes from it."""
    text = str(each)
    return text.replace(":/", "://", 1) if isinstance(each, Path) and text.startswith(("http:/", "https:/")) else text


def _from_stream(given: str, id_: str) -> Iterator[tuple[str, Article | ArticleError]]:
    try:
        if given == STDIN:
            with reading(_STANDARD_INPUT):
                yield from each_article_in(_standard_input(), "", id_, _STANDARD_INPUT)
            return
        from stance.web_pages import download

        page = download(given)
        for place, article in each_article_in(_buffered(io.BytesIO(page.data)), page.name, id_, given, page.charset):
            found = replace(article, url=article.url or page.url) if isinstance(article, Article) else article
            yield place, found
    except ArticleError as error:
        yield error.where, error


def each_statement(inputs: Iterable[str | Path]) -> Iterator[tuple[str, dict[str, str] | ArticleError]]:
    """Yield the place of every row of collections in turn, with its `STATEMENT_FIELDS`, or the error in its place."""
    for given, id_ in list_files(_as_given(each) for each in inputs):
        try:
            if isinstance(id_, ArticleError):
                raise id_
            for where, row in _rows(given):
                yield where, row if isinstance(row, ArticleError) else _statement(where, row)
        except ArticleError as error:
            yield error.where, error


def _rows(given: str) -> Iterator[tuple[str, Row | ArticleError]]:
    if given != STDIN:
        yield from each_row(Path(given))
        return
    with reading(_STANDARD_INPUT):
        file = _standard_input()
        kind = kind_of("", file.peek(HEAD)[:HEAD], _STANDARD_INPUT)
        yield from rows_of(file, kind if kind in ROWS else "jsonl", _STANDARD_INPUT)


def _standard_input() -> io.BufferedReader:
    return unpacked(_buffered(sys.stdin.buffer))


def _buffered(file: BinaryIO) -> io.BufferedReader:
    return io.BufferedReader(file)  # type: ignore[arg-type]


def _statement(where: str, row: Row) -> dict[str, str] | ArticleError:
    fields = {name: "" if row.get(name) is None else str(row[name]) for name in STATEMENT_FIELDS}
    try:
        if "text" not in row:
            raise ArticleError("no field 'text'", where=where, remedy=did_you_mean("text", map(str, row)))
        if not isinstance(row["text"], str):
            rule = f"field 'text' is no string: {row['text']!r:.40}"
            raise ArticleError(rule, where=where, remedy="Give the statement's text.")
        check_characters(where, **fields)
    except ArticleError as error:
        return error
    return fields
