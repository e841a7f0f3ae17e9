"""All that is reported of one axis, and of both axes taken as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from stance.bootstrap import Cell, Measure
from stance.counts import Floats, Labels, accuracy, encode, encode_pair, label_counts, label_scores, macro_scores, ratio
from stance.metrics import (
    CALIBRATION_BINS,
    calibration_gaps,
    confusion,
    log_losses,
    per_label,
    reliability_bins,
    squared_distances,
)

if TYPE_CHECKING:
    import pandas as pd

    from stance.codebook import Codebook

SINGLE = ("accuracy", "precision", "recall", "f1", "log_loss", "brier", "ece")  # scores that all labels share
BY_LABEL = ("precision", "recall", "f1")


@dataclass(frozen=True)
class Answers:
    """Gold and predicted labels of n statements, and what their proba cost.

    ``confidence`` is the proba of the prediction; None where it is not known. ``log_losses`` and ``distances`` are NaN
    where the proba are not known.
    """

    labels: Labels
    gold: Sequence[str]
    predicted: Sequence[str]
    log_losses: Floats
    distances: Floats
    confidence: Floats | None
    with_confusion: bool = True

    def measure(self) -> Measure:
        """Return every score of the block, as sums over statements and what follows from them."""
        size = len(self.labels)
        gold, predicted = encode_pair(self.gold, self.predicted, self.labels)
        if self.confidence is None:
            gaps = np.full((len(gold), CALIBRATION_BINS), np.nan)
        else:
            gaps = calibration_gaps(gold == predicted, self.confidence)
        sums = np.column_stack([label_counts(gold, predicted, size), self.log_losses, self.distances, gaps])
        return Measure(sums, lambda summed: _scores(summed, size))

    def block(self, cells: Sequence[Cell]) -> dict[str, Any]:
        """Name the cells of the scores, and add what has no interval.

        Returns
        -------
        dict
            ``accuracy``; ``macro`` with ``precision, recall, f1`` (see `stance.counts.macro_scores`); ``log_loss``,
            ``brier``, ``ece`` (see `stance.metrics`); ``labels``, a row for every label, with ``n`` and
            ``n_predicted`` as numbers; ``confusion``; ``reliability``, a row a bin.

        Notes
        -----
        The interval of ``ece`` tends to lie above its value, and may not hold it: resampling adds noise to every bin,
        and the distance from 0 counts noise of either sign as error.
        """
        single = dict(zip(SINGLE, cells, strict=False))
        by_label = np.array(cells[len(SINGLE) :], dtype=object).reshape(len(BY_LABEL), len(self.labels))
        rows = per_label(self.gold, self.predicted, self.labels)
        labels = [row | dict(zip(BY_LABEL, own, strict=True)) for row, own in zip(rows, by_label.T, strict=True)]
        matrix = {"confusion": confusion(self.gold, self.predicted, self.labels)} if self.with_confusion else {}
        return {
            "accuracy": single["accuracy"],
            "macro": {name: single[name] for name in BY_LABEL},
            **{name: single[name] for name in ("log_loss", "brier", "ece")},
            "labels": labels,
            **matrix,
            "reliability": self._reliability(),
        }

    def _reliability(self) -> list[dict[str, Any]]:
        return [] if self.confidence is None else reliability_bins(self.gold, self.predicted, self.confidence)


def axis_answers(frame: pd.DataFrame, axis: str, labels: Labels) -> Answers:
    """Take the answers of one axis from a frame of predictions; `stance.evaluation.evaluate` says which columns."""
    gold, predicted = list(frame[axis]), list(frame[f"predicted_{axis}"])
    codes = encode(gold, labels)
    proba = frame.reindex(columns=[f"proba_{axis}_{label}" for label in labels]).to_numpy(dtype=np.float64)
    losses, distances = log_losses(codes, proba), squared_distances(codes, proba)
    return Answers(labels, gold, predicted, losses, distances, frame[f"{axis}_proba"].to_numpy(dtype=np.float64))


def joint_labels(codebook: Codebook) -> tuple[str, ...]:
    """Pairs ``motive/stance`` in the codebook's order; the null motive pairs with the null stance alone."""
    null_motive, null_stance = (codebook.null_label(axis) for axis in codebook.axes)
    return tuple(
        f"{motive}/{stance}"
        for motive in codebook.labels("motive")
        for stance in ((null_stance,) if motive == null_motive else codebook.labels("stance"))
    )


def joint_answers(frame: pd.DataFrame, codebook: Codebook) -> Answers:
    """Take both axes as one, whose labels are the `joint_labels`.

    The proba of a pair that was not predicted is not stored. Log loss, Brier score and ECE are therefore those of one
    event, that both labels are right, under ``joint_proba``; the Brier score of an event is the usual half-score,
    between 0 and 1.
    """
    gold = [f"{motive}/{stance}" for motive, stance in zip(frame["motive"], frame["stance"], strict=True)]
    pairs = zip(frame["predicted_motive"], frame["predicted_stance"], strict=True)
    predicted = [f"{motive}/{stance}" for motive, stance in pairs]
    confidence = frame["joint_proba"].to_numpy(dtype=np.float64) if "joint_proba" in frame else None
    known = np.full(len(frame), np.nan) if confidence is None else confidence
    event, proba = np.array(gold) == np.array(predicted), np.column_stack([1 - known, known])
    losses, distances = log_losses(event.astype(np.intp), proba), squared_distances(event.astype(np.intp), proba) / 2
    return Answers(joint_labels(codebook), gold, predicted, losses, distances, confidence, with_confusion=False)


def _scores(summed: Floats, size: int) -> Floats:
    """Scores in the order `SINGLE`, then `BY_LABEL` label by label, shape (..., 7 + 3 * size)."""
    counts, costs, gaps = np.split(summed, [3 * size, 3 * size + 2], axis=-1)
    n = counts[..., size : 2 * size].sum(axis=-1, keepdims=True)
    error = np.abs(gaps).sum(axis=-1, keepdims=True)
    single = (accuracy(counts)[..., None], macro_scores(counts), ratio(costs, n), ratio(error, n))
    return np.concatenate([*single, *label_scores(counts)], axis=-1)
