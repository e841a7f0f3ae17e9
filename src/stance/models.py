"""The two-axis classifier and its baselines, all made from scikit-learn estimators."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, TransformerMixin, clone
from sklearn.dummy import DummyClassifier
from sklearn.svm import LinearSVC

from stance.codebook import Codebook
from stance.config import ExperimentConfig, LinearSVMConfig, ModelConfig
from stance.decision import Decision, Floats, decide, softmax
from stance.errors import ConfigError, CorpusError
from stance.features import make_features

if TYPE_CHECKING:
    import pandas as pd


class TextColumn(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Pass the statement's text on as it is, for models that need no features."""

    def fit(self, frame: pd.DataFrame, y: object = None) -> TextColumn:  # noqa: ARG002
        """Learn nothing."""
        return self

    def transform(self, frame: pd.DataFrame) -> np.ndarray[Any, Any]:
        """Return the column ``text``, shape (n, 1)."""
        return frame[["text"]].to_numpy(dtype=object)

    def __sklearn_is_fitted__(self) -> bool:
        return True


class KeywordClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Baseline: the label with the most cues in the text; without any, the most frequent label among such statements.

    Parameters
    ----------
    cues : dict of str to list of str
        The codebook's cues of each label; a cue stands in a text where all its words do, in order, as word beginnings.
    """

    def __init__(self, cues: dict[str, list[str]] | None = None) -> None:
        self.cues = cues

    def fit(self, texts: np.ndarray[Any, Any], y: Any) -> KeywordClassifier:
        """Learn which label to give where no cue is found."""
        self.classes_ = np.unique(y)
        without = ~self._hits(texts).any(axis=1)
        rest = np.asarray(y)[without] if without.any() else np.asarray(y)
        labels, counts = np.unique(rest, return_counts=True)
        self.fallback_ = labels[counts.argmax()]
        return self

    def predict_proba(self, texts: np.ndarray[Any, Any]) -> Floats:
        """Give each label its share of the cues found, shape (n, n_labels)."""
        hits = self._hits(texts)
        hits[~hits.any(axis=1), np.searchsorted(self.classes_, self.fallback_)] = 1.0
        return np.asarray(hits / hits.sum(axis=1, keepdims=True))

    def _hits(self, texts: np.ndarray[Any, Any]) -> Floats:
        cues = self.cues or {}
        patterns = [[_cue_pattern(cue) for cue in cues.get(label, [])] for label in self.classes_]
        return np.array(
            [[sum(bool(cue.search(text.lower())) for cue in label) for label in patterns] for (text,) in texts],
            dtype=float,
        ).reshape(len(texts), len(self.classes_))


def _cue_pattern(cue: str) -> re.Pattern[str]:
    return re.compile(r"\w*\W+".join(rf"\b{re.escape(word)}" for word in cue.lower().split()))


@dataclass
class TwoAxisClassifier:
    """Features shared by two heads: one for the motive, one for the stance of a statement that has a motive.

    ``temperature`` turns each head's scores into calibrated proba; it is fitted on held-out scores by the trainer.
    """

    features: Any
    heads: dict[str, Any]
    codebook: Codebook
    stance_given_motive: bool = True
    temperature: dict[str, float] = field(default_factory=dict)

    def unfitted(self) -> TwoAxisClassifier:
        """Return a copy that has learned nothing."""
        heads = {axis: clone(head) for axis, head in self.heads.items()}
        return TwoAxisClassifier(clone(self.features), heads, self.codebook, self.stance_given_motive)

    def fit(self, frame: pd.DataFrame) -> TwoAxisClassifier:
        """Learn from labeled statements (columns of the corpus).

        Raises
        ------
        CorpusError
            If there are fewer than two labels to tell apart on an axis.
        """
        try:
            matrix = self.features.fit_transform(frame)
        except ValueError as cause:  # no n-gram is left by min_df, or none is as long as ngram_range asks
            rule = f"features: {str(cause).splitlines()[0].rstrip('.').lower()}"
            raise ConfigError(rule, where="features", remedy="Lower min_df, or shorten ngram_range.") from None
        for axis, head in self.heads.items():
            rows = self.learns_from(frame, axis)
            gold = frame[axis].to_numpy(dtype=object)[rows]
            if len(set(gold)) < 2:
                rule = f"the training data has {len(set(gold))} {axis} label(s) to learn from, and two are needed"
                raise CorpusError(rule, where="data.train", remedy="Train on more collections.")
            head.fit(matrix[np.flatnonzero(rows)], gold)
        return self

    def learns_from(self, frame: pd.DataFrame, axis: str) -> np.ndarray[Any, Any]:
        """Tell which rows an axis learns from: a stance is taken toward a motive, so the null motive teaches none."""
        if axis == "motive" or not self.stance_given_motive:
            return np.ones(len(frame), dtype=bool)
        return (frame["motive"] != self.codebook.null_label("motive")).to_numpy()

    def transform(self, frame: pd.DataFrame) -> Any:
        """Return the feature matrix of statements, shape (n, n_features)."""
        return self.features.transform(frame)

    def scores(self, matrix: Any) -> dict[str, Floats]:
        """Return each head's scores, columns in the codebook's order; a label never trained on scores lowest of all."""
        return {axis: self._scores(axis, matrix) for axis in self.codebook.axes}

    def _scores(self, axis: str, matrix: Any) -> Floats:
        head = self.heads[axis]
        if hasattr(head, "decision_function"):
            raw = head.decision_function(matrix)
            raw = np.column_stack([-raw, raw]) if raw.ndim == 1 else raw
        else:
            raw = np.log(np.maximum(head.predict_proba(matrix), 1e-9))
        labels = self.codebook.labels(axis)
        scores = np.full((raw.shape[0], len(labels)), raw.min(initial=0.0) - 10.0)
        scores[:, [labels.index(label) for label in head.classes_]] = raw
        return scores

    def decide(self, scores: dict[str, Floats]) -> Decision:
        """Turn scores into labels and calibrated proba."""
        proba = {axis: softmax(scores[axis], self.temperature.get(axis, 1.0)) for axis in self.codebook.axes}
        return decide(proba["motive"], proba["stance"], self.codebook)


def make_classifier(config: ExperimentConfig, codebook: Codebook) -> TwoAxisClassifier:
    """Return the unfitted classifier that a config describes."""
    if isinstance(config.model, LinearSVMConfig):
        svm = LinearSVC(C=config.model.c, class_weight=config.model.class_weight, random_state=config.seed)
        heads = {axis: clone(svm) for axis in codebook.axes}
        return TwoAxisClassifier(make_features(config.features), heads, codebook, config.model.stance_given_motive)
    return make_baseline(config.model, codebook)


def make_baseline(model: ModelConfig, codebook: Codebook) -> TwoAxisClassifier:
    """Return an unfitted baseline."""
    if model.name == "majority.v1":
        heads: dict[str, Any] = {axis: DummyClassifier(strategy="prior") for axis in codebook.axes}
        return TwoAxisClassifier(TextColumn(), heads, codebook, stance_given_motive=False)
    heads = {}
    for axis in codebook.axes:
        null = codebook.null_label(axis)
        cues = {label.id: list(label.cues) for label in codebook.axis(axis).labels if label.id != null}
        heads[axis] = KeywordClassifier(cues)
    return TwoAxisClassifier(TextColumn(), heads, codebook)
