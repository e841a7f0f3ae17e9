"""How good predictions are: pure functions of arrays. Labels are strings, and their order is always passed in.

Intervals come from resampling whole articles, because statements of one article resemble one another.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    from stance.codebook import Codebook

RESAMPLES = 2_000  # the ends of a 95% interval then rest on 50 resamples each; more moves them by less than 0.005
CONFIDENCE = 0.95
CALIBRATION_BINS = 15  # as in Guo et al. (2017), so that numbers compare
DIGITS = 6  # enough for any reader, few enough to hide the last bits in which machines differ

Floats = NDArray[np.float64]
Labels = Sequence[str]


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
        ``label, precision, recall, f1, n`` (n statements have it as gold label). A label without statements keeps its
        row; a score that is 0/0 is None, so a label that is never predicted has no precision.

    Raises
    ------
    ValueError
        If a value is not one of ``labels``, or the lengths differ.
    """
    from sklearn.metrics import precision_recall_fscore_support  # slow to import

    gold, predicted = _encode_pair(y_true, y_pred, labels)
    codes = range(len(labels))
    if not len(gold):  # scikit-learn refuses empty arrays
        return [{"label": label, "precision": None, "recall": None, "f1": None, "n": 0} for label in labels]
    columns = precision_recall_fscore_support(gold, predicted, labels=codes, average=None, zero_division=np.nan)
    return [
        {"label": label, "precision": _plain(precision), "recall": _plain(recall), "f1": _plain(f1), "n": int(n)}
        for label, precision, recall, f1, n in zip(labels, *columns, strict=True)
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
    gold, predicted = _encode_pair(y_true, y_pred, labels)
    return float(_macro_f1_of_counts(_label_counts(gold, predicted, len(labels)).sum(axis=0)))


def joint_accuracy(
    motive_true: ArrayLike, motive_pred: ArrayLike, stance_true: ArrayLike, stance_pred: ArrayLike
) -> float:
    """Share of statements with both axes right; NaN for zero statements."""
    right = (_strings(motive_true) == _strings(motive_pred)) & (_strings(stance_true) == _strings(stance_pred))
    return float(right.mean()) if len(right) else math.nan


def confusion(y_true: ArrayLike, y_pred: ArrayLike, labels: Labels) -> list[list[int]]:
    """Count statements by gold label (row) and predicted label (column), both in the order of ``labels``.

    Raises
    ------
    ValueError
        If a value is not one of ``labels``, or the lengths differ.
    """
    gold, predicted = _encode_pair(y_true, y_pred, labels)
    size = len(labels)
    counts: list[list[int]] = np.bincount(gold * size + predicted, minlength=size * size).reshape(size, size).tolist()
    return counts


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
    confidence = np.asarray(proba, dtype=np.float64)
    if not np.all((confidence >= 0) & (confidence <= 1)):
        raise ValueError("every proba must be a number between 0 and 1")
    if not len(confidence):
        return math.nan
    right = _strings(y_true) == _strings(y_pred)
    bin_of = np.clip(np.ceil(confidence * bins).astype(int) - 1, 0, None)
    gaps = np.bincount(bin_of, weights=confidence - right, minlength=bins)
    return float(np.abs(gaps).sum() / len(confidence))


def cluster_bootstrap(
    counts: Floats, statistic: Callable[[Floats], Floats], *, seed: int, resamples: int = RESAMPLES
) -> tuple[Floats, Floats, Floats]:
    """Value and 95% percentile interval of statistics, by resampling whole articles.

    Articles are drawn with replacement, each keeping all its statements (the cluster bootstrap: Davison & Hinkley 1997,
    section 3.8; Field & Welsh, JRSS B 69, 2007), and the interval is cut from the resampled values (Efron & Tibshirani
    1993, chapter 13). Because every statistic is computed on the same resamples, the difference of two systems is a
    paired comparison (Koehn, EMNLP 2004).

    Parameters
    ----------
    counts : array, shape (articles, ...)
        Whatever can be added up over articles.
    statistic : callable
        Maps summed counts of shape (..., *counts.shape[1:]) to values of shape (..., m).
    seed : int
        Seeds the draw of articles.
    resamples : int
        How often the articles are drawn.

    Returns
    -------
    value, low, high : arrays, shape (m,)
        ``low`` and ``high`` are NaN for fewer than two articles: one article cannot show how articles vary.
    """
    value = statistic(counts.sum(axis=0))
    articles = len(counts)
    if articles < 2:
        return value, np.full_like(value, np.nan), np.full_like(value, np.nan)
    drawn = np.random.default_rng(seed).multinomial(articles, np.full(articles, 1 / articles), size=resamples)
    resampled = statistic(np.tensordot(drawn.astype(np.float64), counts, axes=1))
    low, high = np.quantile(resampled, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2], axis=0)
    return value, low, high


def evaluate(
    frame: pd.DataFrame, codebook: Codebook, *, seed: int = 0, baselines: Mapping[str, pd.DataFrame] | None = None
) -> dict[str, Any]:
    """Score predictions on both axes, beside baselines on the same statements.

    Parameters
    ----------
    frame : DataFrame, one row a statement
        With ``statement_id, article_id`` and for each axis ``<axis>, predicted_<axis>, <axis>_proba``.
    codebook : Codebook
        Axes and the order of their labels.
    seed : int
        Seeds the bootstrap; one seed gives the same bytes again.
    baselines : mapping of name to DataFrame
        Predictions of the same statements in the same order; only ``statement_id`` and ``predicted_<axis>`` are read.

    Returns
    -------
    dict
        JSON-ready, see the keys below; floats are rounded to 6 digits and what is undefined is None. A ``difference``
        is this model minus the baseline, on the same resampled articles.

    Raises
    ------
    ValueError
        If a baseline does not predict the same statements in the same order, or a label is not in the codebook.
    """
    baselines = baselines or {}
    for name, other in baselines.items():
        if list(other["statement_id"]) != list(frame["statement_id"]):
            raise ValueError(f"baseline {name!r} must predict the same statements in the same order")
    counts = article_counts(frame, [frame, *baselines.values()], codebook)
    model, *others = _headlines(counts, codebook, seed=seed)
    compared = zip(baselines, others[: len(baselines)], others[len(baselines) :], strict=True)
    return {
        "n_statements": len(frame),
        "n_articles": len(counts),
        "headline": model,
        "baselines": {name: {"headline": own, "difference": difference} for name, own, difference in compared},
        "axes": {axis: _axis(frame, axis, codebook.labels(axis)) for axis in codebook.axes},
    }


def article_counts(gold: pd.DataFrame, predictions: Sequence[pd.DataFrame], codebook: Codebook) -> Floats:
    """Count all that `headline_scores` needs of several predictions of the same statements, by article.

    Parameters
    ----------
    gold : DataFrame, one row a statement
        With ``article_id`` and each axis.
    predictions : sequence of DataFrame
        With ``predicted_<axis>``, rows as in ``gold``.
    codebook : Codebook
        Axes and the order of their labels.

    Returns
    -------
    array, shape (n_articles, n_predictions, n_counts)
        Fit for `cluster_bootstrap`.
    """
    article, articles = pd.factorize(gold["article_id"])
    rows = np.stack([_row_counts(gold, each, codebook) for each in predictions], axis=1)
    counts = np.zeros((len(articles), *rows.shape[1:]))
    np.add.at(counts, article, rows)
    return counts


def headline_names(codebook: Codebook) -> list[str]:
    """Names of the headline scores, in the order of `headline_scores`."""
    return [*(f"{axis}_macro_f1" for axis in codebook.axes), "joint_accuracy"]


def evaluate_labels(
    gold: ArrayLike, predicted: Mapping[str, ArrayLike], labels: Labels, clusters: ArrayLike, *, seed: int = 0
) -> dict[str, Any]:
    """Score systems on one axis, the first beside each of the others on the same rows.

    Parameters
    ----------
    gold : array-like of str, shape (n,)
        Gold labels.
    predicted : mapping of name to array-like of str, shape (n,)
        What each system predicts; the first one is compared to the others.
    labels : sequence of str
        All labels, in order.
    clusters : array-like, shape (n,)
        Rows of equal value are drawn together, as rows that share a text must be.
    seed : int
        Seeds the bootstrap.

    Returns
    -------
    dict
        JSON-ready: ``n_rows``, ``n_clusters``, and for every system its ``macro_f1`` (value, low, high), its
        ``labels`` (see `per_label`) and, for all but the first, ``difference``: the first's macro-F1 minus its own, on
        the same resampled clusters (see `cluster_bootstrap`).

    Raises
    ------
    ValueError
        If a value is not one of ``labels``, or the lengths differ.
    """
    rows = [_label_counts(*_encode_pair(gold, own, labels), len(labels)) for own in predicted.values()]
    cluster, names = pd.factorize(_strings(clusters))
    counts = np.zeros((len(names), len(rows), 3 * len(labels)))
    np.add.at(counts, cluster, np.stack(rows, axis=1))

    def statistic(summed: Floats) -> Floats:
        scores = _macro_f1_of_counts(summed)
        return np.concatenate([scores, scores[..., :1] - scores[..., 1:]], axis=-1)

    bounds = np.stack(cluster_bootstrap(counts, statistic, seed=seed), axis=-1)
    cells = [dict(zip(("value", "low", "high"), map(_plain, row), strict=True)) for row in bounds]
    systems = {
        name: {"macro_f1": cells[at], "labels": per_label(gold, own, labels)}
        | ({"difference": cells[len(predicted) + at - 1]} if at else {})
        for at, (name, own) in enumerate(predicted.items())
    }
    return {"n_rows": len(cluster), "n_clusters": len(names), "systems": systems}


def _axis(frame: pd.DataFrame, axis: str, labels: Labels) -> dict[str, Any]:
    gold, predicted = frame[axis], frame[f"predicted_{axis}"]
    right = _strings(gold) == _strings(predicted)
    return {
        "accuracy": _plain(right.mean() if len(right) else math.nan),
        "ece": _plain(expected_calibration_error(gold, predicted, frame[f"{axis}_proba"])),
        "labels": per_label(gold, predicted, labels),
        "confusion": confusion(gold, predicted, labels),
    }


def _headlines(counts: Floats, codebook: Codebook, *, seed: int) -> list[dict[str, Any]]:
    """Headline of the model and of each baseline, then the model's lead over each baseline."""
    names = headline_names(codebook)

    def statistic(summed: Floats) -> Floats:
        scores = headline_scores(summed, codebook)
        lead = scores[..., :1, :] - scores[..., 1:, :]
        return np.concatenate([scores, lead], axis=-2)

    bounds = np.stack(cluster_bootstrap(counts, statistic, seed=seed), axis=-1)
    return [
        {
            name: dict(zip(("value", "low", "high"), map(_plain, cell), strict=True))
            for name, cell in zip(names, row, strict=True)
        }
        for row in bounds
    ]


def _row_counts(gold: pd.DataFrame, predicted: pd.DataFrame, codebook: Codebook) -> Floats:
    """All that the headline needs of each statement: label counts of every axis, then both right, then one."""
    parts, right = [], np.ones(len(gold), dtype=bool)
    for axis in codebook.axes:
        labels = codebook.labels(axis)
        pair = _encode_pair(gold[axis], predicted[f"predicted_{axis}"], labels)
        parts.append(_label_counts(*pair, len(labels)))
        right &= pair[0] == pair[1]
    return np.column_stack([*parts, right, np.ones(len(gold))])


def headline_scores(counts: Floats, codebook: Codebook) -> Floats:
    """Macro-F1 of every axis, then joint accuracy, shape (..., 3), from summed `article_counts` (..., n_counts)."""
    sizes = [len(codebook.labels(axis)) for axis in codebook.axes]
    *axes, joint = np.split(counts, np.cumsum([3 * size for size in sizes]), axis=-1)
    return np.stack([*map(_macro_f1_of_counts, axes), _ratio(joint[..., 0], joint[..., 1])], axis=-1)


def _label_counts(gold: NDArray[np.intp], predicted: NDArray[np.intp], size: int) -> Floats:
    """Shape (n, 3 * size): right, gold and predicted, one column a label."""
    one_hot = np.eye(size)
    return np.hstack([one_hot[gold] * one_hot[predicted], one_hot[gold], one_hot[predicted]])


def _macro_f1_of_counts(counts: Floats) -> Floats:
    right, gold, predicted = np.split(counts, 3, axis=-1)
    used = gold + predicted
    f1 = np.divide(2 * right, used, out=np.zeros_like(used), where=used > 0)
    return _ratio(f1.sum(axis=-1), (used > 0).sum(axis=-1))


def _ratio(part: Floats, whole: Floats) -> Floats:
    """``part / whole``, and NaN where whole is 0."""
    ratio: Floats = np.divide(part, whole, out=np.full(np.shape(whole), np.nan), where=np.asarray(whole) > 0)
    return ratio


def _encode_pair(y_true: ArrayLike, y_pred: ArrayLike, labels: Labels) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    gold, predicted = _encode(y_true, labels), _encode(y_pred, labels)
    if len(gold) != len(predicted):
        raise ValueError(f"{len(gold)} gold labels, but {len(predicted)} predicted ones")
    return gold, predicted


def _encode(values: ArrayLike, labels: Labels) -> NDArray[np.intp]:
    """Position of each value in ``labels``; an unknown one is an error, where scikit-learn would ignore it."""
    strings = _strings(values)
    codes = pd.Index(labels).get_indexer(pd.Index(strings))
    if (codes < 0).any():
        raise ValueError(f"{strings[codes < 0][0]!r} is not one of the labels {', '.join(labels)}")
    return codes


def _strings(values: ArrayLike) -> NDArray[np.object_]:
    return np.asarray(values, dtype=object)


def _plain(number: float) -> float | None:
    """Return a float that JSON can hold; ``+ 0.0`` turns a rounded -0.0 into 0.0."""
    return None if math.isnan(number) else round(float(number), DIGITS) + 0.0
