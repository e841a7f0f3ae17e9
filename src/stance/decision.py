"""From scores to labels: calibration, the rule that no motive means a neutral stance, and when to hold back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stance.codebook import Codebook

Floats = NDArray[np.float64]


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
    """Labels and proba of n statements; the columns of each proba array follow the codebook's order."""

    motive: list[str]
    stance: list[str]
    motive_proba: Floats
    stance_proba: Floats
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
    rows = np.arange(len(motive))
    chosen_motive = motive.argmax(axis=1) if len(motive) else np.empty(0, dtype=int)
    chosen_stance = toward[rows, chosen_motive].argmax(axis=1) if len(motive) else np.empty(0, dtype=int)
    return Decision(
        motive=[motives[i] for i in chosen_motive],
        stance=[stances[i] for i in chosen_stance],
        motive_proba=motive[rows, chosen_motive],
        stance_proba=marginal[rows, chosen_stance],
        proba={"motive": motive, "stance": marginal},
    )


def statuses(motive_proba: Floats, coverage: list[float], *, abstain_below: float, min_coverage: float) -> list[str]:
    """Say of each prediction whether to use it: ``ok``, ``abstain`` (unsure) or ``out_of_domain`` (words unknown)."""
    return [
        "out_of_domain" if known < min_coverage else "abstain" if proba < abstain_below else "ok"
        for proba, known in zip(motive_proba, coverage, strict=True)
    ]
