"""Word documents (.docx) as pages: headings by style, paragraphs, and what the document says of itself."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from stance.errors import ArticleError
from stance.markup import Page, looks_like_heading, read_pieces

MAX_UNPACKED = 100 << 20  # bytes: a small file can be packed so that it would fill the memory
_NO_TITLE = "Word Document"  # what python-docx says where a document says nothing of itself
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_OUTSIDE = {f"{_W}tbl", f"{_W}txbxContent", f"{_W}del", f"{_W}moveFrom"}  # tables, text boxes, what was struck out
_SAID = {f"{_W}tab": " ", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}


def docx_page(data: bytes, where: object) -> Page:
    """Return the headings and paragraphs of a Word document; tables and text boxes are left out.

    Raises
    ------
    ArticleError
        Where it is no Word document, is damaged, or would unpack to more than `MAX_UNPACKED`.
    """
    _check(data, where)
    from docx import Document

    document = Document(io.BytesIO(data))
    pieces: list[tuple[str, str]] = []
    title = ""
    for paragraph in _paragraphs(document.element.body):
        style = str(getattr(document.styles.get_by_id(paragraph.style, 1), "name", ""))
        text = _text(paragraph)
        kind = "heading" if _is_heading(paragraph, style, text) else "paragraph"
        title = title or (" ".join(text.split()) if style == "Title" else "")
        pieces += [(kind, line) for each in text.split("\n") if (line := " ".join(each.split()))]
    known = document.core_properties
    given = "" if known.title == _NO_TITLE else " ".join((known.title or "").split())
    title = title or given or _opening(pieces)
    return read_pieces(pieces, {"title": title, "date": known.created.date().isoformat() if known.created else ""})


def _check(data: bytes, where: object) -> None:
    remedy = "Save it anew as .docx."
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            members = packed.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise ArticleError("is no sound .docx file", where=where, remedy=remedy) from None
    if "word/document.xml" not in {each.filename for each in members}:
        raise ArticleError("is an archive without a Word document in it", where=where, remedy=remedy)
    if (size := sum(each.file_size for each in members)) > MAX_UNPACKED:
        rule = f"would unpack to {size >> 20:,} MB; a document is at most {MAX_UNPACKED >> 20} MB"
        raise ArticleError(rule, where=where, remedy="Save its text alone.")


def _paragraphs(element: Any) -> Iterator[Any]:
    """Yield the paragraphs in reading order, also those in content controls."""
    for child in element:
        if child.tag == f"{_W}p":
            yield child
        elif child.tag not in _OUTSIDE:
            yield from _paragraphs(child)


def _text(element: Any) -> str:
    """Return what a reader sees of a paragraph: links and accepted insertions too."""
    if element.tag == f"{_W}t":
        return element.text or ""
    if element.tag in _SAID:
        return _SAID[element.tag]
    return "".join(_text(child) for child in element if child.tag not in _OUTSIDE)


def _is_heading(paragraph: Any, style: str, text: str) -> bool:
    """Whether its style is one of headings, or it looks like one and is all bold."""
    if style.lower().startswith(("heading", "title", "subtitle")):
        return True
    runs = [run for run in paragraph.iter(f"{_W}r") if run.findtext(f"{_W}t")]
    bold = all(run.find(f"{_W}rPr/{_W}b") is not None for run in runs)
    return bool(runs) and bold and looks_like_heading(" ".join(text.split()))


def _opening(pieces: list[tuple[str, str]]) -> str:
    return pieces[0][1] if pieces and pieces[0][0] == "heading" else ""
