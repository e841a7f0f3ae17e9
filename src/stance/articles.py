"""Articles: whatever a file holds in one form, with headings and clutter told from the prose."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from stance.errors import ArticleError, did_you_mean
from stance.file_kinds import HEAD, ROWS, kind_of
from stance.formats import feed_entries, page_in, read_whole, text_of
from stance.listing import list_files
from stance.markup import Block, Page, plain_blocks
from stance.rows import opened, rows_of

__all__ = ["Article", "Block", "read_article", "read_articles"]

METADATA = ("title", "outlet", "date", "url", "licence")
_SEVERAL = (*ROWS, "feed")


@dataclass(frozen=True)
class Article:
    """A news article: its text, and what each stretch of the text is.

    Parameters
    ----------
    id : str
        Its name within a collection.
    text : str
        The text that all offsets point into.
    title, outlet, date, url, licence : str
        What is known about it.
    blocks : tuple of Block
        Headings, paragraphs and boilerplate in order; found in the text when not given.
    left_out : int
        Words of the page it was read from that are not in its text: menus, links, forms.
    """

    id: str
    text: str
    title: str = ""
    outlet: str = ""
    date: str = ""
    url: str = ""
    licence: str = ""
    blocks: tuple[Block, ...] = ()
    left_out: int = 0

    def __post_init__(self) -> None:
        if not self.blocks:
            object.__setattr__(self, "blocks", plain_blocks(self.text, self.title))

    @classmethod
    def from_text(cls, text: str, id: str = "text", **metadata: str) -> Article:  # noqa: A002
        """Make an article of plain text; its first line becomes the title when it looks like one and none is given."""
        article = cls(id, text, **metadata)  # type: ignore[arg-type]
        first = article.blocks[0] if article.blocks else None
        if article.title or first is None or first.rule != "title":
            return article
        return replace(article, title=text[first.start : first.end])


def read_article(path: Path) -> Article:
    """Read one article from a file: text, Markdown, HTML, PDF, Word (.docx), a mail (.eml) or a saved page (.mhtml).

    The kind is told by the suffix, unless the file's first bytes are plainly of another. Text is UTF-8, or in the
    encoding that a byte order mark or the page itself names; where it is not, the likeliest encoding is taken, and the
    logger ``stance`` says so.

    Raises
    ------
    ArticleError
        Where there is no such file, it holds no text or no article, or it cannot be read.
    """
    path = Path(path)
    if path.is_dir():
        remedy = "Name a file in it, or read all with read_articles."
        raise ArticleError("is a directory, not an article", where=path, remedy=remedy)
    with opened(path) as file:
        kind = kind_of(path.name.removesuffix(".gz"), file.peek(HEAD)[:HEAD], path)
        if kind in _SEVERAL:
            raise ArticleError(
                "is a collection or a feed, not one article", where=path, remedy="Read it with read_articles."
            )
        return _whole_article(file, kind, path.stem, path)


def read_articles(path: Path) -> list[Article]:
    """Read an article file, a collection, a feed, every article file in a folder and those in it, or a pattern's files.

    A collection is a .jsonl, .csv, .tsv or .parquet file with a field ``text``; it may also give ``id`` (or
    ``article_id``), ``title``, ``outlet``, ``date``, ``url`` and ``licence``. Other fields are ignored. Without an id,
    an article is named by its file and row.

    Raises
    ------
    ArticleError
        Where an article cannot be read, or two have the same id.
    """
    return unique(each for listed, id_ in list_files([str(path)]) for each in each_in_file(listed, id_))


def unique(placed: Iterable[tuple[str, Article | ArticleError]]) -> list[Article]:
    """Return the articles, none of which may share its id with another.

    Raises
    ------
    ArticleError
        Where one does, or the first that stands in the place of an article.
    """
    places: dict[str, str] = {}
    articles: list[Article] = []
    for place, article in placed:
        if isinstance(article, ArticleError):
            raise article
        if first := places.get(article.id):
            rule = f"id {article.id!r} is also that of {first}"
            raise ArticleError(rule, where=place, remedy="Give each article its own id.")
        places[article.id] = place
        articles.append(article)
    return articles


def each_in_file(path: str, id_: str | ArticleError) -> Iterator[tuple[str, Article | ArticleError]]:
    """Yield the place and the article of each that a listed file holds, or its error; see `each_article_in`."""
    if isinstance(id_, ArticleError):
        yield path, id_
        return
    try:
        with opened(Path(path)) as file:
            yield from each_article_in(file, Path(path).name, id_, path)
    except ArticleError as error:
        yield error.where, error


def each_article_in(
    file: io.BufferedReader, name: str, id_: str, where: object, declared: str = ""
) -> Iterator[tuple[str, Article | ArticleError]]:
    """Yield the place and the article of each that an open file holds, one at a time, or the error in its place.

    Parameters
    ----------
    file : io.BufferedReader
        Read from where it stands; collections are not read ahead.
    name : str
        Its name, of which the suffix tells the kind; ``""`` where it has none.
    id_ : str
        Id of its article; those of a collection or a feed that have none get it with their number.
    where : object
        What it is called in messages.
    declared : str
        The encoding that who sent it says it is in.

    Raises
    ------
    ArticleError
        Where it cannot be read any further.
    """
    kind = kind_of(name.removesuffix(".gz"), file.peek(HEAD)[:HEAD], where)
    if kind in ROWS:
        for number, (place, row) in enumerate(rows_of(file, kind, where), 1):
            yield place, row if isinstance(row, ArticleError) else _from_row(f"{id_}-{number}", place, row)
    elif kind == "feed":
        for number, (place, page) in enumerate(feed_entries(read_whole(file, kind, where), where), 1):
            yield place, page if isinstance(page, ArticleError) else _from_page(f"{id_}-{number}", page, place)
    else:
        yield str(where), _whole_article(file, kind, id_, where, declared)


def _whole_article(file: io.BufferedReader, kind: str, id_: str, where: object, declared: str = "") -> Article:
    data = read_whole(file, kind, where)
    if kind == "text":
        return Article.from_text(text_of(data, where, declared), id=id_)
    return _from_page(id_, page_in(data, kind, where, declared), where)


def check_characters(where: object, **fields: object) -> None:
    """Accept fields whose text can be written as UTF-8.

    Raises
    ------
    ArticleError
        Where a field holds half a surrogate pair, which no file or terminal can take.
    """
    for name, value in fields.items():
        if re.search("[\ud800-\udfff]", str(value)):
            raise ArticleError(f"field {name!r} holds half a character", where=where, remedy="Export it anew as UTF-8.")


def _from_page(id_: str, page: Page, where: object) -> Article:
    if not page.text.strip():
        raise ArticleError("no prose in this file", where=where, remedy="Give a file with the article's text.")
    check_characters(where, text=page.text)
    known = {name: page.metadata.get(name, "").encode("utf-8", "replace").decode() for name in METADATA}
    return Article(id=page.metadata.get("id", id_), text=page.text, blocks=page.blocks, left_out=page.left_out, **known)


def _from_row(id_: str, place: str, row: dict[str, Any]) -> Article | ArticleError:
    try:
        return _row_article(id_, place, row)
    except ArticleError as error:
        return error


def _row_article(id_: str, place: str, row: dict[str, Any]) -> Article:
    text = row.get("text")
    if "text" not in row:
        raise ArticleError("no field 'text'", where=place, remedy=did_you_mean("text", row))
    if not isinstance(text, str) or not text.strip():
        what = "is empty" if text is None or isinstance(text, str) else f"is no string: {text!r:.40}"
        raise ArticleError(f"field 'text' {what}", where=place, remedy="Give the article's text, or drop the row.")
    own = next((row[key] for key in ("id", "article_id") if row.get(key) not in (None, "")), id_)
    known = {name: str(row[name]) for name in METADATA if row.get(name) is not None}
    check_characters(place, text=text, id=own, **known)
    return Article.from_text(text, id=str(own), **known)
