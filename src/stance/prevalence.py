"""True counts behind predicted ones: how many statements of each motive and stance a collection holds.

A classifier that takes some labels for others more often than the other way round counts them wrong, however many
statements there are. What it predicted for labeled statements (`stance.error_rates`) says how often each true pair of
labels is predicted as each other pair, kept or held back; the true counts of a collection are those that such errors
turn into the counts that were predicted. The inversion is Bayesian, so that counts are never negative and always sum
to the statements there are (as matrix inversion after Rogan & Gladen, American Journal of Epidemiology 107, 1978, and
Hopkins & King, AJPS 54, 2010, does not; see Ziegler & Czyż, Bayesian quantification with black-box estimators, TMLR
2024). Measured in ``benchmarks/prevalence.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance.codebook import Codebook
from stance.error_rates import ErrorRates

STATUSES = ("ok", "abstain")  # of statements in domain
# Fewer statements show too little: corrected counts would be those of the labeled statements, not of the collection's.
MIN_STATEMENTS = 50
# Statements that the natural mix counts for, beside those of the collection: some, and a share, because errors in the
# rates do not go away in a large collection. Less follows a shifted collection better and any other worse.
PRIOR, PRIOR_SHARE = 100, 0.25
DESIGN_EFFECT = 2.0  # errors of one article resemble one another: 1.7 on average over the pairs that tell
SMOOTHING = 1.5  # statements that the errors of all motives together count for, beside a motive's own
DRAWS, STEPS = 400, 25  # draws of the true counts; steps of each chain until it is drawn from
CONFIDENCE = 0.95

Floats = NDArray[np.float64]
Pair = tuple[str, str]


@dataclass(frozen=True)
class TrueCounts:
    """Draws of the true counts of a collection.

    Attributes
    ----------
    pairs : tuple of (motive, stance)
        What is counted, in the codebook's order.
    draws : array of int, shape (draws, pairs)
        Each row sums to the statements in domain.
    """

    pairs: tuple[Pair, ...]
    draws: NDArray[np.int64]

    def cell(self, wanted: Callable[[str, str], bool]) -> dict[str, float]:
        """Return the mean and the 95% interval of how many statements have a wanted motive and stance."""
        counts = self.draws[:, [wanted(*pair) for pair in self.pairs]].sum(axis=1)
        ends = [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2]
        low, high = np.quantile(counts, ends, method="nearest")
        return {"value": float(counts.mean()), "low": float(low), "high": float(high)}


def true_counts(
    predicted: Mapping[tuple[str, str, str], int],
    rates: ErrorRates,
    codebook: Codebook,
    *,
    at_least: int = MIN_STATEMENTS,
    seed: int = 0,
) -> TrueCounts | None:
    """Correct predicted counts for the errors of the model that predicted them.

    Parameters
    ----------
    predicted : mapping
        Statements in domain by (motive, stance, status); status is ``ok`` or ``abstain``.
    rates : ErrorRates
        Of that model.
    codebook : Codebook
        Gives the pairs of labels and their order.
    at_least : int
        Fewer statements are not corrected.
    seed : int
        Seeds the draws.

    Returns
    -------
    TrueCounts or None
        None where there are too few statements.

    Notes
    -----
    The intervals hold what the rates leave open, which are drawn anew for every draw from their own posterior, never
    learned from the collection (a cut model: Plummer, Statistics and Computing 25, 2015), and what they would leave
    open if they were known. They do not hold a change of the errors themselves, on news of another kind.
    """
    if sum(predicted.values()) < at_least:
        return None
    pairs = pairs_of(codebook)
    place = {pair: at for at, pair in enumerate(pairs)}
    counts = np.zeros((len(pairs), len(pairs) * len(STATUSES)))
    for (motive, stance, *cell), n in rates.counts.items():
        counts[place[motive, stance], _column(place, *cell)] += n
    observed = np.zeros(counts.shape[1], dtype=np.int64)
    for labels, n in predicted.items():
        observed[_column(place, *labels)] += n
    mix = np.array([rates.natural.get(pair, 0) + 0.5 for pair in pairs])
    errors = counts / DESIGN_EFFECT + SMOOTHING * _usual_errors(counts, pairs, codebook)
    rng = np.random.default_rng(seed)
    return TrueCounts(pairs, _draw(errors, observed, mix / mix.sum(), rng))


def pairs_of(codebook: Codebook) -> tuple[Pair, ...]:
    """Pairs of labels that a statement can have: the null motive has the null stance alone."""
    none, neutral = codebook.null_label("motive"), codebook.null_label("stance")
    every = ((motive, stance) for motive in codebook.labels("motive") for stance in codebook.labels("stance"))
    return tuple(pair for pair in every if pair[0] != none or pair[1] == neutral)


def _column(place: Mapping[Pair, int], motive: str, stance: str, status: str) -> int:
    return STATUSES.index(status) * len(place) + place[motive, stance]


def _usual_errors(counts: Floats, pairs: tuple[Pair, ...], codebook: Codebook) -> Floats:
    """Share of each prediction for each true pair, were all motives mistaken alike: what rare pairs go by.

    A prediction is told by the true stance, by whether its motive is right, none or another, and by its own stance and
    status; which other motive it is goes by how often each is predicted.
    """
    none = codebook.null_label("motive")
    kinds: dict[Any, int] = {}
    kind = np.array(
        [
            [
                kinds.setdefault(
                    (true[0] == none, true[1], guess[0] == none, guess[0] == true[0], guess[1], s), len(kinds)
                )
                for s in STATUSES
                for guess in pairs
            ]
            for true in pairs
        ]
    )
    of_kind = np.bincount(kind.ravel(), counts.ravel(), minlength=len(kinds)) + 0.1
    common = counts.sum(axis=0) + 0.1
    of_row = np.array([np.bincount(row, common, minlength=len(kinds)) for row in kind])
    usual = of_kind[kind] * common / np.take_along_axis(of_row, kind, axis=1)
    return np.asarray(usual / usual.sum(axis=1, keepdims=True))


def _draw(errors: Floats, observed: NDArray[np.int64], mix: Floats, rng: np.random.Generator) -> NDArray[np.int64]:
    """Draw true counts, shape (draws, pairs), by Gibbs sampling: a chain for every draw of the errors."""
    seen = np.flatnonzero(observed)
    unseen = np.delete(errors, seen, axis=1).sum(axis=1, keepdims=True)
    concentration = np.concatenate([errors[:, seen], np.maximum(unseen, 1e-9)], axis=1)
    likelihood = _dirichlet(np.broadcast_to(concentration, (DRAWS, *concentration.shape)), rng)[:, :, :-1]
    likelihood = np.swapaxes(likelihood, 1, 2)  # draw, prediction, true pair
    prior = (PRIOR + PRIOR_SHARE * observed.sum()) * mix
    share = np.broadcast_to(mix, (DRAWS, len(mix)))
    counts = np.zeros((DRAWS, len(mix)), dtype=np.int64)
    for _ in range(STEPS):
        belief = likelihood * share[:, None, :] + 1e-300
        belief /= belief.sum(axis=2, keepdims=True)
        counts = rng.multinomial(np.broadcast_to(observed[seen], belief.shape[:2]), belief).sum(axis=1)
        share = _dirichlet(prior + counts, rng)
    return counts


def _dirichlet(concentration: Floats, rng: np.random.Generator) -> Floats:
    """Draw from Dirichlet distributions along the last axis."""
    gammas = rng.standard_gamma(concentration) + 1e-300
    return np.asarray(gammas / gammas.sum(axis=-1, keepdims=True))
