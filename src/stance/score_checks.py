"""Checks of a run's scores: against baselines, chance, its own confidence, its folds and the wear of the test split."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from stance.bootstrap import bootstrap_cells, cluster_bootstrap, sum_by_cluster
from stance.corpus import TRAINING_ONLY_BATCHES
from stance.counts import Floats
from stance.evaluation import article_counts, headline_measure, headline_names, headline_scores, headlines
from stance.findings import Fired, NotApplicable, check
from stance.metrics import FEW_OF_LABEL
from stance.reliability import right_on
from stance.run_facts import RunFacts

OVERCONFIDENT = 0.05
OPTIMISM = 0.10  # out of fold over test; folds train on a fifth less, so an honest gap is small or below 0
# Three looks are a model, its rival and a repair; the best of four equal models already looks one standard error
# better than it is.
LOOKS = 4


@check(
    "ST004",
    "no gain over a baseline",
    severity="error",
    advice="Do not use it before it beats what needs no learning: look at its features, labels and settings.",
)
def no_better(facts: RunFacts) -> Fired | None:
    """Compare headline scores on test; where the interval of the difference reaches above 0 it is but a warning."""
    worse = [
        (cell, f"{where}: {metric} {_gain(cell)} against {name}")
        for where, metric, name, cell in _differences(facts)
        if cell["value"] <= 0
    ]
    if not worse:
        return None
    surely = any(cell["high"] is not None and cell["high"] <= 0 for cell, _ in worse)
    return Fired("; ".join(said for _, said in worse), "error" if surely else "warning")


@check(
    "ST005",
    "gains within noise",
    severity="warning",
    advice="Do not call it a gain: test on more articles, or say that the two cannot be told apart.",
)
def inside_noise(facts: RunFacts) -> Fired | None:
    """Look for gains over the best baseline, or over a named run, whose interval holds 0."""
    gains = [*_best_differences(facts), *_differences_to_other(facts)]
    gains = [gain for gain in gains if gain[-1]["low"] is not None]
    if not gains:
        raise NotApplicable("there is no baseline or run to compare to on two test articles or more")
    noise = [
        f"{where}: {metric} {_gain(cell)} over {name}"
        for where, metric, name, cell in gains
        if cell["value"] > 0 and cell["low"] <= 0 <= cell["high"]
    ]
    return Fired("; ".join(noise)) if noise else None


@check(
    "ST007",
    "overconfidence",
    severity="warning",
    advice="Fit the temperature on held-out statements like those of test, and do not read its proba as chances.",
)
def overconfident(facts: RunFacts) -> Fired | None:
    """Compare mean proba and accuracy on each axis of each test split."""
    found = []
    for where, part in facts.tests():
        for axis in facts.codebook.axes:
            right = right_on(part, axis)
            gap, low, high = _mean_by_article(part, part[f"{axis}_proba"] - right, facts.seed)
            if gap > OVERCONFIDENT and low > 0:
                means = f"mean proba {part[f'{axis}_proba'].mean():.2f}, accuracy {right.mean():.2f}"
                found.append(f"{where} {axis}: {means}, gap {gap:.2f} [{low:.2f}, {high:.2f}]")
    return Fired("; ".join(found)) if found else None


@check(
    "ST008",
    "a worn test split",
    severity="warning",
    advice="Choose by validation or out of fold, and label new test articles before a choice is made by test.",
)
def opened_often(facts: RunFacts) -> Fired | None:
    """Count the runs that were scored on each test split (Dwork et al., Science 349, 2015).

    However many there are, this stays a warning: the ledger counts looks and not choices made by them, it differs from
    one working copy to the next, and a gate that only a deleted file can open would get that file deleted.
    """
    _ = facts.test
    if facts.openings is None:
        raise NotApplicable("no ledger of openings stands beside the runs")
    worn = [
        f"{name} by {n} runs; the best of so many is expected to look {_optimism(n):.1f} standard errors too good"
        for name, n in facts.openings.items()
        if n >= LOOKS
    ]
    return Fired(f"test was opened: {'; '.join(worn)}") if worn else None


@check(
    "ST011",
    "test labels with few statements",
    severity="note",
    advice="Read their scores, and the macro-F1 they enter, with their intervals; label more of them.",
)
def few_statements(facts: RunFacts) -> Fired | None:
    """List the labels of each test split that have statements, but fewer than `FEW_OF_LABEL`."""
    found = []
    for where, part in facts.tests():
        counts = [
            f"{label} {n}"
            for axis in facts.codebook.axes
            for label in facts.codebook.labels(axis)
            if 0 < (n := int((part[axis] == label).sum())) < FEW_OF_LABEL
        ]
        found += [f"{where}: {', '.join(counts)}"] if counts else []
    return Fired(f"labels with fewer than {FEW_OF_LABEL} statements: {'; '.join(found)}") if found else None


@check(
    "ST012",
    "scores better out of fold than on test",
    severity="warning",
    advice="Look for a leak between folds, a teacher that saw the training articles, or test articles of another kind.",
)
def better_out_of_fold(facts: RunFacts) -> Fired | None:
    """Compare headline scores of each collection out of fold and on test; batches that are no natural mix stay out."""
    found, compared = [], False
    for where, part in facts.tests():
        folds = _natural(facts, where)
        if folds.empty:
            continue
        compared = True
        for metric, gap, low, high in _gaps(facts, folds, part):
            if gap > OPTIMISM and low > 0:
                found.append(f"{where}: {metric} {gap:+.2f} [{low:.2f}, {high:.2f}]")
    if not compared:
        raise NotApplicable("no tested collection has out-of-fold predictions")
    return Fired(f"out of fold less test: {'; '.join(found)}") if found else None


Difference = tuple[str, str, str, dict[str, Any]]  # where, metric, against whom, cell


def _differences(facts: RunFacts) -> list[Difference]:
    """Differences to every baseline, in every test split."""
    found = [
        (each["collection"], metric, name, cell)
        for each in facts.tested_evaluations()
        for name, baseline in each["baselines"].items()
        for metric, cell in baseline["difference"].items()
    ]
    found = [each for each in found if each[-1]["value"] is not None]
    if not found:
        raise NotApplicable("no baseline was trained")
    return found


def _best_differences(facts: RunFacts) -> Iterator[Difference]:
    """Differences to the baseline that is best at each metric."""
    for each in facts.tested_evaluations():
        for metric in each["headline"] if each["baselines"] else ():
            scores = {name: own["headline"][metric]["value"] or 0.0 for name, own in each["baselines"].items()}
            best = max(scores, key=lambda name: scores[name])
            yield each["collection"], metric, best, each["baselines"][best]["difference"][metric]


def _differences_to_other(facts: RunFacts) -> Iterator[Difference]:
    """Differences to the other run, on test splits that both predicted whole."""
    if facts.other is None:
        return
    name, other = facts.other
    for where, part in facts.tests():
        if not set(part["statement_id"]) <= set(other["statement_id"]):
            continue
        rival = other.set_index("statement_id").loc[list(part["statement_id"])]
        measure = headline_measure(part, [part, rival], facts.codebook)
        (cells,) = bootstrap_cells([measure], part["article_id"], seed=facts.seed)
        for metric, cell in headlines(cells, facts.codebook)[-1].items():
            yield where, metric, name, cell


def _gaps(facts: RunFacts, folds: pd.DataFrame, test: pd.DataFrame) -> Iterator[tuple[str, float, float, float]]:
    """Headline of one set of articles less that of another; both are redrawn together."""
    parts = [article_counts(each, [each], facts.codebook)[:, 0] for each in (folds, test)]
    counts = np.zeros((sum(map(len, parts)), 2, parts[0].shape[-1]))
    counts[: len(parts[0]), 0], counts[len(parts[0]) :, 1] = parts

    def difference(summed: Floats) -> Floats:
        scores = headline_scores(summed, facts.codebook)
        return np.asarray(scores[..., 0, :] - scores[..., 1, :])

    bounds = cluster_bootstrap(counts, difference, seed=facts.seed)
    for metric, value, low, high in zip(headline_names(facts.codebook), *bounds, strict=True):
        yield metric, float(value), float(low), float(high)


def _mean_by_article(part: pd.DataFrame, values: ArrayLike, seed: int) -> tuple[float, float, float]:
    """Mean over statements, with its interval."""
    sums = sum_by_cluster(np.column_stack([values, np.ones(len(part))]), part["article_id"])
    bounds = cluster_bootstrap(sums, lambda summed: summed[..., :1] / summed[..., 1:], seed=seed)
    value, low, high = (float(bound[0]) for bound in bounds)
    return value, low, high


def _natural(facts: RunFacts, collection: str) -> pd.DataFrame:
    frame = facts.out_of_fold
    if frame is None:
        raise NotApplicable("the run has no folds")
    natural = frame[frame["collection"] == collection]
    return natural[~natural["batch"].isin(TRAINING_ONLY_BATCHES)] if "batch" in natural else natural


def _optimism(n: int) -> float:
    """How many standard errors the best of n equal models is expected to lie above its true score (Blom, 1958)."""
    from scipy.stats import norm

    return float(norm.ppf((n - 0.375) / (n + 0.25)))


def _gain(cell: dict[str, Any]) -> str:
    interval = "" if cell["low"] is None else f" [{cell['low']:.3f}, {cell['high']:.3f}]"
    return f"{cell['value']:+.3f}{interval}"
