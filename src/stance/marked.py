"""A text in which the words are marked that moved a decision: underlined for it, dotted against it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

FAINT, STRONG = 0.15, 0.5  # of the largest weight: below the first a word is not marked, above the second strongly
# Notebooks have no style sheet of ours. No colour of text is set, and the band is see-through, so dark themes work.
STYLE = Markup(
    "<style>.stance mark{background:none;color:inherit;text-underline-offset:.2em}"
    ".stance mark{text-decoration:underline 1px #3f86cf}"
    ".stance mark.strong{background:#3f86cf33;text-decoration-thickness:3px}"
    ".stance mark.against{background:none;text-decoration:underline dotted 2px #8a93a0}</style>"
)


@dataclass(frozen=True)
class MarkedText:
    """A text with its marks, for a notebook.

    Parameters
    ----------
    text : str
        Shown escaped.
    marks : sequence of (start, end, weight)
        As from `stance.explain.highlights`.
    """

    text: str
    marks: Sequence[tuple[int, int, float]]

    def _repr_html_(self) -> str:
        return STYLE + Markup('<p class="stance">{}</p>').format(mark(cut(self.text, self.marks)))


def cut(text: str, marks: Iterable[tuple[int, int, float]]) -> list[dict[str, Any]]:
    """Cut a text where its marks begin and end.

    Parameters
    ----------
    text : str
        Any text.
    marks : iterable of (start, end, weight)
        In order, without overlap.

    Returns
    -------
    list of dict
        ``text`` and ``weight`` (0 where nothing is marked); the texts joined are the text.
    """
    at, pieces = 0, []
    for start, end, weight in marks:
        if start > at:
            pieces.append({"text": text[at:start], "weight": 0.0})
        pieces.append({"text": text[start:end], "weight": weight})
        at = end
    return [*pieces, {"text": text[at:], "weight": 0.0}]


def mark(pieces: Sequence[Mapping[str, Any]]) -> Markup:
    """Write the pieces of `cut` as HTML, each marked by how much it moved the decision."""
    most = max((abs(piece["weight"]) for piece in pieces), default=0.0)
    return Markup("").join(_mark(piece, most) for piece in pieces)


def _mark(piece: Mapping[str, Any], most: float) -> Markup:
    share = abs(piece["weight"]) / most if most else 0.0
    if share < FAINT:
        return escape(piece["text"])
    kind = "for" if piece["weight"] > 0 else "against"
    strength = "strong" if share > STRONG else "some"
    return Markup('<mark class="{} {}">{}</mark>').format(kind, strength, piece["text"])
