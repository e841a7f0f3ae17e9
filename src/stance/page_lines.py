"""The lines of an HTML page, and the element that holds its article."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from stance.boilerplate import TERMINAL
from stance.page_pruning import HEADINGS, ancestors, opens_panel


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# What parts two lines in a page.
_PARTING = _words(
    """address article aside blockquote br button caption center dd details div dl dt fieldset figcaption figure footer
    form h1 h2 h3 h4 h5 h6 header hr legend li main nav ol p pre section summary table tbody td tfoot th thead tr ul"""
)
_LOOKS = {"a": "link", "b": "bold", "strong": "bold"}
SHARE = 0.85  # of the article's words that its container must hold
ENOUGH = 0.25  # of a page's prose; what is known of the article is a notice or a caption if it is less


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
    bold : int
        How many of its characters are bold.
    """

    kind: str
    element: Any
    broken: bool = False
    text: str = ""
    linked: int = 0
    bold: int = 0

    @property
    def is_link(self) -> bool:
        """Whether nearly all of it leads elsewhere."""
        return self.linked > 0.75 * len(self.text)

    @property
    def is_bold(self) -> bool:
        """Whether all of it is bold."""
        return bool(self.text) and self.bold >= 0.9 * len(self.text)

    @property
    def prose(self) -> int:
        """How many words it has, if they read like a sentence; else 0."""
        ends = self.kind == "typed" or TERMINAL.search(self.text)
        words = len(self.text.split()) if ends and not self.is_link else 0
        return words if words > 5 else 0


def page_lines(body: Any) -> list[Line]:
    """Return the lines of a page in order, white space put in order."""
    lines = [Line("paragraph", body)]
    _walk(body, "paragraph", frozenset(), lines)
    shown: list[Line] = []
    for line in lines:
        if line.kind != "typed":
            line.text = " ".join(line.text.split())
        if not line.text.strip():
            continue
        if shown and _goes_on(shown[-1], line):
            shown[-1].text += " " + line.text
            shown[-1].linked += line.linked
            shown[-1].bold += line.bold
        else:
            shown.append(line)
    return shown


def _goes_on(line: Line, following: Line) -> bool:
    """Whether a line is cut in mid-sentence, and the next one goes on in lower case."""
    alike = following.broken or (line.kind == following.kind == "paragraph" and len(line.text.split()) > 5)
    return alike and following.text[0].islower() and not re.search(r"[.!?…:;][\"'”’»)\]]*$", line.text)


def _walk(element: Any, kind: str, inside: frozenset[str], lines: list[Line]) -> None:
    """Add the lines of an element; a parsed page is at most 256 elements deep, so it may call itself."""
    kind = _kind(element, kind)
    inside = inside | {_LOOKS[element.tag]} if element.tag in _LOOKS else inside
    if element.tag in _PARTING:
        lines.append(Line(kind, element, element.tag == "br"))
    _say(lines[-1], element.text, inside)
    for child in element:
        _walk(child, kind, inside, lines)
        if child.tag in _PARTING:
            lines.append(Line(kind, element, child.tag == "br"))
        _say(lines[-1], child.tail, inside)


def _kind(element: Any, kind: str) -> str:
    if kind in {"heading", "typed"}:
        return kind
    if element.tag in HEADINGS or (element.tag == "button" and opens_panel(element)):
        return "heading"
    return {"pre": "typed", "li": "item", "td": "cell", "th": "cell"}.get(element.tag, kind)


def _say(line: Line, text: str | None, inside: frozenset[str]) -> None:
    if text:
        line.text += text
        line.linked += len(text.strip()) if "link" in inside else 0
        line.bold += len(text.strip()) if "bold" in inside else 0


def container(lines: Sequence[Line], kept: Collection[str]) -> Any:
    """Return the innermost element that holds the article.

    Parameters
    ----------
    lines : Sequence[Line]
        The page's lines.
    kept : Collection[str]
        Texts that are known to be of the article; all prose is taken to be where they are less than `ENOUGH` of it.
    """
    prose = [line for line in lines if line.prose] or [line for line in lines if TERMINAL.search(line.text)]
    votes = [line for line in prose if line.text in kept]
    if sum(line.prose for line in votes) < ENOUGH * sum(line.prose for line in prose):
        votes = prose
    words: dict[Any, int] = {}
    for line in votes:
        for element in ancestors(line.element):
            words[element] = words.get(element, 0) + line.prose
    total = sum(line.prose for line in votes)
    held = [element for element, count in words.items() if count >= SHARE * total]
    return max(held, key=lambda element: sum(1 for _ in ancestors(element)), default=None)


def within(lines: Sequence[Line], element: Any, title: str) -> list[Line]:
    """Return the lines of an element, and those between the headline and it."""
    places = [place for place, line in enumerate(lines) if element in ancestors(line.element)]
    if not places:
        return []
    above = reversed(range(places[0]))  # the nearest: a site's own name may be an <h1> as well
    headline = next((at for at in above if lines[at].element.tag == "h1" or lines[at].text == title), places[0])
    return list(lines[headline : places[-1] + 1])
