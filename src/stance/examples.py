"""Which predictions a report shows: the errors that teach most, and a few right ones to hold them against."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from stance.reliability import right_on_both

if TYPE_CHECKING:
    from stance.codebook import Codebook

SURE, CONFUSED, CLOSE, RIGHT = "sure and wrong", "often confused", "nearly right", "right, for comparison"
SHOWN = {SURE: 12, CONFUSED: 12, CLOSE: 6, RIGHT: 6}  # of each; more are skimmed, not read


@dataclass(frozen=True)
class Example:
    """A chosen row of the predictions, and why it was chosen."""

    index: int
    reason: str


def choose_examples(frame: pd.DataFrame, codebook: Codebook, shown: Collection[str]) -> list[Example]:
    """Choose statements to look at; none twice, and those whose text can be shown come first in every group.

    The groups: `SURE`, errors with the largest proba; `CONFUSED`, the surest error of each pair of labels that is
    confused most often; `CLOSE`, errors where the gold label came nearly as likely as the predicted one; `RIGHT`, the
    least sure right predictions that have a motive.

    Parameters
    ----------
    frame : DataFrame, one row a statement
        Predictions as in ``predictions.jsonl``.
    codebook : Codebook
        Axes and labels.
    shown : collection of str
        Ids of the statements whose text can be shown.
    """
    if frame.empty:
        return []
    ranks = _ranks(frame.reset_index(drop=True), codebook)
    hidden = ~frame["statement_id"].isin(list(shown)).to_numpy()
    ids = frame["statement_id"].to_numpy()
    chosen: list[Example] = []
    taken: set[int] = set()
    for reason, rank in ranks.items():
        order = [int(i) for i in np.lexsort((ids, rank, hidden)) if np.isfinite(rank[i]) and int(i) not in taken]
        some = order[: SHOWN[reason]]
        taken.update(some)
        chosen += [Example(index, reason) for index in some]
    return chosen


def _ranks(frame: pd.DataFrame, codebook: Codebook) -> dict[str, np.ndarray]:
    """By group, a number for each row: the smaller, the sooner it is chosen; infinite where it does not belong."""
    right = right_on_both(frame, codebook)
    sure = _surest_error(frame, codebook)
    has_motive = frame["motive"].ne(codebook.null_label("motive")).to_numpy()
    joint = frame.get("joint_proba", frame["motive_proba"]).to_numpy()
    return {
        SURE: np.where(right, np.inf, -sure),
        CONFUSED: _by_confusion(frame, codebook, sure),
        CLOSE: np.where(right, np.inf, _margin(frame, codebook)),
        RIGHT: np.where(right & has_motive, joint, np.inf),
    }


def _surest_error(frame: pd.DataFrame, codebook: Codebook) -> np.ndarray:
    """Largest proba of a wrong label of each row; 0 where none is wrong."""
    wrong = [
        frame[f"{axis}_proba"].where(frame[axis] != frame[f"predicted_{axis}"], 0.0).to_numpy()
        for axis in codebook.axes
    ]
    return np.asarray(np.max(wrong, axis=0))


def _by_confusion(frame: pd.DataFrame, codebook: Codebook, sure: np.ndarray) -> np.ndarray:
    """Rank the surest error of each confused pair of labels, the most frequent pair first."""
    rank = np.full(len(frame), np.inf)
    for axis in codebook.axes:
        wrong = frame[frame[axis] != frame[f"predicted_{axis}"]]
        pairs = wrong.groupby([axis, f"predicted_{axis}"], sort=True).indices
        for rows in pairs.values():
            places = wrong.index[rows].to_numpy()
            # More than one of a pair, or a pair whose one text cannot be shown would have nothing to show.
            for order, place in enumerate(places[np.argsort(-sure[places], kind="stable")]):
                rank[place] = min(rank[place], order * 1_000 - len(rows))
    return rank


def _margin(frame: pd.DataFrame, codebook: Codebook) -> np.ndarray:
    """Return how far the gold labels' proba are below the predicted ones', the larger of both axes."""
    margins = []
    for axis in codebook.axes:
        columns = [f"proba_{axis}_{label}" for label in codebook.labels(axis)]
        if not set(columns) <= set(frame.columns):
            return np.full(len(frame), np.inf)
        proba = frame[columns].to_numpy(dtype=float)
        gold = frame[axis].map({label: code for code, label in enumerate(codebook.labels(axis))}).to_numpy(dtype=int)
        margins.append(frame[f"{axis}_proba"].to_numpy() - proba[np.arange(len(frame)), gold])
    return np.asarray(np.max(margins, axis=0))
