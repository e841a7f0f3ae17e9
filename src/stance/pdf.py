"""PDF files as pages: the characters where they stand, for `stance.pdf_layout` to put into reading order."""

from __future__ import annotations

import ctypes
import re
import threading
from collections.abc import Iterator, Sequence
from statistics import median
from typing import Any, NamedTuple

from stance.errors import ArticleError
from stance.markup import Page, read_pieces
from stance.pdf_layout import Segment, pieces_of

_LOCK = threading.Lock()  # PDFium is not made for two threads at once
_PASSWORD = 4  # PDFium's code of error
_LINE_END = {"\r", "\n"}
# A hyphen at a line's end comes as one of the first three.
_AS = str.maketrans(
    {"\0": "\ufffd", "\x02": "-", "\ufffe": "-", "\xad": "-", "ﬁ": "fi", "ﬂ": "fl", "ﬀ": "ff", "ﬃ": "ffi", "ﬄ": "ffl"}
)
_BOLD = 600  # weight of a font
_GAP = 1.0  # widths of a gap, in heights of the text, from which it parts columns or cells rather than words
_UNMAPPED = 0.3  # share of glyphs that stand for no character from which the text is of no use
_NO_TITLE = re.compile(r"(?i)(?:microsoft word|untitled|document\d*$|print|about:blank)|https?:|.*\.\w{2,4}$")
_OCR = "Have its text recognised first (ocrmypdf IN.pdf OUT.pdf)."


def pdf_page(data: bytes, where: object) -> Page:
    """Return the text of a PDF in reading order, without what is printed on every page.

    The title is the document's own where it is more than the name of a file, else the largest heading of the first
    page; the date is that of the document.

    Raises
    ------
    ArticleError
        Where it is damaged, protected by a password, or holds images of text only.
    """
    import pypdfium2 as pdfium

    with _LOCK:
        try:
            document = pdfium.PdfDocument(data)
        except pdfium.PdfiumError as cause:
            raise _unreadable(getattr(cause, "err_code", 0), where) from None
        try:
            pages = [list(_segments(document, number)) for number in range(len(document))]
            known = document.get_metadata_dict()
        except pdfium.PdfiumError as cause:
            raise _unreadable(getattr(cause, "err_code", 0), where) from None
        finally:
            document.close()
    _check_text("".join(segment.text for page in pages for segment in page), where)
    pieces = pieces_of(pages)
    return read_pieces(
        [(kind, text) for kind, text, _ in pieces], {"title": _title(known, pieces), "date": _date(known)}
    )


def _segments(document: Any, number: int) -> Iterator[Segment]:
    """Yield what stands together on a line of a page; a wide gap or a change of line parts it."""
    page = document[number]
    text_page = page.get_textpage()
    try:
        part: list[_Char] = []  # of which the first is no space
        inked: _Char | None = None
        for char in _chars(text_page):
            if inked and (char.text in _LINE_END or _is_apart(inked, char)):
                yield _segment(part, text_page)
                part, inked = [], None
            inked = inked if char.text.isspace() else char
            part += [char] if inked else []
        if inked:
            yield _segment(part, text_page)
    finally:
        text_page.close()
        page.close()


class _Char(NamedTuple):
    number: int
    text: str
    box: tuple[float, float, float, float]  # left, bottom, right, top


def _chars(text_page: Any) -> Iterator[_Char]:
    import pypdfium2.raw as pdfium

    box = pdfium.FS_RECTF()
    for at in range(pdfium.FPDFText_CountChars(text_page)):
        pdfium.FPDFText_GetLooseCharBox(text_page, at, ctypes.byref(box))
        text = chr(pdfium.FPDFText_GetUnicode(text_page, at))
        yield _Char(at, text, (box.left, box.bottom, box.right, box.top))


def _is_bold(text_page: Any, at: int) -> bool:
    """Whether a character's font is bold by its weight, or by its name where it tells none."""
    import pypdfium2.raw as pdfium

    name, flags = ctypes.create_string_buffer(100), ctypes.c_int()
    pdfium.FPDFText_GetFontInfo(text_page, at, name, len(name), ctypes.byref(flags))
    return pdfium.FPDFText_GetFontWeight(text_page, at) >= _BOLD or b"bold" in name.value.lower()


def _is_apart(before: _Char, char: _Char) -> bool:
    """Whether a character stands on another line than the one before, or beyond a wide gap; spaces do not tell."""
    if char.text.isspace():
        return False
    bottom, right, top = before.box[1:]
    height = min(top - bottom, char.box[3] - char.box[1])
    off_line = abs(char.box[1] + char.box[3] - bottom - top) / 2 > 0.7 * height
    return off_line or not -1 < (char.box[0] - right) / (height or 1) < _GAP


def _segment(part: Sequence[_Char], text_page: Any) -> Segment:
    text = "".join(char.text for char in part).translate(_AS)
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    boxes = [char.box for char in part if not char.text.isspace()]
    left, right = min(box[0] for box in boxes), max(box[2] for box in boxes)
    bottom, top = median(box[1] for box in boxes), median(box[3] for box in boxes)
    return Segment(" ".join(text.split()), left, bottom, right, top, _is_bold(text_page, part[0].number))


def _check_text(text: str, where: object) -> None:
    if not text.strip():
        raise ArticleError("holds no text, as a scan of pages does", where=where, remedy=_OCR)
    if text.count("\ufffd") > _UNMAPPED * len(text):
        raise ArticleError("its fonts do not say which characters they show", where=where, remedy=_OCR)


def _unreadable(code: int, where: object) -> ArticleError:
    if code == _PASSWORD:
        return ArticleError("is protected by a password", where=where, remedy="Save a copy without it.")
    return ArticleError("is a damaged PDF", where=where, remedy="Fetch it anew, or save its text as .txt.")


def _title(known: dict[str, str], pieces: Sequence[tuple[str, str, float]]) -> str:
    """Return the document's title, or the heading that it holds; the largest heading where it is none."""
    given = " ".join(known.get("Title", "").split())
    headings = [(size, text) for kind, text, size in pieces if kind == "heading"]
    if len(given.split()) < 2 or _NO_TITLE.match(given):
        return max(headings, key=lambda each: each[0])[1] if headings else ""
    return next((text for _, text in headings if len(text) > 9 and text.casefold() in given.casefold()), given)


def _date(known: dict[str, str]) -> str:
    found = re.match(r"(?:D:)?(\d{4})(\d\d)(\d\d)", known.get("CreationDate", ""))
    return "-".join(found.groups()) if found else ""
