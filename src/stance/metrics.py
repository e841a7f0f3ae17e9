"""How good predictions are: pure functions of arrays. Labels are strings, and their order is always passed in.

Undefined scores are NaN, or None where they stand in a row for a reader. Intervals: see `stance.evaluation`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stance.counts import Codes, Floats, Labels, encode, encode_pair, label_counts, label_scores, macro_scores, strings

CALIBRATION_BINS = 15  # as in Guo et al. (2017), so that numbers compare
DIGITS = 6  # enough for any reader, few enough to hide the last bits in which machines differ
FEW_OF_LABEL = 10  # statements; with fewer, one more right answer moves a label's recall by over a tenth
LEAST_PROBA = 1e-6  # proba are stored with 6 digits: a stored 0 may be anything below 5e-7, and must not cost infinity


def per_label(y_true: ArrayLike, y_pred: ArrayLike, labels: Labels) -> list[dict[str, Any]]:
    """Precision, recall and F1 of every label, in the order of ``labels``.

    Parameters
    ----------
    y_true, y_pred : array-like of str, shape (n,)
        Gold and predicted labels.
    labels : sequence of str
        All labels of the axis.

    Returns
    -------
    list of dict
        ``label, precision, recall, f1, n, n_predicted`` (n statements have it as gold label). A label without
        statements keeps its row; a score that is 0/0 is None, so a label that is never predicted has no precision.

    Raises
    ------
    ValueError
        If a value is not one of ``labels``, or the lengths differ.
    """
    counts = _summed_counts(y_true, y_pred, labels)
    _, gold, predicted = np.split(counts, 3)
    columns = (*label_scores(counts), gold, predicted)
    return [
        {"label": label, "precision": plain(precision), "recall": plain(recall), "f1": plain(f1)}
        | {"n": int(n), "n_predicted": int(n_predicted)}
        for label, precision, recall, f1, n, n_predicted in zip(labels, *columns, strict=True)
    ]


def macro_f1(y_true: ArrayLike, y_pred: ArrayLike, labels: Labels) -> float:
    """Mean F1 over the labels that occur in gold or prediction.

    The same number as scikit-learn's ``f1_score(average="macro", labels=labels, zero_division=np.nan)``: a label that
    nobody used is left out, and a label that was only predicted, or only missed, counts as 0.

    Returns
    -------
    float
        Between 0 and 1; NaN for zero statements.

    Raises
    ------
    ValueError
        If a value is not one of ``labels``, or the lengths differ.
    """
    return float(macro_scores(_summed_counts(y_true, y_pred, labels))[2])


def joint_accuracy(
    motive_true: ArrayLike, motive_pred: ArrayLike, stance_true: ArrayLike, stance_pred: ArrayLike
) -> float:
    """Share of statements with both axes right; NaN for zero statements."""
    right = (strings(motive_true) == strings(motive_pred)) & (strings(stance_true) == strings(stance_pred))
    return float(right.mean()) if len(right) else math.nan


def confusion(y_true: ArrayLike, y_pred: ArrayLike, labels: Labels) -> list[list[int]]:
    """Count statements by gold label (row) and predicted label (column), both in the order of ``labels``.

    Raises
    ------
    ValueError
        If a value is not one of ``labels``, or the lengths differ.
    """
    gold, predicted = encode_pair(y_true, y_pred, labels)
    size = len(labels)
    counts: list[list[int]] = np.bincount(gold * size + predicted, minlength=size * size).reshape(size, size).tolist()
    return counts


def log_loss(y_true: ArrayLike, proba: ArrayLike, labels: Labels) -> float:
    """Mean of -log of the proba given to the gold label, in nats; what a well-calibrated, sharp model keeps low.

    A proba under 1e-6 counts as 1e-6, because proba are stored with 6 digits.

    Parameters
    ----------
    y_true : array-like of str, shape (n,)
        Gold labels.
    proba : array-like of float, shape (n, n_labels)
        Columns in the order of ``labels``.
    labels : sequence of str
        All labels of the axis.

    Returns
    -------
    float
        From 0 (always certain and right) to 13.8; NaN for zero statements.

    Raises
    ------
    ValueError
        If a value is not one of ``labels``.
    """
    losses = log_losses(encode(y_true, labels), _table(proba, labels))
    return float(losses.mean()) if len(losses) else math.nan


def brier_score(y_true: ArrayLike, proba: ArrayLike, labels: Labels) -> float:
    """Mean squared distance of the proba to the gold label, which has 1 there and 0 elsewhere (Brier 1950).

    All labels add to the distance, so that it is twice the half-score that is usual for an event with two outcomes.

    Returns
    -------
    float
        From 0 (always certain and right) to 2 (always certain and wrong); NaN for zero statements.

    Raises
    ------
    ValueError
        If a value is not one of ``labels``.
    """
    distances = squared_distances(encode(y_true, labels), _table(proba, labels))
    return float(distances.mean()) if len(distances) else math.nan


def expected_calibration_error(
    y_true: ArrayLike, y_pred: ArrayLike, proba: ArrayLike, *, bins: int = CALIBRATION_BINS
) -> float:
    """How far the stated proba is from the share that is right, on average over statements.

    Statements are put into equal-width bins by the proba of their predicted label; each bin gives the distance between
    its mean proba and its accuracy, weighted by its statements (Naeini et al., AAAI 2015; Guo et al., ICML 2017).

    Parameters
    ----------
    y_true, y_pred : array-like of str, shape (n,)
        Gold and predicted labels.
    proba : array-like of float, shape (n,)
        Proba of the predicted label.
    bins : int
        Number of bins between 0 and 1, each closed on the right.

    Returns
    -------
    float
        Between 0 (calibrated) and 1; NaN for zero statements.

    Raises
    ------
    ValueError
        If a proba is not between 0 and 1.
    """
    gaps = calibration_gaps(strings(y_true) == strings(y_pred), proba, bins=bins)
    return float(np.abs(gaps.sum(axis=0)).sum() / len(gaps)) if len(gaps) else math.nan


def reliability_bins(
    y_true: ArrayLike, y_pred: ArrayLike, proba: ArrayLike, *, bins: int = CALIBRATION_BINS
) -> list[dict[str, Any]]:
    """Stated proba beside the share that is right, bin by bin: what `expected_calibration_error` sums up.

    Returns
    -------
    list of dict
        ``low, high`` (the bin holds low < proba <= high; the first one also 0), ``n``, ``confidence`` (mean proba) and
        ``accuracy``, in rising order. A bin without statements has no row.

    Raises
    ------
    ValueError
        If a proba is not between 0 and 1.
    """
    confidence, right = np.asarray(proba, dtype=np.float64), strings(y_true) == strings(y_pred)
    at = _bins(confidence, bins)
    n, stated, hits = (np.bincount(at, weights=each, minlength=bins) for each in (np.ones(len(at)), confidence, right))
    return [
        {"low": plain(bin_ / bins), "high": plain((bin_ + 1) / bins), "n": int(n[bin_])}
        | {"confidence": plain(stated[bin_] / n[bin_]), "accuracy": plain(hits[bin_] / n[bin_])}
        for bin_ in np.flatnonzero(n)
    ]


def log_losses(gold: Codes, proba: Floats) -> Floats:
    """-log of the proba of the gold label of each statement, shape (n,); see `log_loss`."""
    losses: Floats = -np.log(np.clip(proba[np.arange(len(gold)), gold], LEAST_PROBA, None))
    return losses


def squared_distances(gold: Codes, proba: Floats) -> Floats:
    """Squared distance of each statement's proba to its gold label, shape (n,); see `brier_score`."""
    distances: Floats = ((proba - np.eye(proba.shape[1])[gold]) ** 2).sum(axis=1)
    return distances


def calibration_gaps(right: ArrayLike, proba: ArrayLike, *, bins: int = CALIBRATION_BINS) -> Floats:
    """Proba less outcome of each statement in the column of its bin, shape (n, bins).

    Summed over statements, the distances of the columns from 0 make the `expected_calibration_error`.
    """
    confidence = np.asarray(proba, dtype=np.float64)
    gaps: Floats = np.eye(bins)[_bins(confidence, bins)] * (confidence - np.asarray(right, dtype=bool))[:, None]
    return gaps


def plain(number: float) -> float | None:
    """Return a float that JSON can hold, rounded; ``+ 0.0`` turns a rounded -0.0 into 0.0."""
    return None if math.isnan(number) else round(float(number), DIGITS) + 0.0


def _summed_counts(y_true: ArrayLike, y_pred: ArrayLike, labels: Labels) -> Floats:
    return np.asarray(label_counts(*encode_pair(y_true, y_pred, labels), len(labels)).sum(axis=0))


def _table(proba: ArrayLike, labels: Labels) -> Floats:
    return np.asarray(proba, dtype=np.float64).reshape(-1, len(labels))


def _bins(confidence: Floats, bins: int) -> NDArray[np.intp]:
    if not np.all((confidence >= 0) & (confidence <= 1)):
        raise ValueError("every proba must be a number between 0 and 1")
    return np.asarray(np.clip(np.ceil(confidence * bins) - 1, 0, None), dtype=np.intp)
