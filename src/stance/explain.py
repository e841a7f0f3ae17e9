"""Evidence: what every word of a statement adds to the scores; exact for linear models, by occlusion for any other."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from stance.decision import Floats

if TYPE_CHECKING:
    from stance.classifier import TwoAxisClassifier

SHOWN = 3  # words of evidence; more no longer reads as a reason
WORD = re.compile(r"\w+")
BIAS, TOWARD, OTHER = "(bias)", "(toward motive)", "(other features)"  # terms that are no words

Span = tuple[int, int]


class Term(NamedTuple):
    """A word, pair or other part of a statement, and where it stands.

    ``field`` is text, previous, following or heading, or bias for what no text says; ``span`` gives start and end
    within that field, as it was written, and is None for what has no place.
    """

    term: str
    field: str
    span: Span | None = None


class Moved(NamedTuple):
    """How much a term moved a decision from one label to another; negative where it spoke for the other."""

    term: str
    field: str
    weight: float


class Highlight(NamedTuple):
    """A stretch of a statement's text, and how much it speaks for a label."""

    start: int
    end: int
    weight: float


@dataclass(frozen=True)
class Contributions:
    """What every term of one statement adds to its scores, before temperature: columns sum to the scores.

    Attributes
    ----------
    terms : list of str
        A word, a pair ``a b``, `BIAS`, `TOWARD` (what the motive itself says for a stance), or `OTHER` (features that
        are no words). A word that stands twice is there twice.
    fields : list of str
        See `Term`.
    spans : list of (start, end) or None
        See `Term`.
    motive : array, shape (n_terms, n_motives)
        Columns in the codebook's order.
    stance : array, shape (n_terms, n_stances)
        For the stance toward the motive with the highest score.
    labels : mapping of axis to list of str
        The columns' names.
    """

    terms: list[str]
    fields: list[str]
    spans: list[Span | None]
    motive: Floats
    stance: Floats
    labels: Mapping[str, Sequence[str]] = field(repr=False)

    @classmethod
    def of(cls, terms: Sequence[Term], values: Floats, labels: Mapping[str, Sequence[str]]) -> Contributions:
        """Make them of values, shape (n_terms, n_motives + n_stances): every motive, then every stance."""
        names, fields, spans = (list(column) for column in zip(*terms, strict=True))
        motive, stance = np.split(values, [len(labels["motive"])], axis=1)
        return cls(names, fields, spans, motive, stance, labels)

    def towards(self, axis: str, toward: str, against: str | None = None) -> Floats:
        """How much each term speaks for a label rather than for another, or than for the mean of all; (n_terms,)."""
        values, labels = getattr(self, axis), list(self.labels[axis])
        rival = values.mean(axis=1) if against is None else values[:, labels.index(against)]
        return np.asarray(values[:, labels.index(toward)] - rival)


def moved(contributions: Contributions, axis: str, toward: str, against: str, n: int = 6) -> list[Moved]:
    """Return the terms that moved the decision from label ``against`` to label ``toward`` most, strongest first.

    A term's weight is the difference of the two labels' columns, summed over its occurrences in a field; a negative one
    spoke for ``against``. All weights together are the difference of the two scores.
    """
    weights: dict[tuple[str, str], float] = defaultdict(float)
    difference = contributions.towards(axis, toward, against)
    for term, where, weight in zip(contributions.terms, contributions.fields, difference, strict=True):
        weights[term, where] += float(weight)
    ranked = sorted((Moved(*key, weight) for key, weight in weights.items()), key=lambda each: -abs(each.weight))
    return [each for each in ranked[:n] if each.weight]


def highlights(
    text: str, contributions: Contributions, axis: str, toward: str, against: str | None = None
) -> list[Highlight]:
    """Return stretches of a statement's text that do not overlap, in order, with what they say for a label.

    Words and pairs overlap, so each spreads its weight evenly over its letters; a stretch has the sum of its letters.
    All together have the sum of the terms that stand in the text.

    Parameters
    ----------
    text : str
        The statement's text, as it was given to the classifier.
    contributions, axis, toward, against
        As in `Contributions.towards`.
    """
    letters = np.array([bool(WORD.match(character)) for character in text], dtype=bool)
    weight, covered = np.zeros(len(text)), np.zeros(len(text), dtype=bool)
    cuts = {0, len(text)}
    towards = contributions.towards(axis, toward, against)
    for where, span, value in zip(contributions.fields, contributions.spans, towards, strict=True):
        if where != "text" or span is None:
            continue
        on = np.arange(*span)
        on = on[letters[on]] if letters[on].any() else on
        weight[on] += value / len(on)
        covered[on] = True
        cuts |= set(span)
    pieces = zip(sorted(cuts), sorted(cuts)[1:], strict=False)
    return [Highlight(a, b, float(weight[a:b].sum())) for a, b in pieces if covered[a:b].any()]


def occlusion(
    classifier: TwoAxisClassifier, statement: Mapping[str, str], axis: str = "motive", label: str | None = None
) -> list[Highlight]:
    """Leave every word of a statement out in turn, and say how far the log proba of its label falls without it.

    Approximate, for models that are not linear: words that say the same hide each other's weight, and what is left may
    be no sentence (Li, Monroe & Jurafsky, *Understanding neural networks through representation erasure*, 2016).

    Parameters
    ----------
    classifier : TwoAxisClassifier
        Fitted; it scores the statement once for every word.
    statement : mapping
        With ``text``, and any of ``previous``, ``following`` and ``heading``, which stay as they are.
    axis : str
        Of the codebook.
    label : str, optional
        The predicted label where not given.

    Returns
    -------
    list of Highlight
        A word each, in order; a positive weight speaks for the label.
    """
    import pandas as pd

    from stance.classifier import FIELDS

    whole = {name: statement.get(name, "") for name in FIELDS}
    words = [match.span() for match in WORD.finditer(whole["text"])]
    without = [whole | {"text": whole["text"][:start] + whole["text"][end:]} for start, end in words]
    decision = classifier.decide(classifier.scores(pd.DataFrame([whole, *without], columns=list(FIELDS))))
    label = label or getattr(decision, axis)[0]
    column = list(classifier.codebook.labels(axis)).index(label)
    proba = np.log(np.maximum(decision.proba[axis][:, column], 1e-12))
    return [Highlight(*span, float(proba[0] - left)) for span, left in zip(words, proba[1:], strict=True)]


def strongest(terms: Sequence[str], weights: Floats) -> str:
    """Join the few terms that speak most for a label by ``; ``, strongest first; those that speak against it never."""
    shown: list[str] = []
    for at in np.argsort(-weights, kind="stable"):
        if weights[at] <= 0 or len(shown) == SHOWN:
            break
        # "talks" says nothing more once "direct talks" is there, nor the other way round.
        if not any(set(terms[at].split()) & set(other.split()) for other in shown):
            shown.append(str(terms[at]))
    return "; ".join(shown)


def leading(terms: Sequence[str], weights: Floats, labels: Sequence[str], n: int) -> dict[str, list[tuple[str, float]]]:
    """Return each label's n terms of the largest positive weight, shape (n_terms, n_labels), less the label mean."""
    centred = weights - weights.mean(axis=1, keepdims=True)
    best = {}
    for column, label in enumerate(labels):
        order = np.argsort(-centred[:, column], kind="stable")[:n]
        # A label never trained on has no weights, and so no features.
        some = weights[:, column].any()
        best[label] = [(str(terms[i]), float(centred[i, column])) for i in order if some and centred[i, column] > 0]
    return best


def places(text: str, pattern: re.Pattern[str]) -> list[tuple[str, Span]]:
    """Find a pattern in the lower-cased text, and say where each match stands in the text as it was written.

    Lower case is longer for a few letters (``İ``), which would shift all that comes after.
    """
    lower = text.lower()
    found = [(match.group(), match.span()) for match in pattern.finditer(lower)]
    if len(lower) == len(text):
        return found
    written = [at for at, character in enumerate(text) for _ in character.lower()]
    return [(word, (written[start], written[end - 1] + 1)) for word, (start, end) in found]
