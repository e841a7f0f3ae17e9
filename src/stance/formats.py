"""The kinds of files that hold one article, and feeds: whatever they are, a page comes back or one clear line."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager

from stance.decoding import declared_in, decode
from stance.errors import ArticleError
from stance.file_kinds import NAMES
from stance.markup import Page, markdown_page
from stance.saved_pages import html_page

MAX_TEXT = 20 << 20  # bytes; no article is as long, but a collection saved as text is
MAX_FILE = 100 << 20  # the same for kinds that hold pictures beside the text
_WITH_PICTURES = ("pdf", "docx", "mail")


def feed_entries(data: bytes, where: object) -> list[tuple[str, Page | ArticleError]]:
    """Return the place and the page of every entry of a feed, or the error in its place.

    Raises
    ------
    ArticleError
        Where it is no feed, or has no entries.
    """
    from stance.feeds import feed_pages

    with _sound("a feed", where):
        return list(feed_pages(data, where))


def page_in(data: bytes, kind: str, where: object, declared: str = "") -> Page:
    """Return the page in a file of a kind that is not plain text; ``declared`` is its encoding where it is told.

    Raises
    ------
    ArticleError
        Where it is damaged, or there is no article in it.
    """
    with _sound(NAMES[kind], where):
        if kind == "html":
            return html_page(text_of(data, where, declared or declared_in(data)), where)
        if kind == "markdown":
            return markdown_page(text_of(data, where, declared), where)
        if kind == "pdf":
            from stance.pdf import pdf_page

            return pdf_page(data, where)
        if kind == "docx":
            from stance.docx import docx_page

            return docx_page(data, where)
        from stance.mail import mail_page

        return mail_page(data, where)


@contextmanager
def _sound(what: str, where: object) -> Iterator[None]:
    """Say in one line that a file is damaged, whatever a library raises on it."""
    try:
        yield
    except ArticleError:
        raise
    except Exception as cause:
        rule = f"cannot be read as {what} ({type(cause).__name__})"
        raise ArticleError(rule, where=where, remedy="Save it anew, or save its text as .txt.") from cause


def read_whole(file: io.BufferedReader, kind: str, where: object) -> bytes:
    """Read a file that is one article, or a feed.

    Raises
    ------
    ArticleError
        Where it is empty, or larger than an article can be.
    """
    limit = MAX_FILE if kind in _WITH_PICTURES else MAX_TEXT
    data = file.read(limit + 1)
    if not data:
        raise ArticleError("is empty", where=where, remedy="Give a file with text.")
    if len(data) > limit:
        rule = f"is larger than {limit >> 20} MB, which no article is"
        raise ArticleError(rule, where=where, remedy="Split it, or give its articles as a collection (.jsonl, .csv).")
    return data


def text_of(data: bytes, where: object, declared: str) -> str:
    """Return a file's text with line feeds for all line breaks and without a byte order mark.

    Raises
    ------
    ArticleError
        Where it is no text, or blank.
    """
    text = decode(data, where, declared).replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise ArticleError("holds nothing but white space", where=where, remedy="Give a file with text.")
    return text
