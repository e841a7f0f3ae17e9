"""Scores by slice: where predictions are clearly better or worse than elsewhere.

A slice is described, not explained: slices overlap (a ministry's statements are also long ones), and one that holds
more statements of an easy label scores higher for that reason alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from textwrap import shorten
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from stance.bootstrap import FEW_ARTICLES, cell, draw_clusters, percentile_interval, sum_by_cluster
from stance.counts import Floats
from stance.evaluation import score_headline
from stance.intervals import Mark, Row, as_columns, axes_to_svg, draw_intervals
from stance.metrics import DIGITS, plain
from stance.notebook_tables import folded
from stance.reliability import right_on_both

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from stance.codebook import Codebook

# The years before the crisis, the crisis, the year of summits, the stalemate after Hanoi, and the time since.
YEARS = {"up to 2016": 2016, "2017": 2017, "2018": 2018, "2019 to 2020": 2020, "2021 on": 9999}
LENGTHS = {"up to 20 words": 20, "21 to 35 words": 35, "over 35 words": 10**9}  # medians: newswire 34, own articles 20
TRAITS = ("quote", "hedged", "agreed", "headed")
YES_NO = {True: "yes", False: "no"}
OTHER, UNKNOWN = "other", "unknown"

OUTLET_OF = 10  # statements an outlet needs for a slice of its own; the rest share one
LEAST_STATEMENTS = 30  # one more right answer moves the accuracy of fewer by over 0.03
RESAMPLES = 10_000  # the smallest p is 0.0002: still 0.02 after a hundred comparisons, which 2,000 could not show
LEVEL = 0.05
SMALL, UNCLEAR, WORSE, BETTER = "too small to say", "no clear difference", "worse", "better"

Mask = NDArray[np.bool_]


def score_slices(frame: pd.DataFrame, codebook: Codebook, *, seed: int) -> list[dict[str, Any]]:
    """Score every slice of an evaluation, and compare it to the rest of that evaluation.

    Parameters
    ----------
    frame : DataFrame, one row a statement
        Predictions (``article_id``, each axis and ``predicted_<axis>``) with the columns of
        `stance.traits.describe`, and ``agreed`` (bool, or None).
    codebook : Codebook
        Axes and the order of their labels.
    seed : int
        Seeds the draw of articles.

    Returns
    -------
    list of dict
        JSON-ready, a dict a slice: ``by`` and ``value`` say which; ``n_statements``, ``n_articles``; ``headline``,
        cells from its own articles; ``difference``, its joint accuracy less that of all other statements, both from the
        same resampled articles; ``p``, two-sided, from those resamples (the share beyond zero: Efron & Tibshirani 1993,
        section 15.4); ``p_adjusted`` (Holm, Scandinavian Journal of Statistics 6, 1979) over ``comparisons`` made in
        this evaluation; ``small``: under `LEAST_STATEMENTS` statements or `FEW_ARTICLES` articles; ``finding``.

        Nothing is compared where the slice or its rest is small: p is None and the finding `SMALL`. Two slices that
        share out the evaluation between them are one comparison. A value that all statements have is no slice, and a
        statement whose value is not known (``agreed`` of a single annotator) is in the rest.
    """
    if frame.empty:
        return []
    slices = list(_slices(frame))
    right, article = right_on_both(frame, codebook), _codes(frame)
    draws = draw_clusters(int(article.max()) + 1, seed=seed, resamples=RESAMPLES)
    drawn = np.concatenate(list(draws)).astype(np.float64)
    found = [_compare(right, each.mask, article, drawn) for each in slices]
    compared = {each.key: own["p"] for each, own in zip(slices, found, strict=True) if own["p"] is not None}
    adjusted = dict(zip(compared, holm(list(compared.values())), strict=True))
    return [
        {
            "by": each.by,
            "value": each.value,
            "n_statements": int(each.mask.sum()),
            "n_articles": len(set(article[each.mask])),
            "headline": score_headline(frame[each.mask], codebook, seed=seed),
            **own,
            "p_adjusted": adjusted.get(each.key),
            "comparisons": len(compared),
            "small": _is_small(each.mask, article),
            "finding": _finding(own["difference"]["value"], adjusted.get(each.key)),
        }
        for each, own in zip(slices, found, strict=True)
    ]


def holm(p: Sequence[float]) -> list[float]:
    """Adjust p-values for their number, so that the chance of any false finding stays below the level (Holm 1979)."""
    order = np.argsort(p, kind="stable")
    stepped = np.maximum.accumulate(np.asarray(p, dtype=float)[order] * np.arange(len(p), 0, -1))
    adjusted = np.empty(len(p))
    adjusted[order] = np.minimum(stepped, 1)
    return [round(each, DIGITS) for each in adjusted.tolist()]


@dataclass(frozen=True)
class _Slice:
    by: str
    value: str
    mask: Mask

    @property
    def key(self) -> bytes:
        """The same for a slice and for its rest."""
        return bytes(self.mask ^ self.mask[0])


def _slices(frame: pd.DataFrame) -> Iterator[_Slice]:
    for by, (values, order) in _dimensions(frame).items():
        for value in order:
            mask = values.eq(value).to_numpy(dtype=bool)
            if mask.any() and not mask.all():
                yield _Slice(by, value, mask)


def _dimensions(frame: pd.DataFrame) -> Mapping[str, tuple[pd.Series[Any], Iterable[str]]]:
    """Value of every row, and the order of the values, for each way to slice."""
    outlet = frame["outlet"].replace("", UNKNOWN)
    outlet = outlet.where(outlet.map(outlet.value_counts()) >= OUTLET_OF, OTHER)
    genre = frame["genre"].replace("", UNKNOWN)
    return {
        "outlet": (outlet, _by_size(outlet)),
        "year": (frame["year"].map(lambda year: _band(year, YEARS)), [*YEARS, UNKNOWN]),
        "genre": (genre, _by_size(genre)),
        "length": (frame["words"].map(lambda words: _band(words, LENGTHS)), LENGTHS),
    } | {trait: (frame[trait].map(YES_NO), YES_NO.values()) for trait in TRAITS}


def _by_size(values: pd.Series[Any]) -> list[str]:
    sizes = values.value_counts()
    return sorted(sizes.index, key=lambda value: (value in {OTHER, UNKNOWN}, -sizes[value], value))


def _band(number: float | None, bands: Mapping[str, int]) -> str:
    # An unknown year is None in memory and NaN in a frame that was read from a file; NaN is no less than anything.
    return next((name for name, last in bands.items() if number is not None and number <= last), UNKNOWN)


def _codes(frame: pd.DataFrame) -> NDArray[np.intp]:
    return np.unique(frame["article_id"].to_numpy(dtype=str), return_inverse=True)[1]


def _compare(right: Mask, mask: Mask, article: NDArray[np.intp], drawn: Floats) -> dict[str, Any]:
    """Difference of a slice to its rest, and its p."""
    counts = sum_by_cluster(np.stack([right & mask, mask, right & ~mask, ~mask], axis=-1), article)
    resampled = _lead(drawn @ counts)
    few = len(counts) < 2  # one article cannot show how articles vary
    low, high = (np.nan, np.nan) if few else np.ravel(percentile_interval(resampled[:, None]))
    small = _is_small(mask, article) or _is_small(~mask, article)
    told = resampled[~np.isnan(resampled)]  # a resample without the slice, or without its rest, tells nothing
    beyond = min((told <= 0).sum(), (told >= 0).sum())
    p = min(1.0, 2 * (1 + beyond) / (1 + len(told)))
    return {"difference": cell(float(_lead(counts.sum(axis=0))), low, high), "p": None if small else plain(p)}


def _lead(counts: Floats) -> Floats:
    right, n, other_right, other_n = np.moveaxis(counts, -1, 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(right / n - other_right / other_n)


def _is_small(mask: Mask, article: NDArray[np.intp]) -> bool:
    return bool(mask.sum() < LEAST_STATEMENTS or len(set(article[mask])) < FEW_ARTICLES)


def _finding(difference: float | None, p_adjusted: float | None) -> str:
    if p_adjusted is None or difference is None:
        return SMALL
    return UNCLEAR if p_adjusted >= LEVEL else WORSE if difference < 0 else BETTER


NAME = 40  # characters of a value that are drawn; some outlets have long names
MARKS = {
    UNCLEAR: Mark(UNCLEAR, 0, "o"),
    WORSE: Mark("worse than the rest", 1, "v"),
    BETTER: Mark("better than the rest", 1, "^"),
    SMALL: Mark(SMALL, 2, "o", filled=False),
}


class Slices:
    """The slices of one evaluation, as a table and as a figure.

    Parameters
    ----------
    rows : sequence of dict
        From `score_slices`.
    overall : float, optional
        Joint accuracy of the whole evaluation.

    Attributes
    ----------
    ax_ : matplotlib axes
        Where `plot` drew last.
    """

    def __init__(self, rows: Sequence[Mapping[str, Any]], overall: float | None = None) -> None:
        self.rows, self.overall = list(rows), overall
        self.ax_: Axes | None = None

    @classmethod
    def from_evaluation(cls, evaluation: Mapping[str, Any]) -> Slices:
        """Take the slices of one of a run's evaluations (``run.metrics["evaluations"]``)."""
        return cls(evaluation["slices"], evaluation["headline"]["joint_accuracy"]["value"])

    def frame(self) -> pd.DataFrame:
        """All slices, a row each: counts, every score with its ends, and what was found."""
        import pandas as pd

        rows = [as_columns({key: row[key] for key in row if key != "headline"} | row["headline"]) for row in self.rows]
        return pd.DataFrame(rows, columns=None if rows else ["by", "value", "n_statements", "n_articles", "finding"])

    def plot(self, ax: Axes | None = None) -> Slices:
        """Draw joint accuracy, a dot with its interval for each slice; shape and fill tell what was found."""
        rows, shown = [], ""
        for each in self.rows:
            rows += [] if each["by"] == shown else [Row(each["by"])]
            shown = each["by"]
            name = f"{shorten(each['value'], NAME, placeholder='…')} ({each['n_statements']})"
            rows.append(Row(name, ((each["headline"]["joint_accuracy"], MARKS[each["finding"]]),)))
        label = "Joint accuracy, with its 95% interval over articles"
        line = None if self.overall is None else (self.overall, f"overall ({self.overall:.2f})")
        self.ax_ = draw_intervals(rows, title="Joint accuracy by slice", label=label, line=line, ax=ax)
        return self

    def _repr_html_(self) -> str:
        picture = axes_to_svg(Slices(self.rows, self.overall).plot().ax_)
        return picture + folded(self.frame().drop(columns=["p", "comparisons", "small"], errors="ignore"))
