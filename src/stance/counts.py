"""Counts by label that add up over statements, and the scores that follow from their sums.

A resampled score then needs the sums of its articles alone, not their statements.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

Codes = NDArray[np.intp]
Floats = NDArray[np.float64]
Labels = Sequence[str]


def strings(values: ArrayLike) -> NDArray[np.object_]:
    """Labels as an array of Python strings, whatever they came as."""
    return np.asarray(values, dtype=object)


def encode(values: ArrayLike, labels: Labels) -> Codes:
    """Position of each value in ``labels``; an unknown one is an error, where scikit-learn would ignore it."""
    given = strings(values)
    codes = pd.Index(labels).get_indexer(pd.Index(given))
    if (codes < 0).any():
        raise ValueError(f"{given[codes < 0][0]!r} is not one of the labels {', '.join(labels)}")
    return codes


def encode_pair(y_true: ArrayLike, y_pred: ArrayLike, labels: Labels) -> tuple[Codes, Codes]:
    """Positions of gold and predicted labels, which must be equally many."""
    gold, predicted = encode(y_true, labels), encode(y_pred, labels)
    if len(gold) != len(predicted):
        raise ValueError(f"{len(gold)} gold labels, but {len(predicted)} predicted ones")
    return gold, predicted


def label_counts(gold: Codes, predicted: Codes, size: int) -> Floats:
    """Shape (n, 3 * size): right, gold and predicted, one column a label."""
    one_hot = np.eye(size)
    return np.hstack([one_hot[gold] * one_hot[predicted], one_hot[gold], one_hot[predicted]])


def label_scores(counts: Floats) -> tuple[Floats, Floats, Floats]:
    """Precision, recall and F1 of every label, each (..., size), from summed `label_counts`; NaN where 0/0."""
    right, gold, predicted = np.split(counts, 3, axis=-1)
    return ratio(right, predicted), ratio(right, gold), ratio(2 * right, gold + predicted)


def macro_scores(counts: Floats) -> Floats:
    """Macro precision, recall and F1, shape (..., 3), from summed `label_counts`.

    Each is the mean over the labels that occur in gold or prediction. Of these, one that is never predicted has no
    precision and one that is only predicted has no recall: both count as 0. scikit-learn gives the same numbers for
    ``average="macro", zero_division=0`` without ``labels``.
    """
    _, gold, predicted = np.split(counts, 3, axis=-1)
    used = (gold + predicted > 0).sum(axis=-1)
    return np.stack([ratio(np.nan_to_num(each).sum(axis=-1), used) for each in label_scores(counts)], axis=-1)


def accuracy(counts: Floats) -> Floats:
    """Share of right predictions, shape (...), from summed `label_counts`."""
    right, gold, _ = np.split(counts, 3, axis=-1)
    return ratio(right.sum(axis=-1), gold.sum(axis=-1))


def ratio(part: Floats, whole: Floats) -> Floats:
    """``part / whole``, and NaN where whole is 0."""
    shape = np.broadcast_shapes(np.shape(part), np.shape(whole))
    quotient: Floats = np.divide(part, whole, out=np.full(shape, np.nan), where=np.asarray(whole) > 0)
    return quotient
