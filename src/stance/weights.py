"""How much each training statement counts: by its batch, by its annotators' agreement and by the luck of the draw."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from stance.annotations import agreed, read_all_annotations
from stance.codebook import Codebook
from stance.config import DataConfig
from stance.decision import Floats
from stance.errors import ConfigError, CorpusError, did_you_mean

if TYPE_CHECKING:
    import pandas as pd


def weigh(train: pd.DataFrame, data: DataConfig, contested: Collection[str], seed: int) -> pd.DataFrame:
    """Leave out batches, and add a column ``weight`` where the config asks for one.

    Parameters
    ----------
    train : DataFrame
        One row a training statement: ``statement_id``, ``article_id`` and ``batch``.
    data : DataConfig
        ``leave_out_batches`` go altogether; ``disagreement_weight`` is the weight of contested statements; ``resample``
        multiplies by how often a statement's article was drawn.
    contested : collection of str
        Ids of the statements whose annotators disagree.
    seed : int
        Seeds the draw of articles.

    Returns
    -------
    DataFrame
        Statements of weight 0 stay, so that they are predicted out of fold like any other; see `counted`.

    Raises
    ------
    ConfigError
        If a batch to leave out is not there.
    CorpusError
        If nothing is left to learn from.
    """
    known = set(train["batch"])
    for batch in data.leave_out_batches:
        if batch not in known:
            rule = f"data.leave_out_batches: no training statement that has its text here is of batch {batch!r}"
            raise ConfigError(rule, remedy=did_you_mean(batch, known - {""}))
    kept = train[~train["batch"].isin(data.leave_out_batches)].reset_index(drop=True)
    if data.resample or data.disagreement_weight < 1:
        weight = np.where(kept["statement_id"].isin(contested), data.disagreement_weight, 1.0)
        kept = kept.assign(weight=weight * (draw_articles(kept["article_id"], seed) if data.resample else 1.0))
    if counted(kept).empty:
        rule = "no training statement is left by leave_out_batches and disagreement_weight"
        raise CorpusError(rule, where="data", remedy="Leave fewer out.")
    return kept


def counted(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the statements that count: those whose weight is not 0."""
    return frame[frame["weight"] > 0] if "weight" in frame else frame


def draw_articles(article_ids: pd.Series[str], seed: int) -> Floats:
    """Draw as many articles as there are, with replacement; return how often each row's was drawn, shape (n,).

    This is the bootstrap by cluster (Davison & Hinkley 1997, section 3.8): models trained on such draws differ as
    models trained on other articles of the same kind would.
    """
    articles, at = np.unique(article_ids.to_numpy(dtype=object), return_inverse=True)
    drawn = np.random.default_rng(seed).multinomial(len(articles), np.full(len(articles), 1 / len(articles)))
    return np.asarray(drawn[at], dtype=float)


def read_contested(data: Path, collections: Iterable[str], codebook: Codebook) -> frozenset[str]:
    """Return the ids of statements that two annotators give different labels, on either axis.

    Raises
    ------
    CorpusError, CodebookError
        If a file of annotations is malformed; see `stance.annotations.read_annotations`.
    """
    votes = read_all_annotations(data, collections, codebook)
    return frozenset(id_ for id_, alike in agreed(votes).items() if alike is False)
