"""What kind of file something is: by its suffix, unless its first bytes plainly say otherwise."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from pathlib import PurePath

from stance.decoding import MARKS
from stance.errors import ArticleError

SUFFIXES = {
    ".txt": "text", ".text": "text",
    ".md": "markdown", ".markdown": "markdown",
    ".html": "html", ".htm": "html", ".xhtml": "html",
    ".pdf": "pdf",
    ".docx": "docx",
    ".eml": "mail", ".mhtml": "mail", ".mht": "mail",
    ".rss": "feed", ".atom": "feed", ".xml": "feed",
    ".jsonl": "jsonl", ".ndjson": "jsonl",
    ".csv": "csv", ".tsv": "csv",
    ".parquet": "parquet",
}  # fmt: skip
ROWS = ("jsonl", "csv", "parquet")
"""The kinds of collections: a row an article or a statement."""

HEAD = 4096  # first bytes that a file is judged by
# What a kind is called in messages.
NAMES = {
    "markdown": "Markdown",
    "pdf": "a PDF",
    "docx": "a Word document",
    "html": "an HTML page",
    "mail": "a mail",
    "feed": "a feed",
}
_LEADING = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,2000}?-->\s*)*", re.DOTALL)
# What gives a kind away, whatever the file is called.
_STARTS: tuple[tuple[str, Callable[[bytes], object]], ...] = (
    ("pdf", re.compile(rb"%PDF-").match),
    ("docx", re.compile(rb"PK\x03\x04").match),
    ("parquet", re.compile(rb"PAR1").match),
    ("feed", re.compile(rb"<(?:rss|feed|rdf:RDF)[\s>]").match),
    ("html", re.compile(rb"<(?:!doctype html|html|head|body)[\s>]", re.IGNORECASE).match),
)
_SAVE = "Save it as PDF, .docx, .html or .txt."
_UNPACK = "Unpack it first."
_FOREIGN = (
    (rb"\xd0\xcf\x11\xe0", "an old Word document (.doc), or one protected by a password", "Save it as .docx, without."),
    (rb"\{\\rtf", "an RTF document", _SAVE),
    (rb"\x89PNG|\xff\xd8\xff|GIF8", "an image", "Have its text recognised (OCR) first."),
    (rb"bplist00", "a Safari web archive", "Save the page as HTML, or print it to PDF."),
    (rb"\x7fELF|MZ\x90", "a program", "Give a file with the article's text."),
    (rb"%!PS", "a PostScript file", "Make a PDF of it (ps2pdf)."),
    (rb"BZh\d|\xfd7zXZ|7z\xbc\xaf|Rar!|\(\xb5/\xfd", "an archive or a compressed file", _UNPACK),
    (rb"\s*\[\s*\{\s*\"", "a JSON array", "Write one object a line (jq -c '.[]')."),
)
_HEADER = re.compile(r"([A-Za-z][\w-]*):|[ \t]+\S")


def kind_of(name: str, head: bytes, where: object) -> str:
    """Return the kind of a file, one of the values of `SUFFIXES`.

    Parameters
    ----------
    name : str
        The file's name; its suffix tells the kind.
    head : bytes
        The file's first bytes, which overrule the suffix where they are those of another kind, with a notice, and
        decide where the suffix is unknown or missing. What nothing speaks for is text.
    where : object
        What it is called in messages.

    Raises
    ------
    ArticleError
        Where it is of a kind that is not read.
    """
    for start, what, remedy in _FOREIGN:
        if re.match(start, head):
            raise ArticleError(f"is {what}, which is not read", where=where, remedy=remedy)
    told, found = SUFFIXES.get(PurePath(name).suffix.lower(), ""), _sniff(head)
    if not told:
        return found or "text"
    if found in {"", told, *ROWS}:
        return told
    logging.getLogger("stance").warning("%s: is %s by its content; read as that", where, NAMES[found])
    return found


def _sniff(head: bytes) -> str:
    """Return the kind that the first bytes give away; ``""`` where they do not."""
    mark = next((each for each in MARKS if head.startswith(each)), b"")
    head = head[len(mark) :].replace(b"\0", b"") if mark else head
    found = _LEADING.match(head)
    start = head[found.end() if found else 0 :]
    kind = next((kind for kind, matches in _STARTS if matches(start)), "")
    return kind or ("mail" if _is_mail(head) else _rows_kind(start))


def _is_mail(head: bytes) -> bool:
    """Whether it starts with a block of headers as mails and saved pages (.mhtml) do."""
    names: set[str] = set()
    for line in head.decode("latin-1").splitlines():
        if not line.strip():
            break
        found = _HEADER.match(line)
        if not found:
            return False
        names.add((found[1] or "").lower())
    return "mime-version" in names or {"from", "subject"} <= names


def _rows_kind(start: bytes) -> str:
    """Tell JSON Lines, and a table whose header has a column ``text``."""
    if re.match(rb'\{\s*"', start):
        return "jsonl"
    cells = re.split(rb"[,;\t]", start.split(b"\n", 1)[0].strip())
    return "csv" if len(cells) > 1 and b"text" in [cell.strip(b'" ') for cell in cells] else ""
