"""Intervals from resampling whole articles, because statements of one article resemble one another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from stance.counts import Floats, strings
from stance.metrics import plain

RESAMPLES = 2_000  # the ends of a 95% interval then rest on 50 resamples each; more moves them by less than 0.005
CONFIDENCE = 0.95
MOST_UNDEFINED = 0.2  # what rests on one article alone is undefined in 25 to 37% of resamples, on two in 0 to 14%
# With fewer, intervals are too narrow (Cameron, Gelbach & Miller, Review of Economics and Statistics 90, 2008).
FEW_ARTICLES = 10
CHUNK = 2_000_000  # numbers drawn at a time (16 MB), so that memory does not grow with the number of articles

Cell = dict[str, float | None]


@dataclass(frozen=True)
class Measure:
    """Scores that follow from sums: ``sums`` has a row a statement, ``scores`` maps (..., k) to (..., m)."""

    sums: Floats
    scores: Callable[[Floats], Floats]


def bootstrap_cells(measures: Sequence[Measure], clusters: ArrayLike, *, seed: int) -> list[list[Cell]]:
    """Value and interval of every score of every measure, all on the same resampled clusters.

    Parameters
    ----------
    measures : sequence of Measure
        Sums of the same n statements.
    clusters : array-like, shape (n,)
        Statements of equal value are drawn together. Their order does not matter, nor that of the statements.
    seed : int
        Seeds the draw.

    Returns
    -------
    list of list of dict
        For every measure a cell ``value, low, high`` for each score, JSON-ready; see `cluster_bootstrap`.
    """
    cuts = np.cumsum([0, *(measure.sums.shape[1] for measure in measures)])

    def apart(summed: Floats) -> list[Floats]:
        parts = [summed[..., start:end] for start, end in pairwise(cuts)]
        return [measure.scores(part) for measure, part in zip(measures, parts, strict=True)]

    counts = sum_by_cluster(np.hstack([measure.sums for measure in measures]), clusters)
    bounds = cluster_bootstrap(counts, lambda summed: np.concatenate(apart(summed), axis=-1), seed=seed)
    cells = iter([cell(*each) for each in zip(*bounds, strict=True)])
    sizes = [len(scores) for scores in apart(counts.sum(axis=0))]
    return [[next(cells) for _ in range(size)] for size in sizes]


def cluster_bootstrap(
    counts: Floats, statistic: Callable[[Floats], Floats], *, seed: int, resamples: int = RESAMPLES
) -> tuple[Floats, Floats, Floats]:
    """Value and 95% percentile interval of statistics, by resampling whole articles.

    Articles are drawn with replacement, each keeping all its statements (the cluster bootstrap: Davison & Hinkley 1997,
    section 3.8; Field & Welsh, JRSS B 69, 2007), and the interval is cut from the resampled values (Efron & Tibshirani
    1993, chapter 13). Because every statistic is computed on the same resamples, the difference of two systems is a
    paired comparison (Koehn, EMNLP 2004).

    Parameters
    ----------
    counts : array, shape (articles, ...)
        Whatever can be added up over articles.
    statistic : callable
        Maps summed counts of shape (..., *counts.shape[1:]) to values of shape (..., m).
    seed : int
        Seeds the draw of articles.
    resamples : int
        How often the articles are drawn.

    Returns
    -------
    value, low, high : arrays, shape (m,)
        ``low`` and ``high`` are NaN for fewer than two articles: one article cannot show how articles vary. See
        `percentile_interval` for a statistic that some resamples leave undefined.
    """
    value = statistic(counts.sum(axis=0))
    if len(counts) < 2:
        return value, np.full_like(value, np.nan), np.full_like(value, np.nan)
    draws = draw_clusters(len(counts), seed=seed, resamples=resamples)
    resampled = [statistic(np.tensordot(drawn.astype(np.float64), counts, axes=1)) for drawn in draws]
    return value, *percentile_interval(np.concatenate(resampled))


def draw_clusters(n: int, *, seed: int, resamples: int = RESAMPLES) -> Iterator[NDArray[np.int64]]:
    """Yield how often each of n clusters is drawn, shape (some resamples, n), till there are enough; n is 1 or more."""
    rng, step = np.random.default_rng(seed), max(1, CHUNK // n)
    for start in range(0, resamples, step):
        yield rng.multinomial(n, np.full(n, 1 / n), size=min(step, resamples - start))


def percentile_interval(resampled: Floats) -> tuple[Floats, Floats]:
    """Return the ends of the 95% percentile interval, shape (m,), of statistics of shape (resamples, m).

    A resample may leave a score undefined (NaN), as the recall of a label that none of its articles has; it is left
    out. Where more than a fifth do, the score rests on one article alone, and the ends are NaN.
    """
    few = np.isnan(resampled).mean(axis=0) > MOST_UNDEFINED
    ends = np.nanquantile(np.where(few, 0.0, resampled), [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2], axis=0)
    low, high = np.where(few, np.nan, ends)
    return low, high


def with_leads(scores: Floats) -> Floats:
    """Scores of systems (..., systems, m), and after them the first system's lead over each other one."""
    return np.concatenate([scores, scores[..., :1, :] - scores[..., 1:, :]], axis=-2)


def sum_by_cluster(rows: Floats, clusters: ArrayLike) -> Floats:
    """Add up the rows of each cluster, clusters in the order of their names: the order of rows does not matter."""
    cluster, names = pd.factorize(strings(clusters), sort=True)
    sums = np.zeros((len(names), *rows.shape[1:]))
    np.add.at(sums, cluster, rows)
    return sums


def cell(value: float, low: float, high: float) -> Cell:
    """Return one score with its interval, JSON-ready; what is undefined is None."""
    return {"value": plain(value), "low": plain(low), "high": plain(high)}
