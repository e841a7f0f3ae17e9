"""From scores to labels: calibration, the rule that no motive means a neutral stance, and when to hold back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stance.codebook import Codebook

Floats = NDArray[np.float64]

MIN_KEPT = 30  # predictions that a precision is measured by; with fewer a lucky few set the threshold


def softmax(scores: Floats, temperature: float = 1.0) -> Floats:
    """Turn scores into proba along the last axis, which comes back summing to 1."""
    shifted = (scores - scores.max(axis=-1, keepdims=True, initial=-np.inf)) / temperature
    weights = np.exp(shifted)
    return np.asarray(weights / weights.sum(axis=-1, keepdims=True))


def fit_temperature(scores: Floats, gold: NDArray[np.integer]) -> float:
    """Return the temperature under which held-out scores give the likeliest proba (Guo et al., ICML 2017).

    Parameters
    ----------
    scores : array, shape (n, n_labels)
        Scores of statements that the model was not trained on.
    gold : array of int, shape (n,)
        Column of the gold label.
    """
    from scipy.optimize import minimize_scalar

    def log_loss(log_temperature: float) -> float:
        proba = softmax(scores, float(np.exp(log_temperature)))[np.arange(len(gold)), gold]
        return float(-np.log(np.maximum(proba, 1e-12)).mean())

    return float(np.exp(minimize_scalar(log_loss, bounds=(-5, 5), method="bounded").x))


@dataclass(frozen=True)
class Decision:
    """Labels and proba of n statements; the columns of each proba array follow the codebook's order.

    ``readings`` (n, n_motives, n_stances) is the proba of every motive with every stance: P(motive) P(stance | motive);
    ``joint_proba`` that of the chosen two, the proba that motive and stance are both right.
    """

    motive: list[str]
    stance: list[str]
    motive_proba: Floats
    stance_proba: Floats
    joint_proba: Floats
    readings: Floats
    proba: dict[str, Floats]


def decide(motive: Floats, stance: Floats, codebook: Codebook) -> Decision:
    """Choose the likeliest motive, then the likeliest stance toward that motive.

    Parameters
    ----------
    motive : array, shape (n, n_motives)
        Proba of each motive.
    stance : array, shape (n, n_motives, n_stances)
        Proba of each stance toward each motive, were that motive the statement's. The null motive's row is not read.
    codebook : Codebook
        Gives the order of labels and the null labels.

    Returns
    -------
    Decision
        The null motive always comes with the null stance. ``proba["stance"]`` is the proba that the stance is right
        whatever the motive: the sum over motives of P(motive) P(stance | motive), where the null motive gives all to
        the null stance.
    """
    motives, stances = codebook.labels("motive"), codebook.labels("stance")
    none, neutral = motives.index(codebook.null_label("motive")), stances.index(codebook.null_label("stance"))
    toward = stance.copy()
    toward[:, none, :] = 0.0
    toward[:, none, neutral] = 1.0
    marginal = np.einsum("nm,nms->ns", motive, toward)
    readings = motive[:, :, None] * toward
    rows = np.arange(len(motive))
    chosen_motive = motive.argmax(axis=1) if len(motive) else np.empty(0, dtype=int)
    chosen_stance = toward[rows, chosen_motive].argmax(axis=1) if len(motive) else np.empty(0, dtype=int)
    return Decision(
        motive=[motives[i] for i in chosen_motive],
        stance=[stances[i] for i in chosen_stance],
        motive_proba=motive[rows, chosen_motive],
        stance_proba=marginal[rows, chosen_stance],
        joint_proba=readings[rows, chosen_motive, chosen_stance],
        readings=readings,
        proba={"motive": motive, "stance": marginal},
    )


@dataclass(frozen=True)
class Threshold:
    """Where to abstain, and what that gave on the statements it was chosen by.

    ``precision`` is the share of the ``kept`` predictions that are right on both axes; ``missed_by`` how far that is
    below the aim, 0 where it was reached.
    """

    abstain_below: float
    aim: float
    precision: float
    kept: int
    statements: int

    @property
    def missed_by(self) -> float:
        """How far the precision is below the aim."""
        return max(0.0, self.aim - self.precision)


def choose_threshold(confidence: Floats, right: NDArray[np.bool_], aim: float) -> Threshold:
    """Return the lowest threshold at which the share of right predictions among the kept is at least ``aim``.

    At least `MIN_KEPT` are kept. Where no such threshold reaches the aim, it is the one of the best precision, and of
    those the lowest.

    Parameters
    ----------
    confidence : array, shape (n,)
        Joint proba of statements that neither the model nor its temperature was fitted on.
    right : array of bool, shape (n,)
        Whether motive and stance are both right.
    aim : float
        The precision asked for.

    Raises
    ------
    ValueError
        If there is no statement.
    """
    if not len(confidence):
        raise ValueError("a threshold is chosen by at least one statement")
    order = np.argsort(-confidence, kind="stable")
    kept = np.arange(1, len(order) + 1)
    precision = np.cumsum(right[order]) / kept
    # Only where the next confidence is lower can a threshold cut.
    cuts = np.flatnonzero(np.append(np.diff(confidence[order]) < 0, True) & (kept >= min(MIN_KEPT, len(order))))
    enough = cuts[precision[cuts] >= aim]
    at = enough[-1] if len(enough) else cuts[np.flatnonzero(precision[cuts] == precision[cuts].max())[-1]]
    # Halfway to the next, so that rounding moves nothing across.
    below = 0.0 if at == len(order) - 1 else float(confidence[order[at : at + 2]].mean())
    return Threshold(below, aim, float(precision[at]), int(kept[at]), len(order))


def statuses(joint_proba: Floats, outside: Sequence[bool], abstain_below: float | None) -> list[str]:
    """Say of each prediction whether to use it: ``out_of_domain``, else ``abstain`` where it is unsure, else ``ok``."""
    return [
        "out_of_domain" if flagged else "abstain" if proba < (abstain_below or 0.0) else "ok"
        for proba, flagged in zip(joint_proba, outside, strict=True)
    ]
