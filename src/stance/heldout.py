"""What settings are compared on: statements that no model learned from before it predicted them, test apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from stance.corpus import TRAINING_ONLY_BATCHES

if TYPE_CHECKING:
    import pandas as pd


def held_out(frame: pd.DataFrame, collections: Sequence[str]) -> pd.DataFrame:
    """Return the statements that settings may be compared on, in the order of their ids.

    These are validation, and of the train split (predicted out of fold) the batches that are a natural mix, all of the
    first of the collections that is there. Validation alone has 159 newswire statements, on which nearly every
    difference between two settings is noise; the two together have over five times as many. A fold's model learns from
    a fifth fewer articles than the final one, so scores come out a little low, and alike for every setting.

    Parameters
    ----------
    frame : DataFrame
        One row a statement: ``statement_id``, ``collection``, ``split`` and ``batch``, whatever else it has.
    collections : sequence of str
        As ``data.evaluate`` names them.
    """
    some = frame[frame["split"].isin(["train", "validation"]) & ~frame["batch"].isin(TRAINING_ONLY_BATCHES)]
    there = set(some["collection"])
    head = next((name for name in collections if name in there), None)
    return some[some["collection"] == head].sort_values("statement_id", ignore_index=True)
