"""On which splits two runs can be compared: those where both answered the same questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from stance.codebook import Codebook
from stance.errors import RunError, did_you_mean

if TYPE_CHECKING:
    from stance.runs import Run

# A statement is the same where these are; with equal gold labels the two runs answer the same question.
IDENTITY = ("statement_id", "article_id", "start", "end")
SAME_DATA = "Train both on the same data, split alike."
Pair = tuple[pd.DataFrame, pd.DataFrame]
Split = tuple[str, str]  # collection, split
Skipped = list[dict[str, str]]


def common_codebook(a: Run, b: Run) -> Codebook:
    """Return the codebook that both runs label by; its version and wording may differ, its labels not.

    Raises
    ------
    RunError
        If the labels differ.
    """
    labels = [{axis: sorted(run.codebook.labels(axis)) for axis in run.codebook.axes} for run in (a, b)]
    if labels[0] != labels[1]:
        raise RunError("their codebooks have different labels", where=_where(a, b), remedy=SAME_DATA)
    return a.codebook


def equal_splits(a: Run, b: Run, named: str | None = None) -> tuple[dict[Split, Pair], Skipped]:
    """Find the splits that both runs evaluated on equal statements with equal gold labels.

    Parameters
    ----------
    a, b : Run
        The runs.
    named : str, optional
        ``collection:split``, to look at only this one.

    Returns
    -------
    pairs : dict of (collection, split) to a pair of DataFrame
        The predictions of both runs, row by row of the same statement.
    skipped : list of dict
        ``collection``, ``split`` and ``reason`` of every other split.

    Raises
    ------
    RunError
        If there is no such split, or the named one is none.
    """
    pairs, skipped = _sort_out(a, b)
    if named is not None:
        return _only(named, pairs, skipped), []
    if not pairs:
        raise RunError(f"share no split to compare: {_first(skipped)}", where=_where(a, b), remedy=SAME_DATA)
    return pairs, skipped


def _sort_out(a: Run, b: Run) -> tuple[dict[Split, Pair], Skipped]:
    """Return the predictions of every evaluation on equal statements, and why any other is skipped."""
    in_a, in_b = ([(each["collection"], each["split"]) for each in run.metrics["evaluations"]] for run in (a, b))
    pairs, skipped = {}, []
    for key in dict.fromkeys([*in_a, *in_b]):
        if key not in in_a or key not in in_b:
            reason = f"evaluated only by {'A' if key in in_a else 'B'}"
        else:
            pair = _aligned(_evaluated(a, *key), _evaluated(b, *key))
            reason = _unequal(*pair)
            if not reason:
                pairs[key] = pair
                continue
        skipped.append({"collection": key[0], "split": key[1], "reason": reason})
    return pairs, skipped


def _evaluated(run: Run, collection: str, split: str) -> pd.DataFrame:
    frame = run.predictions
    return frame[(frame["collection"] == collection) & (frame["split"] == split)].reset_index(drop=True)


def _aligned(a: pd.DataFrame, b: pd.DataFrame) -> Pair:
    """Bring both into one order: the one they have, as then the intervals are those of the runs' own reports."""
    if list(a["statement_id"]) == list(b["statement_id"]):
        return a, b
    return a.sort_values("statement_id", ignore_index=True), b.sort_values("statement_id", ignore_index=True)


def _unequal(a: pd.DataFrame, b: pd.DataFrame) -> str:
    """Say how many statements or gold labels differ, with an example; nothing where all are equal."""
    gold = [*IDENTITY, "motive", "stance"]
    merged = a.reindex(columns=gold).merge(b.reindex(columns=gold), how="outer", indicator="side")
    differing = merged[merged["side"] != "both"]
    if differing.empty:
        return ""
    ids = list(dict.fromkeys(differing["statement_id"]))
    in_a, in_b = set(a["statement_id"]), set(b["statement_id"])
    kinds = {
        "only in A": sum(each not in in_b for each in ids),
        "only in B": sum(each not in in_a for each in ids),
        "with another place or gold label": sum(each in in_a and each in in_b for each in ids),
    }
    counts = ", ".join(f"{n} {kind}" for kind, n in kinds.items() if n)
    return f"{len(ids)} of {len(in_a | in_b)} statements differ ({counts}), such as {ids[0]}"


def _only(named: str, pairs: dict[Split, Pair], skipped: Skipped) -> dict[Split, Pair]:
    collection, _, split = named.partition(":")
    key = (collection, split)
    if key in pairs:
        return {key: pairs[key]}
    reasons = [each["reason"] for each in skipped if (each["collection"], each["split"]) == key]
    rule = reasons[0] if reasons else "not a collection:split that both runs evaluated"
    raise RunError(rule, where=f"--split {named}", remedy=did_you_mean("", [":".join(each) for each in pairs]))


def _first(skipped: Skipped) -> str:
    """Of the splits that cannot be compared, the first that both evaluated."""
    if not skipped:
        return "neither evaluated any"
    shared = [each for each in skipped if not each["reason"].startswith("evaluated only")]
    each = (shared or skipped)[0]
    return f"{each['collection']} {each['split']}: {each['reason']}"


def _where(a: Run, b: Run) -> str:
    return f"{a.path} and {b.path}"
