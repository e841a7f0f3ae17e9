"""The two-axis classifier and its baselines, all made from scikit-learn estimators."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, TransformerMixin, clone
from sklearn.dummy import DummyClassifier
from sklearn.svm import LinearSVC

from stance.classifier import Scores, TwoAxisClassifier
from stance.codebook import Codebook
from stance.config import (
    EnsembleConfig,
    ExperimentConfig,
    FastConfig,
    FineTunedConfig,
    LinearSVMConfig,
    ModelConfig,
)
from stance.decision import Floats
from stance.ensemble import Ensemble
from stance.errors import ConfigError, CorpusError
from stance.explain import Contributions
from stance.fast import FastClassifier
from stance.features import coverage, make_features
from stance.scikit_files import load_scikit, save_scikit
from stance.scikit_terms import contributions, evidence, top_features
from stance.tuned import FineTunedClassifier

if TYPE_CHECKING:
    import pandas as pd

    from stance.work import Work


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

    def fit(self, texts: np.ndarray[Any, Any], y: Any, sample_weight: Floats | None = None) -> KeywordClassifier:
        """Learn which label to give where no cue is found."""
        self.classes_, codes = np.unique(y, return_inverse=True)
        weights = np.ones(len(codes)) if sample_weight is None else sample_weight
        without = ~self._hits(texts).any(axis=1)
        rest = without if without.any() else ~without
        self.fallback_ = self.classes_[np.bincount(codes[rest], weights[rest]).argmax()]
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
class ScikitClassifier(TwoAxisClassifier):
    """scikit-learn features shared by two heads: one for the motive, one for the stance.

    With ``stance_given_motive``, the stance head learns from statements that have a motive; else from all. Either way
    it does not see which motive that is, so a statement's stance scores are the same toward every motive.
    """

    kind: ClassVar[str] = "scikit.v1"
    features: Any
    heads: dict[str, Any]
    codebook: Codebook
    stance_given_motive: bool = True
    temperature: dict[str, float] = field(default_factory=dict)

    def unfitted(self) -> ScikitClassifier:
        """Return a copy that has learned nothing."""
        heads = {axis: clone(head) for axis, head in self.heads.items()}
        return ScikitClassifier(clone(self.features), heads, self.codebook, self.stance_given_motive)

    def fit(self, frame: pd.DataFrame, work: Work | None = None) -> ScikitClassifier:  # noqa: ARG002
        """Learn from labeled statements; see `TwoAxisClassifier.fit`."""
        try:
            matrix = self.features.fit_transform(frame)
        except ValueError as cause:  # no n-gram is left by min_df, or none is as long as ngram_range asks
            rule = f"features: {str(cause).splitlines()[0].rstrip('.').lower()}"
            raise ConfigError(rule, where="features", remedy="Lower min_df, or shorten ngram_range.") from None
        weighted = {"sample_weight": np.asarray(frame["weight"])} if "weight" in frame else {}
        for axis, head in self.heads.items():
            rows = np.flatnonzero(self.learns_from(frame, axis))
            gold = frame[axis].to_numpy(dtype=object)[rows]
            if len(set(gold)) < 2:
                rule = f"the training data has {len(set(gold))} {axis} label(s) to learn from, and two are needed"
                raise CorpusError(rule, where="data.train", remedy="Train on more collections.")
            head.fit(matrix[rows], gold, **{name: values[rows] for name, values in weighted.items()})
        return self

    def learns_from(self, frame: pd.DataFrame, axis: str) -> np.ndarray[Any, Any]:
        """Tell which rows an axis learns from; see `TwoAxisClassifier.learns_from`."""
        return super().learns_from(frame, axis if self.stance_given_motive else "motive")

    def scores(self, frame: pd.DataFrame) -> Scores:
        """Score statements; see `TwoAxisClassifier.scores`. A label never trained on scores lowest of all."""
        if frame.empty:  # which scikit-learn refuses
            n_motives, n_stances = (len(self.codebook.labels(axis)) for axis in self.codebook.axes)
            return {"motive": np.empty((0, n_motives)), "stance": np.empty((0, n_motives, n_stances))}
        matrix = self.features.transform(frame)
        motive, stance = self._scores("motive", matrix), self._scores("stance", matrix)
        return {"motive": motive, "stance": np.repeat(stance[:, None, :], motive.shape[1], axis=1)}

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

    def coverage(self, texts: Sequence[str]) -> list[float]:
        """Share of each text's words that training knew; 1 where the features read no words at all."""
        return coverage(self.features, texts)

    def evidence(self, frame: pd.DataFrame, motives: Sequence[str]) -> list[str]:
        """Words that speak most for each statement's motive; see `stance.scikit_terms.evidence`."""
        return evidence(self.features, self.heads["motive"], self.features.transform(frame), motives)

    def contributions(self, frame: pd.DataFrame) -> list[Contributions] | None:
        """Tell what every term adds to the scores of linear heads; see `stance.scikit_terms.contributions`."""
        return contributions(self, frame)

    def top_features(self, axis: str, n: int = 15) -> dict[str, list[tuple[str, float]]] | None:
        """N-grams that speak most for each label; see `stance.scikit_terms.top_features`."""
        return top_features(self, axis, n)

    def save(self, folder: Path) -> dict[str, Any]:
        """Write features and heads by skops, and the n-grams apart; see `stance.scikit_files`."""
        save_scikit(folder, self.features, self.heads)
        return {"stance_given_motive": self.stance_given_motive}

    @classmethod
    def load(cls, folder: Path, codebook: Codebook, settings: dict[str, Any]) -> ScikitClassifier:
        """Read what `save` wrote."""
        features, heads = load_scikit(folder, codebook)
        return cls(features, heads, codebook, **settings)


def make_classifier(config: ExperimentConfig, codebook: Codebook) -> TwoAxisClassifier:
    """Return the unfitted classifier that a config describes."""
    if isinstance(config.model, LinearSVMConfig):
        svm = LinearSVC(C=config.model.c, class_weight=config.model.class_weight, random_state=config.seed)
        heads = {axis: clone(svm) for axis in codebook.axes}
        return ScikitClassifier(make_features(config.features), heads, codebook, config.model.stance_given_motive)
    if isinstance(config.model, FastConfig | FineTunedConfig):
        return _make_member(config.model, codebook, config.seed)
    if isinstance(config.model, EnsembleConfig):
        members = [_make_member(each.model, codebook, config.seed + each.seed) for each in config.model.members]
        return Ensemble(codebook, members, [member.weight for member in config.model.members])
    return make_baseline(config.model, codebook)


def _make_member(model: FastConfig | FineTunedConfig, codebook: Codebook, seed: int) -> TwoAxisClassifier:
    settings = model.model_dump(exclude={"name"})
    if isinstance(model, FastConfig):
        return FastClassifier(codebook, **settings, seed=seed)
    return FineTunedClassifier(codebook, **settings, seed=seed)


def make_baseline(model: ModelConfig, codebook: Codebook) -> ScikitClassifier:
    """Return an unfitted baseline."""
    if model.name == "majority.v1":
        heads: dict[str, Any] = {axis: DummyClassifier(strategy="prior") for axis in codebook.axes}
        return ScikitClassifier(TextColumn(), heads, codebook, stance_given_motive=False)
    heads = {}
    for axis in codebook.axes:
        null = codebook.null_label(axis)
        cues = {label.id: list(label.cues) for label in codebook.axis(axis).labels if label.id != null}
        heads[axis] = KeywordClassifier(cues)
    return ScikitClassifier(TextColumn(), heads, codebook)
