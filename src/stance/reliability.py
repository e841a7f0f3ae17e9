"""How far a stated proba can be relied on: calibration before and after, and risk against coverage.

Pure functions of arrays and of frames of predictions (the columns of ``predictions.jsonl``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stance.bootstrap import Cell, cell, draw_clusters, percentile_interval
from stance.counts import Floats, strings
from stance.decision import Threshold, choose_threshold
from stance.metrics import expected_calibration_error, plain

if TYPE_CHECKING:
    import pandas as pd

    from stance.codebook import Codebook

POINTS = 100  # of a risk-coverage curve that are kept; more cannot be seen
SHOWN = (1.0, 0.8, 0.6, 0.4)  # coverages of the small table
CHUNK = 1_000_000  # numbers held at a time per array of a resampled curve (8 MB)
FEW = 200  # validation statements under which out-of-fold ones join them: 0.9 is then known to within about 0.04


def selective_risk(confidence: ArrayLike, right: ArrayLike) -> Floats:
    """Share of wrong predictions among the k most confident, for every k, shape (n,).

    Parameters
    ----------
    confidence : array-like of float, shape (n,)
        The larger, the sooner a prediction is kept; equal ones in the order given.
    right : array-like of bool, shape (n,)
        Whether each prediction is right.
    """
    order = np.argsort(-np.asarray(confidence, dtype=float), kind="stable")
    wrong = ~np.asarray(right, dtype=bool)[order]
    return np.asarray(np.cumsum(wrong) / np.arange(1, len(order) + 1))


def risk_coverage(confidence: ArrayLike, right: ArrayLike) -> dict[str, Any]:
    """Trace selective risk against coverage (Geifman & El-Yaniv, NeurIPS 2017).

    Returns
    -------
    dict
        ``coverage`` and ``risk``, lists of at most `POINTS` numbers, coverage ascending to 1; ``aurc``, the mean risk
        over all n coverages (None for zero statements).
    """
    risk = selective_risk(confidence, right)
    n = len(risk)
    kept = np.unique(np.ceil(np.arange(1, POINTS + 1) * n / POINTS).astype(int)) if n else np.empty(0, dtype=int)
    return {
        "coverage": [plain(k / n) for k in kept],
        "risk": [plain(risk[k - 1]) for k in kept],
        "aurc": plain(risk.mean()) if n else None,
    }


def aurc_cell(confidence: ArrayLike, right: ArrayLike, articles: ArrayLike, *, seed: int = 0) -> Cell:
    """Area under the risk-coverage curve (the mean risk over all coverages), with its 95% article-cluster interval.

    Parameters
    ----------
    confidence : array-like of float, shape (n,)
        As for `selective_risk`.
    right : array-like of bool, shape (n,)
        Whether each prediction is right.
    articles : array-like, shape (n,)
        Statements of one article are drawn together.
    seed : int
        Seeds the draw; `stance.bootstrap.cluster_bootstrap` draws the same articles.

    Returns
    -------
    dict
        ``value, low, high``; None where undefined: the ends for fewer than two articles.
    """
    order = np.argsort(-np.asarray(confidence, dtype=float), kind="stable")
    wrong = ~np.asarray(right, dtype=bool)[order]
    names, article = np.unique(strings(articles)[order], return_inverse=True)
    if not len(names):
        return cell(np.nan, np.nan, np.nan)
    value = weighted_aurc(wrong, np.ones((1, len(wrong)), dtype=np.int64))[0]
    if len(names) < 2:
        return cell(value, np.nan, np.nan)
    step = max(1, CHUNK // len(wrong))
    resampled = [
        weighted_aurc(wrong, drawn[start : start + step, article])
        for drawn in draw_clusters(len(names), seed=seed)
        for start in range(0, len(drawn), step)
    ]
    return cell(value, *np.ravel(percentile_interval(np.concatenate(resampled)[:, None])))


def weighted_aurc(wrong: NDArray[np.bool_], times: NDArray[np.int64]) -> Floats:
    """Area under the risk-coverage curve of statements that occur several times, shape (resamples,).

    The very number that repeated rows would give, without repeating them. A statement with k kept before it, e of them
    wrong, adds the risks (e + j) / (k + j) for j = 1 ... t if it is wrong itself and e / (k + j) if it is right; both
    are sums of 1 / (k + j), which a table of harmonic numbers gives.

    Parameters
    ----------
    wrong : array of bool, shape (n,)
        The most confident statement first.
    times : array of int, shape (resamples, n)
        How often each statement occurs.
    """
    kept = np.cumsum(times, axis=1)
    errors = np.cumsum(times * wrong, axis=1)
    before, errors_before = kept - times, errors - times * wrong
    harmonic = np.concatenate([[0.0], np.cumsum(1 / np.arange(1, kept[:, -1].max(initial=0) + 1))])
    inverse = harmonic[kept] - harmonic[before]
    risks = np.where(wrong, times - (before - errors_before) * inverse, errors_before * inverse)
    return np.asarray(risks.sum(axis=1) / kept[:, -1])


def risk_at(curve: dict[str, Any], coverage: float) -> float | None:
    """Risk at the smallest coverage of a curve that is at least the one asked for; None for an empty curve."""
    at = int(np.searchsorted(curve["coverage"], coverage - 1e-9))
    return curve["risk"][at] if curve["risk"] else None


def right_on(frame: pd.DataFrame, axis: str) -> NDArray[np.bool_]:
    """Tell which predictions are right on an axis, shape (n,)."""
    return np.asarray(frame[axis] == frame[f"predicted_{axis}"], dtype=bool)


def right_on_both(frame: pd.DataFrame, codebook: Codebook) -> NDArray[np.bool_]:
    """Tell which predictions are right on every axis, shape (n,)."""
    return np.asarray(np.all([right_on(frame, axis) for axis in codebook.axes], axis=0))


def calibration(frame: pd.DataFrame, codebook: Codebook) -> dict[str, Any]:
    """Measure each axis's calibration error ``before`` (temperature 1) and ``after``; None for zero statements."""

    def error(axis: str, proba: str) -> float | None:
        return plain(expected_calibration_error(frame[axis], frame[f"predicted_{axis}"], frame[proba]))

    return {
        axis: {"before": error(axis, f"{axis}_proba_uncalibrated"), "after": error(axis, f"{axis}_proba")}
        for axis in codebook.axes
    }


def reliability(frame: pd.DataFrame, codebook: Codebook, *, seed: int = 0) -> dict[str, Any]:
    """Calibration and the risk-coverage curve of predictions, by the keys ``calibration`` and ``risk_coverage``.

    The curve has its ``aurc`` also as a cell with an interval, ``aurc_cell``; ``seed`` seeds that.
    """
    sure, right = frame["joint_proba"], right_on_both(frame, codebook)
    curve = risk_coverage(sure, right) | {"aurc_cell": aurc_cell(sure, right, frame["article_id"], seed=seed)}
    return {"calibration": calibration(frame, codebook), "risk_coverage": curve}


def choose_abstention(
    predictions: pd.DataFrame, out_of_fold: pd.DataFrame, collection: str, aim: float, codebook: Codebook
) -> tuple[Threshold, str] | None:
    """Choose where to abstain by statements of one collection that were not trained on, and say which they were.

    The rule: its validation split, where that is predicted. Where that has fewer than `FEW` statements, its out-of-fold
    predictions join, and where there are none of the collection, those of all training data. Training-only batches are
    left out (they are no natural mix, see `stance.corpus`), unless nothing else is there. Test is never looked at.
    None where no such statement was predicted.
    """
    import pandas as pd

    from stance.corpus import TRAINING_ONLY_BATCHES

    validation = predictions[predictions["collection"].eq(collection) & predictions["split"].eq("validation")]
    natural = out_of_fold[~out_of_fold["batch"].isin(TRAINING_ONLY_BATCHES)]
    natural = natural if len(natural) else out_of_fold
    own = natural[natural["collection"] == collection]
    parts = {f"{collection} validation": validation}
    if len(validation) < FEW:
        parts |= {f"{collection} out-of-fold": own} if len(own) or len(validation) else {"out-of-fold": natural}
    parts = {name: part for name, part in parts.items() if len(part)}
    if not parts:
        return None
    chosen = pd.concat(list(parts.values()))
    threshold = choose_threshold(chosen["joint_proba"].to_numpy(), right_on_both(chosen, codebook), aim)
    return threshold, " and ".join(f"{name} ({len(part):,})" for name, part in parts.items())
