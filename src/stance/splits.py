"""Splits by article, stratified by label, with near-duplicate articles kept together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from stance.errors import CorpusError

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

SHINGLE = 8  # words in a row; stock phrases are shorter, a shared sentence is longer
NEAR_DUPLICATE = 0.2  # share of the shorter article's shingles that also stand in the other
SLICES = 20  # the corpus is cut in twentieths, so fractions are multiples of 0.05


def near_duplicate_clusters(texts: Sequence[str]) -> np.ndarray[Any, Any]:
    """Give every text the number of its cluster; two texts that share much wording are in one.

    Texts are near-duplicates where at least `NEAR_DUPLICATE` of the shorter one's 8-word shingles stand in the other
    (containment after Broder, 1997); clusters are the connected components.

    Returns
    -------
    numpy.ndarray of int, shape (n_texts,)
    """
    import numpy as np
    from scipy.sparse.csgraph import connected_components
    from sklearn.feature_extraction.text import HashingVectorizer

    if not len(texts):
        return np.empty(0, dtype=int)
    hashing = HashingVectorizer(
        ngram_range=(SHINGLE, SHINGLE), n_features=2**22, binary=True, norm=None, alternate_sign=False
    )
    shingles = hashing.transform(texts)
    shared = (shingles @ shingles.T).tocoo()
    sizes = np.maximum(shingles.getnnz(axis=1), 1)
    near = shared.data >= NEAR_DUPLICATE * np.minimum(sizes[shared.row], sizes[shared.col])
    shared.data = near.astype(int)
    shared.eliminate_zeros()
    return np.asarray(connected_components(shared, directed=False)[1])


def assign_splits(frame: pd.DataFrame, *, validation: float = 0.15, test: float = 0.2, seed: int = 0) -> dict[str, str]:
    """Assign every article to a split.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row a statement: ``article_id``, ``cluster`` (see `near_duplicate_clusters`), ``motive``, ``stance`` and
        ``evaluable`` (whether the statement may stand in validation or test). Only evaluable statements count for the
        fractions; a cluster without any goes to train.
    validation, test : float
        Shares of the evaluable statements, multiples of 0.05.
    seed : int
        Same frame and seed, same splits.

    Returns
    -------
    dict of str to str
        ``article_id`` → ``train``, ``validation`` or ``test``.
    """
    evaluable = frame[frame["evaluable"]]
    slices = grouped_folds(evaluable, SLICES, seed) if len(evaluable) else []
    named = ["test"] * round(test * SLICES) + ["validation"] * round(validation * SLICES)
    named += ["train"] * (SLICES - len(named))
    split_of: dict[int, str] = {}
    for name, rows in zip(named, slices, strict=bool(slices)):
        split_of |= dict.fromkeys(evaluable["cluster"].iloc[rows], name)
    return {
        str(article): split_of.get(cluster, "train")
        for article, cluster in sorted(set(zip(frame["article_id"], frame["cluster"], strict=True)))
    }


def assign_by_outlet(frame: pd.DataFrame, **shares: Any) -> dict[str, str]:
    """Assign articles to splits so that no outlet, and no near-duplicate, stands in two.

    Takes what `assign_splits` takes, and a column ``outlet``; an article without outlet is an outlet of its own.
    Where fewer than `SLICES` outlets (or clusters of them) can be held out, none are: no article is in a split.
    """
    import numpy as np
    import pandas as pd
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    outlets = frame["outlet"].where(frame["outlet"] != "", "of " + frame["article_id"])
    codes, cluster = pd.factorize(outlets)[0], frame["cluster"].to_numpy() + outlets.nunique()
    size = int(cluster.max()) + 1
    linked = coo_array((np.ones(len(frame)), (codes, cluster)), shape=(size, size))
    component = connected_components(linked, directed=False)[1]
    grouped = frame.assign(cluster=component[codes])
    return assign_splits(grouped, **shares) if grouped[grouped["evaluable"]]["cluster"].nunique() >= SLICES else {}


def assign_by_date(frame: pd.DataFrame, *, validation: float = 0.15, test: float = 0.2) -> dict[str, str]:
    """Assign the latest articles to test, those before them to validation and the rest to train.

    Takes what `assign_splits` takes, and a column ``date`` (ISO). Near-duplicates take the date of their latest.
    Articles without a date are in no split.
    """
    dated = frame[frame["date"] != ""]
    latest = dated.groupby("cluster")["date"].max()
    evaluable = dated[dated["evaluable"]]["cluster"].value_counts().reindex(latest.index, fill_value=0)
    order = sorted(latest.index, key=lambda cluster: (latest[cluster], cluster), reverse=True)
    ahead = (evaluable.reindex(order).cumsum() - evaluable.reindex(order)) / max(int(evaluable.sum()), 1)
    split_of = {c: "test" if a < test else "validation" if a < test + validation else "train" for c, a in ahead.items()}
    pairs = sorted(set(zip(dated["article_id"], dated["cluster"], strict=True)))
    return {str(article): split_of[cluster] for article, cluster in pairs}


def grouped_folds(frame: pd.DataFrame, n_folds: int, seed: int) -> list[np.ndarray[Any, Any]]:
    """Cut rows into folds, no cluster in two, both axes' labels spread as evenly as clusters allow.

    Returns
    -------
    list of numpy.ndarray of int
        Row positions held out in each fold; together they are all rows, each once.

    Raises
    ------
    CorpusError
        If there are fewer clusters than folds, or too few statements to spread any label over the folds.
    """
    import warnings

    from sklearn.model_selection import StratifiedGroupKFold

    if (n_clusters := frame["cluster"].nunique()) < n_folds:
        rule = f"{n_clusters} articles (near-duplicates counted as one) cannot be cut into {n_folds} folds"
        raise CorpusError(rule, where="splits", remedy="Give more articles, or ask for fewer folds.")
    folds = StratifiedGroupKFold(n_folds, shuffle=True, random_state=seed)
    strata = frame["motive"] + "/" + frame["stance"]
    if (most := strata.value_counts().max()) < n_folds:
        rule = f"no pair of labels has more than {most} statements, too few to spread over {n_folds} folds"
        raise CorpusError(rule, where="splits", remedy="Give more statements, or ask for fewer folds.")
    with warnings.catch_warnings():
        # Rare pairs of labels have fewer statements than folds; they are spread as far as they go.
        warnings.filterwarnings("ignore", message="The least populated class")
        return [held_out for _, held_out in folds.split(strata, strata, frame["cluster"])]
