"""Articles: read text, Markdown, HTML and collections into one form, with headings and clutter told from the prose."""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from stance.errors import ArticleError, did_you_mean
from stance.markup import Block, Page, markdown_page, plain_blocks
from stance.saved_pages import html_page

__all__ = ["Article", "Block", "read_article", "read_articles"]

METADATA = ("title", "outlet", "date", "url", "licence")
HTML, MARKDOWN, COLLECTIONS = (".html", ".htm"), (".md", ".markdown"), (".jsonl", ".csv")
SINGLE = (".txt", *MARKDOWN, *HTML)
# The UTF-32 marks come first: the little-endian one begins with that of UTF-16.
_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}


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
    """Read one article from a .txt, .md, .markdown, .html or .htm file.

    Files are UTF-8, or UTF-16 or UTF-32 with a byte order mark; an HTML file may declare another encoding. There is no
    silent fallback to a Windows encoding: it would turn quotes into other characters unnoticed.

    Raises
    ------
    ArticleError
        Where there is no such file, it holds no text or no article, or it cannot be read.
    """
    path = Path(path)
    if path.is_dir():
        raise ArticleError(
            "is a directory, not an article", where=path, remedy="Name a file in it, or read all with read_articles."
        )
    suffix = path.suffix.lower()
    if suffix in COLLECTIONS:
        raise ArticleError("is a collection, not one article", where=path, remedy="Read it with read_articles.")
    if suffix not in SINGLE:
        raise _unsupported(path)
    text = _read(path)
    if suffix == ".txt":
        return Article.from_text(text, id=path.stem)
    return _from_page(path, (html_page if suffix in HTML else markdown_page)(text, path))


def read_articles(path: Path) -> list[Article]:
    """Read an article file, a collection (.jsonl or .csv with a field ``text``), or every article file in a directory.

    A collection may also give ``id`` (or ``article_id``), ``title``, ``outlet``, ``date``, ``url`` and ``licence``;
    other fields are ignored. Commas, semicolons or tabs may part the fields of a .csv file. Without an id, an article
    is named by its file and row.

    Raises
    ------
    ArticleError
        Where an article cannot be read, or two have the same id.
    """
    path = Path(path)
    if path.is_dir():
        return _read_directory(path)
    if path.suffix.lower() not in COLLECTIONS:
        return [read_article(path)]
    return _unique(
        (place, _from_row(path, number, place, row)) for number, (place, row) in enumerate(read_rows(path), 1)
    )


def read_rows(path: Path, text: str = "text") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every row of a collection (.jsonl or .csv) with its place, ``file:line``.

    A .csv file must have a column called as ``text`` says.

    Raises
    ------
    ArticleError
        Where the file cannot be read or a row is malformed.
    """
    if path.suffix.lower() not in COLLECTIONS:
        kinds = " or ".join(COLLECTIONS)
        raise ArticleError(f"rows are read from {kinds} files", where=path, remedy="Give one of these.")
    for line, row in _csv_rows(path, text) if path.suffix.lower() == ".csv" else _json_rows(path):
        yield f"{path}:{line}", row


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


def _unsupported(path: Path) -> ArticleError:
    if not path.exists():
        return ArticleError("no such file", where=path, remedy="Check the path.")
    known = ", ".join((*SINGLE, *COLLECTIONS))
    return ArticleError(
        f"files of kind {path.suffix or '(no suffix)'!r} are not read", where=path, remedy=f"Known: {known}."
    )


def _read_directory(path: Path) -> list[Article]:
    files = sorted(each for each in path.iterdir() if each.suffix.lower() in SINGLE and each.is_file())
    if not files:
        raise ArticleError("no article file in this directory", where=path, remedy=f"Known kinds: {', '.join(SINGLE)}.")
    return _unique((str(file), read_article(file)) for file in files)


def _unique(placed: Iterator[tuple[str, Article]]) -> list[Article]:
    """Return the articles, none of which may share its id with another."""
    places: dict[str, str] = {}
    articles: list[Article] = []
    for place, article in placed:
        if article.id in places:
            raise ArticleError(
                f"id {article.id!r} is also that of {places[article.id]}",
                where=place,
                remedy="Give each article its own id.",
            )
        places[article.id] = place
        articles.append(article)
    return articles


def _from_page(path: Path, page: Page) -> Article:
    if not page.text:
        raise ArticleError("no prose in this file", where=path, remedy="Give a file with the article's text.")
    known = {name: page.metadata.get(name, "") for name in METADATA}
    return Article(
        id=page.metadata.get("id", path.stem), text=page.text, blocks=page.blocks, left_out=page.left_out, **known
    )


def _from_row(path: Path, number: int, place: str, row: dict[str, Any]) -> Article:
    text = row.get("text")
    if "text" not in row:
        raise ArticleError("no field 'text'", where=place, remedy=did_you_mean("text", row))
    if not isinstance(text, str) or not text.strip():
        what = "is empty" if text is None or isinstance(text, str) else f"is no string: {text!r:.40}"
        raise ArticleError(f"field 'text' {what}", where=place, remedy="Give the article's text, or drop the row.")
    id_ = next((row[key] for key in ("id", "article_id") if row.get(key) not in (None, "")), f"{path.stem}-{number}")
    known = {name: str(row[name]) for name in METADATA if row.get(name) is not None}
    check_characters(place, text=text, id=id_, **known)
    return Article.from_text(text, id=str(id_), **known)


def _json_rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    for line, source in enumerate(_read(path).split("\n"), 1):
        if not source.strip():
            continue
        try:
            row = json.loads(source)
        except (ValueError, RecursionError) as cause:
            raise ArticleError(
                f"not valid JSON: {cause}", where=f"{path}:{line}", remedy="Write one JSON object a line."
            ) from None
        if not isinstance(row, dict):
            raise ArticleError("not a JSON object", where=f"{path}:{line}", remedy='Write {"text": "..."}.')
        yield line, row


def _csv_rows(path: Path, text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    csv.field_size_limit(2**31 - 1)  # the default, 131,072 characters, is less than a long article
    source = _read(path)
    reader = csv.DictReader(io.StringIO(source), delimiter=_separator(source.split("\n", 1)[0], text), strict=True)
    names = reader.fieldnames or []
    if text not in names:
        raise ArticleError(f"no column {text!r}", where=f"{path}:1", remedy=did_you_mean(text, names))
    after = reader.line_num
    try:
        for row in reader:
            if None in row:
                raise ArticleError(
                    "more fields than the header has", where=f"{path}:{after + 1}", remedy='Put the text in "quotes".'
                )
            yield after + 1, row
            after = reader.line_num
    except csv.Error as cause:
        raise ArticleError(f"not valid CSV: {cause}", where=f"{path}:{after + 1}", remedy="Check the quotes.") from None


def _separator(header: str, text: str) -> str:
    """Return what parts the header's names: a comma, or the semicolon or tab that spreadsheets write."""

    def fit(separator: str) -> tuple[bool, int]:
        names = next(csv.reader([header], delimiter=separator), [])
        return text in names, len(names)

    return max(",;\t", key=fit)


def _read(path: Path) -> str:
    """Return a file's text with line feeds for all line breaks and without a byte order mark."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise ArticleError("no such file", where=path, remedy="Check the path.") from None
    except OSError as cause:
        raise ArticleError(
            f"cannot be read ({cause.strerror})", where=path, remedy="Check the path and its permissions."
        ) from None
    text = _decode(data, path).replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise ArticleError(
            "is empty" if not data else "holds nothing but white space", where=path, remedy="Give a file with text."
        )
    return text


def _decode(data: bytes, path: Path) -> str:
    mark = next((each for each in _MARKS if data.startswith(each)), b"")
    encoding = _MARKS.get(mark) or (_declared(data) if path.suffix.lower() in HTML else "utf-8")
    if not mark and b"\0" in data:
        raise ArticleError(
            f"is no text file: NUL byte at offset {data.index(0)}", where=path, remedy="Give a text file in UTF-8."
        )
    try:
        return data[len(mark) :].decode(encoding)
    except UnicodeDecodeError as cause:
        byte, offset = cause.object[cause.start], len(mark) + cause.start
        what = f"is not {encoding.upper()}: byte 0x{byte:02X} at offset {offset}"
        raise ArticleError(what, where=path, remedy="Save it as UTF-8 (iconv -f WINDOWS-1252 -t UTF-8).") from None


def _declared(page: bytes) -> str:
    """Return the encoding that an HTML page declares in its head, UTF-8 where it declares none that is known."""
    found = re.search(rb"<meta[^>]{0,80}charset=[\"']?([\w-]+)", page[:4096], re.IGNORECASE)
    try:
        encoding = found[1].decode("ascii") if found else "utf-8"
        b"<".decode(encoding)
    except (LookupError, UnicodeError):  # unknown, no text encoding, or one in which the declaration could not stand
        return "utf-8"
    return encoding
