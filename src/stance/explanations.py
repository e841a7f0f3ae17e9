"""Explanations: of each statement's labels, the words that moved them; of its status, the numbers compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from stance.classifier import FIELDS, TwoAxisClassifier
from stance.decision import Decision, statuses
from stance.explain import Contributions, Highlight, Moved, highlights, moved, occlusion
from stance.language import identify
from stance.status_reasons import Grounds, status_reason

if TYPE_CHECKING:
    from stance.articles import Article
    from stance.predict import Model
    from stance.statements import Statement

WORDS = 6  # told of each label
DIGITS = 4  # of a number in plain data


@dataclass(frozen=True)
class LabelExplanation:
    """The words that moved one label of a statement.

    Attributes
    ----------
    axis, label : str
        Of the codebook.
    proba : float
        That the label is right, as `Model.predict` gives it.
    against : str
        The runner-up, which the label is held against; empty for approximate weights, which are against all others.
    exact : bool
        Whether the weights sum to the difference of the two scores; otherwise they come from leaving words out.
    words : tuple of Moved
        Strongest first; a negative weight spoke against the label. None where the label follows by rule.
    marks : tuple of Highlight
        The same within the statement's text: stretches in order, without overlap.
    """

    axis: str
    label: str
    proba: float
    against: str
    exact: bool
    words: tuple[Moved, ...]
    marks: tuple[Highlight, ...]


@dataclass(frozen=True)
class Explanation:
    """Why one statement has its labels and its status; made by `explain`.

    Attributes
    ----------
    article_id, statement_index, start, end, text
        As from `Model.predict`.
    labels : tuple of LabelExplanation
        One an axis, in the codebook's order.
    status, why : str
        The status, and a sentence or two that says why, with the numbers compared.
    """

    article_id: str
    statement_index: int
    start: int
    end: int
    text: str
    labels: tuple[LabelExplanation, ...]
    status: str
    why: str

    def of(self, axis: str) -> LabelExplanation:
        """Return the explanation of one axis's label."""
        return next(each for each in self.labels if each.axis == axis)

    def to_dict(self) -> dict[str, Any]:
        """Return plain data, weights rounded."""
        data = asdict(self)
        for label in data["labels"]:
            label["proba"] = round(label["proba"], DIGITS)
            for name in ("words", "marks"):
                label[name] = [each._asdict() | {"weight": round(each.weight, DIGITS)} for each in label[name]]
        return data


def explain(
    model: Model, articles: Iterable[Article], *, statement: int | None = None, occlude: bool = True
) -> list[Explanation]:
    """Explain every statement of articles, or one of each.

    Parameters
    ----------
    model : Model
        Whose predictions these are.
    articles : iterable of Article
        As for `Model.predict`.
    statement : int, optional
        Explain only the statement with this index, counted from 0, of each article.
    occlude : bool
        Whether a classifier that cannot tell exactly is asked by leaving every word out in turn, which is slow.

    Returns
    -------
    list of Explanation
        In the order of the table that `Model.predict` gives.
    """
    return [each for article in articles for each in _explain(model, article, statement, occlude)]


def _explain(model: Model, article: Article, index: int | None, occlude: bool) -> Iterator[Explanation]:
    import pandas as pd

    from stance.statements import split_statements

    every = split_statements(article)
    chosen = [each for each in every if index is None or each.index == index]
    if not chosen:
        return
    classifier = model.classifier
    frame = pd.DataFrame([{name: getattr(each, name) for name in FIELDS} for each in chosen])
    decision = classifier.decide(classifier.scores(frame))
    status, why = _status(model, chosen, " ".join(each.text for each in every), decision)
    exact = classifier.contributions(frame)
    for at, each in enumerate(chosen):
        labels = tuple(
            _moved(axis, at, each, decision, exact[at], classifier)
            if exact is not None
            else _missed(axis, at, each, decision, classifier, occlude)
            for axis in classifier.codebook.axes
        )
        yield Explanation(article.id, each.index, each.start, each.end, each.text, labels, status[at], why[at])


def _status(model: Model, statements: list[Statement], context: str, decision: Decision) -> tuple[list[str], list[str]]:
    """Return each statement's status, and the sentence on it."""
    classifier, limits = model.classifier, model.decision
    texts = [each.text for each in statements]
    outside = classifier.outside(texts, [context] * len(texts), limits.min_coverage)
    status = statuses(decision.joint_proba, outside, limits.abstain_below)
    domain = classifier.domain
    language = identify(context) if domain and domain.is_foreign(context) else ""
    closeness = float(domain.scores([context])[0]) if domain else None
    grounds = [
        Grounds(float(decision.joint_proba[at]), _other(decision, at, classifier), known, closeness, language)
        for at, known in enumerate(classifier.coverage(texts))
    ]
    return status, [status_reason(*each, limits, classifier) for each in zip(status, grounds, strict=True)]


def _other(decision: Decision, at: int, classifier: TwoAxisClassifier) -> tuple[str, str, float] | None:
    """Return the likeliest reading but the chosen one."""
    motives, stances = (classifier.codebook.labels(axis) for axis in classifier.codebook.axes)
    proba = decision.readings[at].copy()
    proba[motives.index(decision.motive[at]), stances.index(decision.stance[at])] = -1.0
    motive, stance = np.unravel_index(proba.argmax(), proba.shape)
    return motives[motive], stances[stance], float(proba[motive, stance])


def _moved(
    axis: str, at: int, statement: Statement, decision: Decision, terms: Contributions, classifier: TwoAxisClassifier
) -> LabelExplanation:
    label, proba = _label(axis, at, decision)
    if _by_rule(axis, at, decision, classifier):
        return LabelExplanation(axis, label, proba, "", True, (), ())
    rival = _runner_up(axis, at, decision, classifier)
    words = tuple(moved(terms, axis, label, rival, WORDS))
    marks = tuple(highlights(statement.text, terms, axis, label, rival))
    return LabelExplanation(axis, label, proba, rival, True, words, marks)


def _missed(
    axis: str, at: int, statement: Statement, decision: Decision, classifier: TwoAxisClassifier, occlude: bool
) -> LabelExplanation:
    label, proba = _label(axis, at, decision)
    by_rule = _by_rule(axis, at, decision, classifier)
    if by_rule or not occlude:
        return LabelExplanation(axis, label, proba, "", by_rule, (), ())
    fields: Mapping[str, str] = {name: getattr(statement, name) for name in FIELDS}
    marks = tuple(occlusion(classifier, fields, axis, label))
    ranked = sorted(marks, key=lambda each: -abs(each.weight))[:WORDS]
    words = tuple(Moved(statement.text[each.start : each.end], "text", each.weight) for each in ranked)
    return LabelExplanation(axis, label, proba, "", False, words, marks)


def _label(axis: str, at: int, decision: Decision) -> tuple[str, float]:
    return getattr(decision, axis)[at], float(getattr(decision, f"{axis}_proba")[at])


def _by_rule(axis: str, at: int, decision: Decision, classifier: TwoAxisClassifier) -> bool:
    """Whether the label follows from another: no motive takes no stance."""
    return axis == "stance" and decision.motive[at] == classifier.codebook.null_label("motive")


def _runner_up(axis: str, at: int, decision: Decision, classifier: TwoAxisClassifier) -> str:
    """Second likeliest motive; second likeliest stance toward the chosen motive."""
    codebook = classifier.codebook
    toward = decision.readings[at, codebook.labels("motive").index(decision.motive[at])]
    proba = decision.proba["motive"][at] if axis == "motive" else toward
    label = getattr(decision, axis)[at]
    return max((each for each in zip(codebook.labels(axis), proba, strict=True) if each[0] != label), key=_second)[0]


def _second(pair: tuple[str, float]) -> float:
    return pair[1]
