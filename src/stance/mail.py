"""Mails (.eml) and pages that a browser saved as one file (.mhtml) as pages: both are MIME messages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr, parsedate_to_datetime

from stance.decoding import declared_in, decode
from stance.errors import ArticleError
from stance.fragments import html_pieces
from stance.markup import Page, plain_blocks, read_pieces
from stance.saved_pages import html_page

_SAVED = re.compile(r"[<\"]*saved by", re.IGNORECASE)  # whom browsers name as the sender of a page they save


def mail_page(data: bytes, where: object) -> Page:
    """Return the text of a mail or a saved page.

    The part in plain text is taken where there is one, else the first in HTML. Of a mail, the subject is the title, and
    the sender's name the outlet: what a newsletter or a statement to the press says itself is the sender's. A saved
    page is read as a page in HTML is.

    Raises
    ------
    ArticleError
        Where no part holds text.
    """
    message = message_from_bytes(data, policy=policy.default)
    known = _metadata(message)
    for text in _texts(message, "text/plain", where):
        plain = text.replace("\r\n", "\n").replace("\r", "\n")
        return Page(plain, plain_blocks(plain, known.get("title", "")), known)
    for source in _texts(message, "text/html", where):
        page = _html(source, where)
        first, second = (known, page.metadata) if "outlet" in known else (page.metadata, known)
        return Page(page.text, page.blocks, second | first)
    raise ArticleError("holds no text", where=where, remedy="Name the file that is attached, if there is one.")


def _texts(message: EmailMessage, kind: str, where: object) -> Iterator[str]:
    """Yield the parts of a kind that hold something, unless they are attached files."""
    for part in message.walk():
        if part.get_content_type() != kind or part.get_content_disposition() == "attachment":
            continue
        data = part.get_payload(decode=True)
        if isinstance(data, bytes) and data.strip():
            yield decode(data, where, part.get_content_charset() or declared_in(data))


def _html(source: str, where: object) -> Page:
    """Return the article of a page, or all of a mail that is too short for one to be found in it."""
    try:
        return html_page(source, where)
    except ArticleError:
        pieces = html_pieces(source)
        if not pieces:
            raise
        return read_pieces(pieces, {})


def _metadata(message: EmailMessage) -> dict[str, str]:
    """Return what the headers tell; the date of a saved page is not its own, but that of saving."""
    sender = _header(message, "From")
    name, address = parseaddr(sender)
    known = {"title": _header(message, "Subject")}
    if _SAVED.match(sender):
        known["url"] = _header(message, "Snapshot-Content-Location")
    else:
        known |= {"outlet": name or address.rpartition("@")[2], "date": _date(_header(message, "Date"))}
    return {key: value for key, value in known.items() if value}


def _header(message: EmailMessage, name: str) -> str:
    """Return a header on one line; ``""`` where there is none, or the library's parser trips over it."""
    try:
        return " ".join(str(message[name] or "").split())
    except Exception:  # it raises IndexError, AttributeError and others on headers that are out of order
        return ""


def _date(header: str) -> str:
    try:
        return parsedate_to_datetime(header).date().isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return ""
