"""Two systems on the same statements: what one gains over the other, and whether chance could have given it.

Pure functions of two frames of predictions whose rows are the same statements in the same order (the columns of
``predictions.jsonl``). Differences are always B minus A.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from stance.bootstrap import FEW_ARTICLES, bootstrap_cells
from stance.comparable import IDENTITY
from stance.evaluation import headline_measure, headlines
from stance.metrics import per_label, plain
from stance.reliability import right_on, right_on_both

if TYPE_CHECKING:
    from stance.codebook import Codebook

JOINT = "joint"  # both axes right
A_BETTER, B_BETTER, NO_DIFFERENCE = "A better", "B better", "no clear difference"
TOO_FEW = "too few articles"  # for an interval to be trusted, or to have one


def compare_predictions(
    a: pd.DataFrame, b: pd.DataFrame, codebook: Codebook, *, texts: Mapping[str, str] | None = None, seed: int = 0
) -> dict[str, Any]:
    """Compare two systems' predictions of the same statements.

    Parameters
    ----------
    a, b : DataFrame, one row a statement
        With ``statement_id, article_id`` and for each axis ``<axis>, predicted_<axis>, <axis>_proba``; rows alike.
    codebook : Codebook
        Axes and the order of their labels.
    texts : mapping of statement id to text, optional
        Of the statements whose text may be shown.
    seed : int
        Seeds the bootstrap.

    Returns
    -------
    dict
        JSON-ready: counts, ``headline``, ``mcnemar``, ``labels`` and ``flips`` by direction, all of them.
    """
    pairs = {axis: (right_on(a, axis), right_on(b, axis)) for axis in codebook.axes}
    pairs[JOINT] = right_on_both(a, codebook), right_on_both(b, codebook)
    return {
        "n_statements": len(a),
        "n_articles": int(a["article_id"].nunique()),
        "headline": headline_differences(a, b, codebook, seed=seed),
        "mcnemar": {name: mcnemar(*pair) for name, pair in pairs.items()},
        "labels": {axis: label_differences(a, b, axis, codebook) for axis in codebook.axes},
        "flips": {f"{right}_right": _flips(a, b, right, codebook, texts or {}) for right in "ab"},
    }


def headline_differences(a: pd.DataFrame, b: pd.DataFrame, codebook: Codebook, *, seed: int = 0) -> dict[str, Any]:
    """Score both systems and B less A, with intervals that resample whole articles, the same ones for both.

    Returns
    -------
    dict of metric to dict
        ``a``, ``b``, ``difference`` (each ``value``, ``low``, ``high``; see `stance.bootstrap.cluster_bootstrap`) and a
        ``verdict``: a system is better where the interval of the difference does not hold 0.
    """
    (cells,) = bootstrap_cells([headline_measure(a, [b, a], codebook)], a["article_id"], seed=seed)
    of_b, of_a, lead_of_b = headlines(cells, codebook)
    n_articles = a["article_id"].nunique()
    return {
        metric: {"a": of_a[metric], "b": of_b[metric], "difference": lead, "verdict": verdict(lead, n_articles)}
        for metric, lead in lead_of_b.items()
    }


def verdict(difference: Mapping[str, float | None], n_articles: int) -> str:
    """Say which system is better by the interval of B minus A."""
    low, high = difference["low"], difference["high"]
    if low is None or high is None or n_articles < FEW_ARTICLES:
        return TOO_FEW
    return B_BETTER if low > 0 else A_BETTER if high < 0 else NO_DIFFERENCE


def mcnemar(a_right: ArrayLike, b_right: ArrayLike) -> dict[str, Any]:
    """Exact McNemar test of whether two systems are right equally often.

    Only the discordant statements count; were the systems equally good, each would be as likely to go either way, so
    their split is binomial with one half (McNemar, Psychometrika 12, 1947; exact, two-sided). The test takes statements
    as independent, which those of one article are not, so its p is too small where articles differ.

    Parameters
    ----------
    a_right, b_right : array-like of bool, shape (n,)
        Whether each system is right about each statement.

    Returns
    -------
    dict
        ``a_right`` (statements that only A has right), ``b_right`` (only B) and ``p``, 1.0 without discordant ones.
    """
    from scipy.stats import binomtest  # slow to import

    a, b = np.asarray(a_right, dtype=bool), np.asarray(b_right, dtype=bool)
    only_a, only_b = int((a & ~b).sum()), int((b & ~a).sum())
    p = float(binomtest(only_a, only_a + only_b).pvalue) if only_a + only_b else 1.0
    return {"a_right": only_a, "b_right": only_b, "p": p}


def label_differences(a: pd.DataFrame, b: pd.DataFrame, axis: str, codebook: Codebook) -> list[dict[str, Any]]:
    """F1 of every label of an axis in both systems, and B less A; None where a score is 0/0."""
    scored = [per_label(each[axis], each[f"predicted_{axis}"], codebook.labels(axis)) for each in (a, b)]
    return [
        {
            "label": one["label"],
            "n": one["n"],
            "a": one["f1"],
            "b": other["f1"],
            "difference": None if None in (one["f1"], other["f1"]) else plain(other["f1"] - one["f1"]),
        }
        for one, other in zip(*scored, strict=True)
    ]


def _flips(
    a: pd.DataFrame, b: pd.DataFrame, right: str, codebook: Codebook, texts: Mapping[str, str]
) -> dict[str, Any]:
    """List what only the run ``right`` has right, those first where the other is surest of a wrong label."""
    sides = {"a": a, "b": b}
    wrong = sides["b" if right == "a" else "a"]
    probas = [wrong[f"{axis}_proba"].where(~right_on(wrong, axis)) for axis in codebook.axes]
    frame = a.reindex(columns=IDENTITY).assign(
        text=a["statement_id"].map(dict(texts)),
        **{axis: a[axis] for axis in codebook.axes},
        **{f"{side}_{axis}": each[f"predicted_{axis}"] for side, each in sides.items() for axis in codebook.axes},
        proba=pd.concat(probas, axis=1).max(axis=1),
    )
    rows = frame[right_on_both(sides[right], codebook) & ~right_on_both(wrong, codebook)]
    rows = rows.sort_values(["proba", "statement_id"], ascending=[False, True])
    # A run without places, or a statement without a text, has NaN there, which is not JSON.
    statements = [
        {str(key): None if pd.isna(value) else value for key, value in row.items()} for row in rows.to_dict("records")
    ]
    return {"n": len(statements), "statements": statements}
