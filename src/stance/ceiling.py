"""The annotator ceiling: how well one annotator predicts another, on the statements that a model is scored on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from stance.annotations import Annotation
from stance.bootstrap import bootstrap_cells
from stance.evaluation import headline_measure, headlines
from stance.metrics import plain

if TYPE_CHECKING:
    import pandas as pd

    from stance.codebook import Codebook


def ceiling(
    frame: pd.DataFrame, annotations: Iterable[Annotation], codebook: Codebook, *, seed: int = 0
) -> dict[str, Any] | None:
    """Score one annotator against another, and the model against consensus, on the statements that two have read.

    The first two annotations of each statement are compared, one taken as gold and the other as prediction. (Which is
    which changes nothing: every headline score is the same in both directions, so this is also the mean over both.)
    Later annotations are left out, as in `stance.agreement`: they were asked for where the first two differ, and a
    sample picked by disagreement would bend the score.

    What it is not: an upper bound. A model is scored against consensus, which is less noisy than a single annotator, so
    that a ``share`` above 1 is possible. And it is as human as the annotators are: where these are language models, it
    tells how alike they read, not how people would. Votes stand as they were cast, also where a later ruling revised
    the consensus.

    Parameters
    ----------
    frame : DataFrame, one row a statement
        Predictions of one evaluation, with ``statement_id, article_id`` and for each axis ``<axis>,
        predicted_<axis>``.
    annotations : iterable of Annotation
        Of these statements and perhaps others, in the order of their file.
    codebook : Codebook
        Axes and the order of their labels.
    seed : int
        Seeds the bootstrap.

    Returns
    -------
    dict or None
        For every headline score its ``value, low, high`` (see `stance.bootstrap.cluster_bootstrap`) among annotators,
        and ``share``, the model's score on the same statements as a part of it; ``n_statements``, read by two, and
        ``n_annotators``, who read them. None where no statement was read by two.

    Raises
    ------
    ValueError
        If a label is not in the codebook.
    """
    votes: dict[str, list[Annotation]] = defaultdict(list)
    for each in annotations:
        votes[each.statement_id].append(each)
    read = frame[[len(votes.get(id_, ())) >= 2 for id_ in frame["statement_id"]]]
    if not len(read):
        return None
    first, second = zip(*(votes[id_][:2] for id_ in read["statement_id"]), strict=True)
    gold, predicted = read.assign(**_labels(first, codebook)), read.assign(**_labels(second, codebook, "predicted_"))
    among = headline_measure(gold, [predicted], codebook)
    model = headline_measure(read, [read], codebook)
    among_cells, model_cells = bootstrap_cells([among, model], read["article_id"], seed=seed)
    (limit,), (own,) = headlines(among_cells, codebook), headlines(model_cells, codebook)
    return {
        **{name: cell | {"share": _share(own[name]["value"], cell["value"])} for name, cell in limit.items()},
        "n_statements": len(read),
        "n_annotators": len({each.annotator for each in (*first, *second)}),
    }


def _labels(votes: Sequence[Annotation], codebook: Codebook, prefix: str = "") -> dict[str, list[str]]:
    return {f"{prefix}{axis}": [getattr(vote, axis) for vote in votes] for axis in codebook.axes}


def _share(model: float | None, limit: float | None) -> float | None:
    return plain(model / limit if limit and model is not None else np.nan)
