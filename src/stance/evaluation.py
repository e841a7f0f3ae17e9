"""What is reported of predictions: headline scores beside baselines, and every axis in full, all with intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from stance.axis_scores import Answers, axis_answers, joint_answers
from stance.bootstrap import Cell, Measure, bootstrap_cells, sum_by_cluster, with_leads
from stance.counts import Floats, encode_pair, label_counts, macro_scores, ratio

if TYPE_CHECKING:
    import pandas as pd

    from stance.codebook import Codebook


def evaluate(
    frame: pd.DataFrame, codebook: Codebook, *, seed: int = 0, baselines: Mapping[str, pd.DataFrame] | None = None
) -> dict[str, Any]:
    """Score predictions on both axes, beside baselines on the same statements.

    Parameters
    ----------
    frame : DataFrame, one row a statement
        With ``statement_id, article_id`` and for each axis ``<axis>, predicted_<axis>, <axis>_proba``. Log loss and
        Brier score also need ``proba_<axis>_<label>``, and those of both axes at once ``joint_proba``.
    codebook : Codebook
        Axes and the order of their labels.
    seed : int
        Seeds the bootstrap; one seed gives the same bytes again, whatever the order of the rows.
    baselines : mapping of name to DataFrame
        Predictions of the same statements in the same order; only ``statement_id`` and ``predicted_<axis>`` are read.

    Returns
    -------
    dict
        JSON-ready: ``n_statements``, ``n_articles``, ``headline``, ``baselines`` and ``axes``, which has a block (see
        `stance.axis_scores.Answers.block`) for each axis and for ``joint``, both axes taken as one. Scores are cells
        ``value, low, high``; floats are rounded to 6 digits and what is undefined is None. A ``difference`` is this
        model minus the baseline, on the same resampled articles (see `stance.bootstrap.cluster_bootstrap`).

    Raises
    ------
    ValueError
        If a baseline does not predict the same statements in the same order, a label is not in the codebook, or the
        null motive comes with another stance than the null one.
    """
    baselines = baselines or {}
    for name, other in baselines.items():
        if list(other["statement_id"]) != list(frame["statement_id"]):
            raise ValueError(f"baseline {name!r} must predict the same statements in the same order")
    answers = {axis: axis_answers(frame, axis, codebook.labels(axis)) for axis in codebook.axes}
    answers["joint"] = joint_answers(frame, codebook)
    headline = headline_measure(frame, [frame, *baselines.values()], codebook)
    measures = [headline, *(each.measure() for each in answers.values())]
    cells, *blocks = bootstrap_cells(measures, frame["article_id"], seed=seed)
    model, *others = headlines(cells, codebook)
    compared = zip(baselines, others[: len(baselines)], others[len(baselines) :], strict=True)
    return {
        "n_statements": len(frame),
        "n_articles": int(frame["article_id"].nunique()),
        "headline": model,
        "baselines": {name: {"headline": own, "difference": difference} for name, own, difference in compared},
        "axes": _blocks(answers, blocks),
    }


def _blocks(answers: Mapping[str, Answers], cells: Sequence[list[Cell]]) -> dict[str, Any]:
    return {name: each.block(own) for (name, each), own in zip(answers.items(), cells, strict=True)}


def headline_measure(gold: pd.DataFrame, predictions: Sequence[pd.DataFrame], codebook: Codebook) -> Measure:
    """Headline scores of several predictions of the same statements, and the first one's lead over each other one.

    Parameters
    ----------
    gold, predictions, codebook
        As for `article_counts`.

    Returns
    -------
    Measure
        For `stance.bootstrap.bootstrap_cells`; `headlines` names its cells.
    """
    rows = _prediction_counts(gold, predictions, codebook)

    def scores(summed: Floats) -> Floats:
        found = with_leads(headline_scores(summed.reshape(*summed.shape[:-1], *rows.shape[1:]), codebook))
        return found.reshape(*found.shape[:-2], -1)

    return Measure(rows.reshape(len(rows), rows.shape[1] * rows.shape[2]), scores)


def headlines(cells: Sequence[Cell], codebook: Codebook) -> list[dict[str, Cell]]:
    """Headline of every prediction of a `headline_measure`, then the leads of the first one."""
    names = headline_names(codebook)
    starts = range(0, len(cells), len(names))
    return [dict(zip(names, cells[start : start + len(names)], strict=True)) for start in starts]


def score_headline(frame: pd.DataFrame, codebook: Codebook, *, seed: int) -> dict[str, Cell]:
    """Headline scores of one frame of predictions, each a cell; `evaluate` says which columns."""
    (cells,) = bootstrap_cells([headline_measure(frame, [frame], codebook)], frame["article_id"], seed=seed)
    return headlines(cells, codebook)[0]


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
        Fit for `stance.bootstrap.cluster_bootstrap`; articles in the order of their ids.
    """
    return sum_by_cluster(_prediction_counts(gold, predictions, codebook), gold["article_id"])


def headline_names(codebook: Codebook) -> list[str]:
    """Names of the headline scores, in the order of `headline_scores`."""
    return [*(f"{axis}_macro_f1" for axis in codebook.axes), "joint_accuracy"]


def headline_scores(counts: Floats, codebook: Codebook) -> Floats:
    """Macro-F1 of every axis, then joint accuracy, shape (..., 3), from summed `article_counts` (..., n_counts)."""
    sizes = [len(codebook.labels(axis)) for axis in codebook.axes]
    *axes, joint = np.split(counts, np.cumsum([3 * size for size in sizes]), axis=-1)
    return np.stack([*(macro_scores(each)[..., 2] for each in axes), ratio(joint[..., 0], joint[..., 1])], axis=-1)


def _prediction_counts(gold: pd.DataFrame, predictions: Sequence[pd.DataFrame], codebook: Codebook) -> Floats:
    return np.stack([_row_counts(gold, each, codebook) for each in predictions], axis=1)


def _row_counts(gold: pd.DataFrame, predicted: pd.DataFrame, codebook: Codebook) -> Floats:
    """All that the headline needs of each statement: label counts of every axis, then both right, then one."""
    parts, right = [], np.ones(len(gold), dtype=bool)
    for axis in codebook.axes:
        labels = codebook.labels(axis)
        pair = encode_pair(gold[axis], predicted[f"predicted_{axis}"], labels)
        parts.append(label_counts(*pair, len(labels)))
        right &= pair[0] == pair[1]
    return np.column_stack([*parts, right, np.ones(len(gold))])
