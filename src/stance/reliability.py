"""How far a stated proba can be relied on: calibration before and after, and risk against coverage.

Pure functions of arrays and of frames of predictions (the columns of ``predictions.jsonl``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stance.decision import Threshold, choose_threshold
from stance.metrics import DIGITS, expected_calibration_error

if TYPE_CHECKING:
    import pandas as pd

    from stance.codebook import Codebook

POINTS = 100  # of a risk-coverage curve that are kept; more cannot be seen
SHOWN = (1.0, 0.8, 0.6, 0.4)  # coverages of the small table
FEW = 200  # validation statements under which out-of-fold ones join them: 0.9 is then known to within about 0.04

Floats = NDArray[np.float64]


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
        "coverage": [round(float(k / n), DIGITS) for k in kept],
        "risk": [round(float(risk[k - 1]), DIGITS) for k in kept],
        "aurc": round(float(risk.mean()), DIGITS) if n else None,
    }


def risk_at(curve: dict[str, Any], coverage: float) -> float | None:
    """Risk at the smallest coverage of a curve that is at least the one asked for; None for an empty curve."""
    at = int(np.searchsorted(curve["coverage"], coverage - 1e-9))
    return curve["risk"][at] if curve["risk"] else None


def right_on_both(frame: pd.DataFrame, codebook: Codebook) -> NDArray[np.bool_]:
    """Tell which predictions are right on every axis, shape (n,)."""
    return np.asarray(np.all([frame[axis] == frame[f"predicted_{axis}"] for axis in codebook.axes], axis=0))


def calibration(frame: pd.DataFrame, codebook: Codebook) -> dict[str, Any]:
    """Measure each axis's calibration error ``before`` (temperature 1) and ``after``; None for zero statements."""

    def error(axis: str, proba: str) -> float | None:
        found = expected_calibration_error(frame[axis], frame[f"predicted_{axis}"], frame[proba])
        return None if np.isnan(found) else round(found, DIGITS)

    return {
        axis: {"before": error(axis, f"{axis}_proba_uncalibrated"), "after": error(axis, f"{axis}_proba")}
        for axis in codebook.axes
    }


def reliability(frame: pd.DataFrame, codebook: Codebook) -> dict[str, Any]:
    """Calibration and the risk-coverage curve of predictions, by the keys ``calibration`` and ``risk_coverage``."""
    curve = risk_coverage(frame["joint_proba"], right_on_both(frame, codebook))
    return {"calibration": calibration(frame, codebook), "risk_coverage": curve}


def choose_abstention(
    predictions: pd.DataFrame, out_of_fold: pd.DataFrame, collection: str, aim: float, codebook: Codebook
) -> tuple[Threshold, str]:
    """Choose where to abstain by statements of one collection that were not trained on, and say which they were.

    The rule: its validation split, where that is predicted. Where that has fewer than `FEW` statements, its out-of-fold
    predictions join, and where there are none of the collection, those of all training data. Training-only batches are
    left out (they are no natural mix, see `stance.corpus`), unless nothing else is there. Test is never looked at.
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
    chosen = pd.concat(list(parts.values()))
    threshold = choose_threshold(chosen["joint_proba"].to_numpy(), right_on_both(chosen, codebook), aim)
    return threshold, " and ".join(f"{name} ({len(part):,})" for name, part in parts.items())
