"""Bytes to text: by byte order mark, as UTF-8, by what a file declares of itself, and last by a guess that is told."""

from __future__ import annotations

import codecs
import io
import logging
import re
from collections.abc import Iterator
from typing import BinaryIO

from stance.errors import ArticleError

# The UTF-32 marks come first: the little-endian one begins with that of UTF-16.
MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
WINDOWS = "cp1252"
# As browsers do: who declares one of these mostly writes windows-1252, which has the quotation marks as well.
_AS_WINDOWS = {"ascii", "iso8859-1"}
# What Python decodes, but no text is written in.
_NO_TEXT = {"utf-7", "unicode-escape", "raw-unicode-escape", "punycode", "idna"}
# Encodings that news is still found in; others only lead a guess astray. Of Latin letters, most bytes are ASCII.
_LATIN = ["cp1252", "cp1250", "cp1254"]
_OTHERS = ["cp1251", "cp1253", "cp1255", "cp1256", "cp949", "shift_jis", "euc_jp", "gb18030", "big5", "koi8_r"]
_MAX_LATIN = 0.25  # share of bytes beyond ASCII in a text of Latin letters
_MAX_ENGLISH = 0.03  # the same where it has quotation marks and a few accents, so that windows-1252 is likeliest
_TELLING = 200  # bytes; with fewer, accents cannot tell encodings of Latin letters apart
_SAMPLE = 20_000  # bytes that a guess looks at
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f]")
_MAX_CONTROLS = 0.1  # share of control characters from which it is no text
_SAVE = "Give a file with the article's text, in UTF-8 at best."


def decode(data: bytes, where: object, declared: str = "") -> str:
    """Return the text in a file's bytes, without its byte order mark.

    Parameters
    ----------
    data : bytes
        The file.
    where : object
        What it is called in messages.
    declared : str
        The encoding that the file, or who sent it, says it is in. Bytes beyond ASCII that are sound as UTF-8 are read
        as that all the same: a page that was saved anew often keeps its old declaration.

    Raises
    ------
    ArticleError
        Where it is no text, or breaks off within a character.
    """
    mark = _mark(data)
    data = data[len(mark) :]
    if MARKS.get(mark, "utf-8") != "utf-8":
        return _strict(data, MARKS[mark], where, len(mark))
    if b"\0" in data:
        rule = f"is no text file: NUL byte at offset {len(mark) + data.index(0)}"
        raise ArticleError(rule, where=where, remedy=_SAVE)
    told = _known(declared)
    encoding = _encoding(data, told)
    if encoding not in {"utf-8", told}:
        notice_encoding(where, encoding)
    text = data.decode(encoding, "replace")
    if len(_CONTROLS.findall(text)) > _MAX_CONTROLS * len(text):
        raise ArticleError("is no text file, but full of control characters", where=where, remedy=_SAVE)
    return text


def declared_in(markup: bytes) -> str:
    """Return the encoding that the head of an HTML page or an XML declaration names, ``""`` where there is none."""
    pattern = rb"<meta[^>]{0,80}charset=[\"']?([\w-]+)|<\?xml[^>]{0,40}encoding=[\"']([\w-]+)"
    found = re.search(pattern, markup[:4096], re.IGNORECASE)
    return (found[1] or found[2]).decode("ascii", "replace") if found else ""


class Lines(Iterator[str]):
    """The lines of a file, read as they are asked for, so that it may be larger than memory.

    A line that is not UTF-8 is read as windows-1252, of which there is one notice a file. All line breaks come as line
    feeds. The iterator can be asked on after an error.

    Parameters
    ----------
    file : io.BufferedReader
        Read from where it stands.
    where : object
        What it is called in messages.
    limit : int
        The most characters that a line may have.

    Attributes
    ----------
    number : int
        Of the line that was yielded last, from 1.
    """

    def __init__(self, file: io.BufferedReader, where: object, limit: int) -> None:
        mark = _mark(file.peek(4))
        file.read(len(mark))
        encoding = MARKS.get(mark, "utf-8")
        errors = "surrogateescape" if encoding == "utf-8" else "replace"
        self._file = io.TextIOWrapper(_Unclosed(file), encoding, errors)
        self._where, self._limit = where, limit
        self._noticed = False
        self.number = 0

    def __next__(self) -> str:
        line = self._file.readline(self._limit + 1)
        if not line:
            raise StopIteration
        self.number += 1
        if len(line) > self._limit and not line.endswith("\n"):
            while self._file.readline(self._limit)[-1:] not in {"", "\n"}:
                pass
            rule = f"a line of more than {self._limit:,} characters"
            raise ArticleError(rule, where=f"{self._where}:{self.number}", remedy="Write one row a line.")
        return self._windows(line) if re.search("[\udc80-\udcff]", line) else line

    def _windows(self, line: str) -> str:
        if not self._noticed:
            notice_encoding(f"{self._where}:{self.number}", WINDOWS)
        self._noticed = True
        return line.encode("utf-8", "surrogateescape").decode(WINDOWS, "replace")


class _Unclosed(io.BufferedReader):
    """Leaves the file open that it reads from: that is closed by who opened it."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__(file)  # type: ignore[arg-type]

    def close(self) -> None:
        """Close nothing."""


def notice_encoding(where: object, encoding: str) -> None:
    """Tell that a text was read in an encoding for which nothing but its bytes speaks."""
    name = re.sub("^cp(?=125)", "windows-", encoding).replace("_", "-")
    logging.getLogger("stance").warning("%s: is not UTF-8; read as %s", where, name)


def _mark(data: bytes) -> bytes:
    return next((each for each in MARKS if data.startswith(each)), b"")


def _strict(data: bytes, encoding: str, where: object, offset: int) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as cause:
        rule = f"is not {encoding.upper()}: byte 0x{data[cause.start]:02X} at offset {offset + cause.start}"
        raise ArticleError(rule, where=where, remedy="Save it anew as UTF-8.") from None


def _encoding(data: bytes, told: str) -> str:
    beyond = len(data.translate(None, bytes(range(128))))
    if beyond and _fits(data, "utf-8"):
        return "utf-8"
    if told and _fits(data, told):
        return told
    if not beyond:
        return "utf-8"
    share = beyond / len(data)
    if share <= _MAX_ENGLISH or (share <= _MAX_LATIN and len(data) < _TELLING):
        return WINDOWS
    return _guess(data, _LATIN if share <= _MAX_LATIN else _OTHERS)


def _guess(data: bytes, encodings: list[str]) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(data[:_SAMPLE], cp_isolation=encodings).best()
    told = best and data.decode(best.encoding, "replace") != data.decode(WINDOWS, "replace")
    return best.encoding if best and told else WINDOWS


def _fits(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeError:
        return False
    return True


def _known(declared: str) -> str:
    """Return Python's name of an encoding; ``""`` where it is unknown, or its declaration could not stand in it."""
    try:
        name = codecs.lookup(declared.strip()).name if declared.strip() else ""
        sound = b"<".decode(name or "ascii") == "<"
    except (LookupError, UnicodeError, ValueError):
        return ""
    return "" if name in _NO_TEXT or not sound else WINDOWS if name in _AS_WINDOWS else name
