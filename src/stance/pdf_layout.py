"""The reading order of printed pages: columns, paragraphs and headings, from where each stretch of text stands."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from statistics import median

from stance.boilerplate import TERMINAL
from stance.markup import looks_like_heading

_FURNITURE_ROWS = 3  # rows at the top and at the bottom of a page among which headers and footers are sought
_REPEATED = 0.4  # share of pages that a header or footer stands on; left and right pages may have each its own
_PAGE_NUMBER = re.compile(r"(?i)\W*(?:page|seite|p\.)?\s*\d{1,4}\s*(?:(?:/|of|von)\s*\d{1,4})?\W*$")
_COLUMN = 0.2  # share of a page's text that the smaller side of a gutter holds at least
_CROSSING = 0.25  # share of it that may run across the gutter: headlines, pictures' captions
_ASTRAY = 0.25  # share of steps to the side or up from which a page was not written in its reading order
_ROOM = 0.2  # share of a column that a line leaves free, besides the room for the next word, where it ends no sentence
_HEADING = 1.12  # times the size of the body from which a line is a heading
_LEADING = 1.3  # times the usual distance of lines from which a paragraph begins
_INDENT = 0.6  # heights of the text
_NEAR = 6  # lines above and below that show where a column's text begins and ends
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text on one line, with its box in points from the page's lower left; ``bold`` of its font."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    bold: bool = False

    @property
    def size(self) -> float:
        """Height of the text."""
        return self.top - self.bottom


@dataclass(frozen=True, slots=True)
class _Line:
    """A line, the number of its column in the document, and where text of its size begins and ends nearby."""

    segment: Segment
    column: int
    left: float
    right: float


def pieces_of(pages: Sequence[Sequence[Segment]]) -> list[tuple[str, str, float]]:
    """Return kind (heading or paragraph), text and size of what a document's pages hold, in reading order.

    What stands on many pages at the top or the bottom, and page numbers, are left out.

    Parameters
    ----------
    pages : sequence of sequence of Segment
        The segments of each page, in any order.
    """
    columns = [column for page in _without_furniture(pages) for column in _in_order(page)]
    lines = [line for number, column in enumerate(columns) for line in _lines(column, number)]
    if not lines:
        return []
    body = _body_size(lines)
    words = Counter(word.lower() for line in lines for word in _WORD.findall(line.segment.text))
    return [_piece(part, body, words) for part in _paragraphs(lines, body)]


def _without_furniture(pages: Sequence[Sequence[Segment]]) -> list[list[Segment]]:
    """Drop headers, footers and page numbers."""
    rows = [_rows(page) for page in pages]
    edges = [[*page[:_FURNITURE_ROWS], *page[_FURNITURE_ROWS:][-_FURNITURE_ROWS:]] for page in rows]
    times = Counter(key for page in edges for key in {_key(row) for row in page})
    many = max(2, _REPEATED * len(pages))
    dropped = [
        {id(s) for row in page if times[_key(row)] >= many or _PAGE_NUMBER.match(_text(row)) for s in row}
        for page in edges
    ]
    return [[s for s in page if id(s) not in gone] for page, gone in zip(pages, dropped, strict=True)]


def _rows(page: Iterable[Segment]) -> list[list[Segment]]:
    """Put the segments that stand side by side into rows, from the top."""
    rows: list[list[Segment]] = []
    for segment in sorted(page, key=lambda s: (-s.top, s.left)):
        middle = (segment.top + segment.bottom) / 2
        if rows and min(s.bottom for s in rows[-1]) < middle < max(s.top for s in rows[-1]):
            rows[-1].append(segment)
        else:
            rows.append([segment])
    return [sorted(row, key=lambda s: s.left) for row in rows]


def _text(row: Iterable[Segment]) -> str:
    return " ".join(segment.text for segment in row)


def _key(row: Sequence[Segment]) -> tuple[str, int]:
    """Return what a header has alike on every page: its place, and its text but for the page's number."""
    return re.sub(r"\d+", "#", _text(row)), round(row[0].top)


def _in_order(page: Sequence[Segment]) -> Iterator[list[Segment]]:
    """Yield the columns of a page in reading order, each a list of lines.

    Most programs write a page in its reading order, boxes and side columns included. Where one goes back and forth, the
    order is found from where the text stands.
    """
    astray = sum(_beside(a, b) or b.bottom > a.top + 2 * a.size for a, b in pairwise(page))
    yield from _by_place(page) if astray > _ASTRAY * len(page) else _as_written(page)


def _beside(a: Segment, b: Segment) -> bool:
    return a.bottom < (b.bottom + b.top) / 2 < a.top


def _as_written(page: Sequence[Segment]) -> Iterator[list[Segment]]:
    """Take what goes down the page in one strip for a column."""
    lines: list[Segment] = []
    for segment in page:
        if lines and _beside(lines[-1], segment) and segment.left >= lines[-1].right:
            lines[-1] = _joined([lines[-1], segment])
        else:
            lines.append(segment)
    column: list[Segment] = []
    for line in lines:
        last = column[-1] if column else line
        if line.top > last.top or line.left > last.right or line.right < last.left:
            yield column
            column = []
        column.append(line)
    if column:
        yield column


def _by_place(page: Sequence[Segment]) -> Iterator[list[Segment]]:
    """Read columns from the left, each from the top; what runs across closes the columns above it."""
    gutter = _gutter(page)
    if gutter is None:
        yield [_joined(row) for row in _rows(page)]
        return
    for across, band in groupby(sorted(page, key=lambda s: -s.top), lambda s: s.left < gutter < s.right):
        part = list(band)
        if across:
            yield [_joined(row) for row in _rows(part)]
            continue
        for column in ([s for s in part if s.right <= gutter], [s for s in part if s.left >= gutter]):
            yield from _by_place(column)


def _gutter(page: Sequence[Segment]) -> float | None:
    """Return where two columns are parted, None where they are not."""
    if len(page) < 6:
        return None
    left, right = min(s.left for s in page), max(s.right for s in page)
    places = [left + (right - left) * part / 100 for part in range(20, 81)]
    fits = [(crossing, at) for at in places if (crossing := _crossing(page, at)) <= _CROSSING * len(page)]
    least = min((crossing for crossing, _ in fits), default=0)
    best = [at for crossing, at in fits if crossing == least]
    return best[len(best) // 2] if best else None


def _crossing(page: Sequence[Segment], at: float) -> float:
    """Return how many segments run across a vertical line; infinity where it has no column on either side."""
    sides = [s for s in page if s.right <= at], [s for s in page if s.left >= at]
    if min(map(len, sides)) < _COLUMN * len(page):
        return float("inf")
    low, high = (max(min(s.bottom for s in side) for side in sides), min(max(s.top for s in side) for side in sides))
    beside = sum(low < s.top and s.bottom < high for side in sides for s in side)
    return len(page) - len(sides[0]) - len(sides[1]) if beside >= len(page) / 2 else float("inf")


def _lines(column: Sequence[Segment], number: int) -> Iterator[_Line]:
    for at, line in enumerate(column):
        near = [s for s in column[max(0, at - _NEAR) : at + _NEAR + 1] if _is_as_large(s, line)]
        yield _Line(line, number, min(s.left for s in near), max(s.right for s in near))


def _is_as_large(a: Segment, b: Segment) -> bool:
    return abs(a.size - b.size) <= 0.08 * b.size


def _joined(row: Sequence[Segment]) -> Segment:
    main = max(row, key=lambda s: len(s.text))
    return replace(main, text=_text(row), left=row[0].left, right=max(s.right for s in row))


def _body_size(lines: Sequence[_Line]) -> float:
    """Return the size that most characters have."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.segment.size * 2) / 2] += len(line.segment.text)
    return sizes.most_common(1)[0][0]


def _paragraphs(lines: Sequence[_Line], body: float) -> Iterator[list[_Line]]:
    """Put lines together that run on."""
    steps = [a.segment.top - b.segment.top for a, b in pairwise(lines) if a.column == b.column]
    leading = median(steps) if steps else 0.0
    part = [lines[0]]
    for above, line in pairwise(lines):
        if _begins(above, line, leading * max(1.0, above.segment.size / body)):
            yield part
            part = []
        part.append(line)
    yield part


def _begins(above: _Line, line: _Line, leading: float) -> bool:
    """Whether a line begins a paragraph, and does not run on from the one above it or before it."""
    a, b = above.segment, line.segment
    if _is_as_large(a, b) and a.text.endswith("-") and b.text[0].isalpha():
        return False
    if not _is_as_large(a, b) or (a.bold != b.bold and looks_like_heading(a.text if a.bold else b.text)):
        return True
    below = above.column == line.column
    if below and a.top - b.top > _LEADING * leading:
        return True
    indent = a.left - above.left if below else 0.0
    return b.left - line.left - indent > _INDENT * b.size or _had_room(above, line)


def _had_room(above: _Line, line: _Line) -> bool:
    """Whether the first word of a line would have fitted on the one before, which then ended on purpose."""
    a, b = above.segment, line.segment
    word = (b.right - b.left) * len(b.text.split(maxsplit=1)[0]) / len(b.text)
    room = above.right - a.right - word - 0.5 * a.size
    return room > (0 if TERMINAL.search(a.text) else _ROOM * (above.right - above.left))


def _piece(part: Sequence[_Line], body: float, words: Counter[str]) -> tuple[str, str, float]:
    text, size = "", median(line.segment.size for line in part)
    for line in part:
        text = _run_on(text, line.segment.text, words)
    heading = len(text) <= 250 and (size > _HEADING * body or (part[0].segment.bold and looks_like_heading(text)))
    return "heading" if heading else "paragraph", text, size


def _run_on(text: str, line: str, words: Counter[str]) -> str:
    """Join a line to the text before it, without the hyphen that a word was broken at."""
    if not text:
        return line
    broken = re.search(r"([^\W\d_]+)-$", text)
    rest = re.match(r"[^\W\d_]+", line)
    if not broken or not rest:
        return f"{text} {line}"
    hyphened = f"{broken[1]}-{rest[0]}".lower()
    keeps = rest[0][0].isupper() or words[hyphened] > words[hyphened.replace("-", "")]
    return (text if keeps else text[:-1]) + line
