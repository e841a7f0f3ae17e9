"""The lines of an HTML page, and the element that holds its article."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from stance.page_pruning import HEADINGS, ancestors, opens_panel
from stance.boilerplate import TERMINAL

# What parts two lines in a page.
_PARTING = frozenset(
    """address article aside blockquote br button caption center dd details div dl dt fieldset figcaption figure footer
    form h1 h2 h3 h4 h5 h6 header hr legend li main nav ol p pre section summary table tbody td tfoot th thead tr
    ul""".split()
)
SHARE = 0.85  # of the article's words that its container must hold


@dataclass
class Line:
    """One line of a page.

    Parameters
    ----------
    kind : str
        ``"heading"``, ``"item"``, ``"cell"``, ``"typed"`` (of ``<pre>``, with its line breaks) or ``"paragraph"``.
    element : Any
        The element that it begins in.
    broken : bool
        Whether it follows a ``<br>``.
    text : str
        Its words.
    linked : int
        How many of its characters lead elsewhere.
    """

    kind: str
    element: Any
    broken: bool = False
    text: str = ""
    linked: int = 0

    @property
    def is_link(self) -> bool:
        """Whether nearly all of it leads elsewhere."""
        return self.linked > 0.75 * len(self.text)

    @property
    def prose(self) -> int:
        """How many words it has, if they read like a sentence; else 0."""
        words = len(self.text.split()) if not self.is_link and TERMINAL.search(self.text) else 0
        return words if words > 5 else 0


def page_lines(body: Any) -> list[Line]:
    """Return the lines of a page in order, white space put in order."""
    lines = [Line("paragraph", body)]
    _walk(body, "paragraph", linked=False, lines=lines)
    shown: list[Line] = []
    for line in lines:
        if line.kind != "typed":
            line.text = " ".join(line.text.split())
        if not line.text.strip():
            continue
        if line.broken and shown and line.text[0].islower() and not TERMINAL.search(shown[-1].text):
            shown[-1].text += " " + line.text
            shown[-1].linked += line.linked
        else:
            shown.append(line)
    return shown


def _walk(element: Any, kind: str, *, linked: bool, lines: list[Line]) -> None:
    """Add the lines of an element; a parsed page is at most 256 elements deep, so it may call itself."""
    parts = element.tag in _PARTING
    kind = _kind(element, kind)
    linked = linked or element.tag == "a"
    if parts:
        lines.append(Line(kind, element, element.tag == "br"))
    _say(lines[-1], element.text, linked=linked)
    for child in element:
        _walk(child, kind, linked=linked, lines=lines)
        if child.tag in _PARTING:
            lines.append(Line(kind, element, child.tag == "br"))
        _say(lines[-1], child.tail, linked=linked)


def _kind(element: Any, kind: str) -> str:
    if kind in {"heading", "typed"}:
        return kind
    if element.tag in HEADINGS or (element.tag == "button" and opens_panel(element)):
        return "heading"
    return {"pre": "typed", "li": "item", "td": "cell", "th": "cell"}.get(element.tag, kind)


def _say(line: Line, text: str | None, *, linked: bool) -> None:
    if text:
        line.text += text
        line.linked += len(text.strip()) if linked else 0


def container(lines: Sequence[Line], kept: Collection[str]) -> Any:
    """Return the innermost element that holds the article.

    Parameters
    ----------
    lines : Sequence[Line]
        The page's lines.
    kept : Collection[str]
        Texts that are known to be of the article; every line of prose is taken to be where none of them is a line.
    """
    votes = [line for line in lines if line.prose and line.text in kept] or [line for line in lines if line.prose]
    words: dict[Any, int] = {}
    for line in votes:
        for element in ancestors(line.element):
            words[element] = words.get(element, 0) + line.prose
    total = sum(line.prose for line in votes)
    held = [element for element, count in words.items() if count >= SHARE * total]
    return max(held, key=lambda element: sum(1 for _ in ancestors(element)), default=None)


def within(lines: Sequence[Line], element: Any) -> Iterator[Line]:
    """Yield the lines of an element, and those between the page's headline and it."""
    inside = [element in ancestors(line.element) for line in lines]
    first = inside.index(True) if True in inside else 0
    headline = next((at for at, line in enumerate(lines[:first]) if line.element.tag == "h1"), first)
    last = len(inside) - 1 - inside[::-1].index(True) if True in inside else -1
    yield from lines[headline : last + 1]
