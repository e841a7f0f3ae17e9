"""Models of one label for a text, perhaps about a target."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, Self

import numpy as np

from stance.errors import ConfigError, CorpusError
from stance.features import make_features
from stance.labeled_config import LogisticHead, SystemConfig

if TYPE_CHECKING:
    import pandas as pd

Labels = np.ndarray[Any, np.dtype[np.object_]]


class LabelModel(Protocol):
    """What every model of one label can do; a fine-tuned one would be another of these."""

    def fit(self, frame: pd.DataFrame) -> Self:
        """Learn from rows with the columns ``text``, ``target`` and ``label``."""

    def predict(self, frame: pd.DataFrame) -> Labels:
        """Return the likeliest label of each row; only ``text`` and ``target`` are read."""


class LinearLabelModel:
    """Blocks of features over text and target, and a linear head.

    Parameters
    ----------
    config : SystemConfig
        Features and head.
    seed : int
        Seeds the head's solver.
    """

    def __init__(self, config: SystemConfig, seed: int) -> None:
        self.features, self.head = make_features(config.features), _head(config, seed)

    def fit(self, frame: pd.DataFrame) -> LinearLabelModel:
        """Learn from labeled rows.

        Raises
        ------
        ConfigError
            If no feature is left by ``min_df``, or none is as long as ``ngram_range`` asks.
        CorpusError
            If all rows have one label, as may happen to a small fold.
        """
        gold = frame["label"].to_numpy(dtype=object)
        if len(set(gold)) < 2:
            rule = "the rows to learn from, or those of one fold, have a single label, and two are needed"
            raise CorpusError(rule, where="data.train", remedy="Give more rows, or ask for fewer folds.")
        try:
            matrix = self.features.fit_transform(frame)
        except ValueError as cause:
            rule = f"features: {str(cause).splitlines()[0].rstrip('.').lower()}"
            raise ConfigError(rule, where="features", remedy="Lower min_df, or shorten ngram_range.") from None
        self.head.fit(matrix, gold)
        return self

    def predict(self, frame: pd.DataFrame) -> Labels:
        """Return the likeliest label of each row."""
        return np.asarray(self.head.predict(self.features.transform(frame)), dtype=object)


def _head(config: SystemConfig, seed: int) -> Any:
    from sklearn.linear_model import LogisticRegression
    from sklearn.svm import LinearSVC

    head = config.model
    if isinstance(head, LogisticHead):
        return LogisticRegression(C=head.c, class_weight=head.class_weight, max_iter=1000, random_state=seed)
    return LinearSVC(C=head.c, class_weight=head.class_weight, random_state=seed)


def make_label_model(config: SystemConfig, seed: int) -> LabelModel:
    """Return the unfitted model that a config describes."""
    return LinearLabelModel(config, seed)
