"""What worker processes do for the web page and its API: functions of the model and of plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stance.articles import Article, read_articles
from stance.errors import ArticleError
from stance.tables import DIGITS, encode

if TYPE_CHECKING:
    from stance.motive_map import MotiveMap
    from stance.predict import Model

Fields = Mapping[str, str]
Rows = list[dict[str, Any]]
UPLOAD = "upload"  # what an uploaded file is called on our side


def article_rows(model: Model, articles: Sequence[Fields], proba: bool) -> list[Rows]:
    """Return the rows of each article, which is given by the fields of an `Article`; two may share an id."""
    numbered = [Article.from_text(**{**fields, "id": str(at)}) for at, fields in enumerate(articles)]
    table = model.predict(numbered, proba=proba, details=True).round(DIGITS)
    rows: list[Rows] = [[] for _ in articles]
    for row in table.to_dict(orient="records"):
        at = int(row["article_id"])
        rows[at].append({str(name): value for name, value in row.items()} | {"article_id": articles[at]["id"]})
    return rows


def statement_rows(model: Model, statements: Sequence[Fields], proba: bool) -> list[Rows]:
    """Return the one row of each statement."""
    columns = {name: [each[name] for each in statements] for name in ("text", "previous", "following", "heading", "id")}
    table = model.predict_statements(
        columns["text"], columns["previous"], columns["following"], columns["heading"], ids=columns["id"], proba=proba
    )
    unknown = {"affiliation": "", "outlet": "", "date": "", "title": ""}
    records = table.round(DIGITS).to_dict(orient="records")
    return [[{str(name): value for name, value in row.items()} | unknown] for row in records]


def map_of(model: Model, articles: Sequence[Fields]) -> dict[str, Any]:
    """Return the motive map of articles as plain data."""
    numbered = [Article.from_text(**{**fields, "id": f"{at}"}) for at, fields in enumerate(articles, 1)]
    return _map(model, numbered).to_dict()


def read_pasted(_: Model, fields: Fields) -> list[Article]:
    """Make an article of pasted text.

    Raises
    ------
    ArticleError
        If there is none.
    """
    if not fields["text"].strip():
        raise ArticleError("there is no text yet", where="Article", remedy="Paste an article, or choose a file.")
    return [Article.from_text(**fields)]


def read_upload(_: Model, file: Path, name: str, details: Fields, most: int) -> list[Article]:
    """Read an uploaded file, which lies at ``file`` and whose sender calls it ``name``.

    Raises
    ------
    ArticleError
        If it cannot be read; the message has the sender's name for it, not where it lies.
    """
    try:
        articles = read_articles(file)
    except ArticleError as error:
        where = error.where.replace(str(file), name)
        raise ArticleError(error.what.replace(str(file), name), where=where, remedy=error.remedy) from None
    if len(articles) > most:
        rule = f"holds {len(articles)} articles, and {most} are read here"
        raise ArticleError(rule, where=name, remedy="Use `stance predict` for large collections.")
    given: dict[str, Any] = {field: value for field, value in details.items() if value}
    stem = Path(name).stem
    return [replace(each, id=each.id.replace(UPLOAD, stem, 1), **given) for each in articles]


def page(model: Model, articles: Sequence[Article]) -> str:
    """Return the reading view."""
    from stance.reading_view import reading_page

    return reading_page(model, articles)


def download(model: Model, articles: Sequence[Article], format_: str) -> bytes:
    """Return predictions (``csv``, ``jsonl``, ``parquet``), the page or the map as the bytes of a file."""
    if format_ == "html":
        return page(model, articles).encode()
    if format_ == "map.csv":
        return encode(_map(model, articles).to_frame(), "csv")
    if format_ == "map.svg":
        return _svg(_map(model, articles))
    return encode(model.predict(articles, details=True), format_)


def _map(model: Model, articles: Sequence[Article]) -> MotiveMap:
    from stance.motive_map import motive_map

    return motive_map(model.predict(articles, details=True), model.codebook, model.rates)


def _svg(drawn: MotiveMap) -> bytes:
    from stance.plots import figure_to_svg

    return figure_to_svg(drawn.figure()).encode()
