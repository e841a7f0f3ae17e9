"""Explanations as plain text: the statement with its words marked, and under each label what moved it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from stance.explain import BIAS, OTHER, TOWARD, Moved
from stance.marked import STRONG, cut
from stance.wording import format_score, format_signed

if TYPE_CHECKING:
    from stance.codebook import Codebook
    from stance.explanations import Explanation, LabelExplanation

INDENT = 10
PLAIN = {BIAS: "before any word", TOWARD: "the motive itself", OTHER: "all else"}  # terms that are no words


def explanation_text(explanation: Explanation, codebook: Codebook, width: int = 80) -> str:
    """Write one explanation as lines of at most ``width`` columns; words that spoke for the motive stand in stars."""
    head = f"{explanation.article_id}, statement {explanation.statement_index + 1}"
    text = textwrap.fill(
        " ".join(_starred(explanation).split()), width, initial_indent=" " * 2, subsequent_indent=" " * 2
    )
    labels = [line for label in explanation.labels for line in _label(label, codebook, width)]
    return "\n".join([head, "", text, "", *labels, *_filled(explanation.status, explanation.why, width)]) + "\n"


def _starred(explanation: Explanation) -> str:
    marks = explanation.labels[0].marks
    most = max((abs(each.weight) for each in marks), default=0.0)
    pieces = cut(explanation.text, [each for each in marks if each.weight > STRONG * most])
    return "".join(f"*{piece['text']}*" if piece["weight"] else piece["text"] for piece in pieces)


def _label(label: LabelExplanation, codebook: Codebook, width: int) -> Iterator[str]:
    name = codebook.label(label.axis, label.label).name
    rival = f" rather than {codebook.label(label.axis, label.against).name}" if label.against else ""
    yield from _filled(label.axis, f"{name} ({format_score(label.proba)}){rival}", width)
    if not label.words:
        why = "by rule: what has no motive takes no stance" if label.exact else "the words cannot be told"
        yield from _filled("", why, width)
    if not label.exact and label.words:
        yield from _filled("", "approximate: how far the log proba falls without the word", width)
    for kind, sign in (("for", 1), ("against", -1)):
        if words := [each for each in label.words if each.weight * sign > 0]:
            yield from _filled("", f"{kind}: {_listed(words)}", width)


def _listed(words: Sequence[Moved]) -> str:
    """Write words with their weights, and where those stand that are not in the statement."""
    return ", ".join(
        f"{PLAIN.get(each.term, each.term)}{f' ({each.field})' if each.field not in ('text', 'bias') else ''} "
        f"{format_signed(each.weight)}"
        for each in words
    )


def _filled(label: str, text: str, width: int) -> list[str]:
    """Fill lines beside a label at the margin."""
    label = label.replace("_", " ")
    start = f"  {label:<{INDENT - 2}}" if len(label) < INDENT - 2 else f"  {label}  "
    return textwrap.wrap(text, width, initial_indent=start, subsequent_indent=" " * INDENT)
