"""What the command line is given to predict on: files, folders, collections, or standard input."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from stance.articles import Article, check_characters, read_articles, read_rows
from stance.errors import ArticleError, did_you_mean

if TYPE_CHECKING:
    import pandas as pd

    from stance.predict import Model

STATEMENT_FIELDS = ("text", "id", "previous", "following", "heading")


def read_inputs(paths: Iterable[Path]) -> list[Article]:
    """Read the articles of several inputs; ``-`` is standard input, one article of plain text.

    Raises
    ------
    ArticleError
        If an input cannot be read, or two articles share an id, since their rows could not be told apart.
    """
    articles: list[Article] = []
    places: dict[str, Path] = {}
    for path in paths:
        for article in [_standard_input()] if str(path) == "-" else read_articles(path):
            if first := places.get(article.id):
                rule = f"article id {article.id!r} is also that of an article in {first}"
                raise ArticleError(rule, where=path, remedy="Give each article its own id, or predict them one by one.")
            places[article.id] = path
            articles.append(article)
    return articles


def each_article(paths: Iterable[Path]) -> Iterator[tuple[str, Article | ArticleError]]:
    """Yield the place and the article of every input in turn, or the error in its place; ``-`` is standard input.

    One article is held at a time, so that a collection may be larger than memory.
    """
    for path in paths:
        try:
            for article in [_standard_input()] if str(path) == "-" else read_articles(path):
                yield str(path), article
        except ArticleError as error:
            yield error.where, error


def each_statement(paths: Iterable[Path]) -> Iterator[tuple[str, dict[str, str] | ArticleError]]:
    """Yield the place of every row of JSON Lines or CSV files in turn, with its `STATEMENT_FIELDS`, or its error."""
    for path in paths:
        try:
            for where, row in _rows(path):
                yield where, {name: "" if row.get(name) is None else str(row[name]) for name in STATEMENT_FIELDS}
        except ArticleError as error:
            yield error.where, error


def predict_statements_in(model: Model, paths: Sequence[Path], *, proba: bool = False) -> pd.DataFrame:
    """Predict every row of JSON Lines or CSV files with a field ``text``: one row for each, in order.

    Raises
    ------
    ArticleError
        If a file or row cannot be read, lacks ``text``, holds half a character, or repeats an id.
    """
    columns: dict[str, list[str]] = {name: [] for name in STATEMENT_FIELDS}
    places: dict[str, str] = {}
    for path in paths:
        for where, row in _rows(path):
            fields = {name: "" if row.get(name) is None else str(row[name]) for name in STATEMENT_FIELDS}
            if "text" not in row:
                raise ArticleError("no field 'text'", where=where, remedy=did_you_mean("text", map(str, row)))
            if not isinstance(row["text"], str):
                rule = f"field 'text' is no string: {row['text']!r:.40}"
                raise ArticleError(rule, where=where, remedy="Give the statement's text.")
            check_characters(where, **fields)
            if fields["id"] and (first := places.get(fields["id"])):
                rule = f"id {fields['id']!r} stands a second time (first at {first})"
                raise ArticleError(rule, where=where, remedy="Give each statement its own id, or none.")
            places[fields["id"]] = where
            for name, value in fields.items():
                columns[name].append(value)
    return model.predict_statements(
        columns["text"], columns["previous"], columns["following"], columns["heading"], ids=columns["id"], proba=proba
    )


def _rows(path: Path) -> Iterator[tuple[str, dict[str, object]]]:
    if str(path) != "-":
        yield from read_rows(path)
        return
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "standard-input.jsonl"
        file.write_bytes(sys.stdin.buffer.read())
        try:
            for where, row in read_rows(file):
                yield where.replace(str(file), "standard input"), row
        except ArticleError as error:
            where = error.where.replace(str(file), "standard input")
            raise ArticleError(error.what, where=where, remedy=error.remedy) from None


def _standard_input() -> Article:
    try:
        text = sys.stdin.buffer.read().decode("utf-8-sig")
    except UnicodeDecodeError as cause:
        rule = f"is not UTF-8: byte 0x{cause.object[cause.start]:02X} at offset {cause.start}"
        raise ArticleError(rule, where="standard input", remedy="Give text in UTF-8.") from None
    if not text.strip():
        raise ArticleError("is empty", where="standard input", remedy="Give the text of an article.")
    return Article.from_text(text.replace("\r\n", "\n").replace("\r", "\n"), id="standard-input")
