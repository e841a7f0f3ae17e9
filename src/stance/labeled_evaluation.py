"""Scores of several systems on one axis of any labeled text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from stance.bootstrap import Measure, bootstrap_cells, with_leads
from stance.counts import Floats, Labels, encode_pair, label_counts, macro_scores, strings
from stance.metrics import per_label


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
        ``labels`` (see `stance.metrics.per_label`) and, for all but the first, ``difference``: the first's macro-F1
        minus its own, on the same resampled clusters (see `stance.bootstrap.cluster_bootstrap`).

    Raises
    ------
    ValueError
        If a value is not one of ``labels``, or the lengths differ.
    """
    rows = [label_counts(*encode_pair(gold, own, labels), len(labels)) for own in predicted.values()]

    def scores(summed: Floats) -> Floats:
        systems = summed.reshape(*summed.shape[:-1], len(rows), 3 * len(labels))
        return with_leads(macro_scores(systems)[..., 2:])[..., 0]

    (cells,) = bootstrap_cells([Measure(np.hstack(rows), scores)], clusters, seed=seed)
    systems = {
        name: {"macro_f1": cells[at], "labels": per_label(gold, own, labels)}
        | ({"difference": cells[len(predicted) + at - 1]} if at else {})
        for at, (name, own) in enumerate(predicted.items())
    }
    return {"n_rows": len(rows[0]), "n_clusters": len(set(strings(clusters))), "systems": systems}
