"""What every two-axis classifier can do, whatever it is made of."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from stance.codebook import Codebook
from stance.decision import Decision, Floats, decide, softmax
from stance.domain import Domain
from stance.error_rates import ErrorRates

if TYPE_CHECKING:
    import pandas as pd

    from stance.explain import Contributions
    from stance.work import Work

FIELDS = ("text", "previous", "following", "heading")  # of a statement, all that a classifier may read

Scores = dict[str, Floats]


class TwoAxisClassifier(ABC):
    """Scores every motive of a statement, and every stance toward every motive.

    Attributes
    ----------
    kind : str
        Versioned name under which it is saved.
    codebook : Codebook
        Gives the labels and their order.
    temperature : dict of str to float
        Per axis, what scores are divided by to become calibrated proba; fitted on held-out scores by the trainer.
    domain : Domain or None
        Knows the subject of the training data; fitted by the trainer.
    rates : ErrorRates or None
        What its like predicted for labeled statements it had not seen; counted by the trainer.
    """

    kind: ClassVar[str]
    codebook: Codebook
    temperature: dict[str, float]
    domain: Domain | None = None
    rates: ErrorRates | None = None

    @abstractmethod
    def unfitted(self) -> Self:
        """Return a copy that has learned nothing."""

    @abstractmethod
    def fit(self, frame: pd.DataFrame, work: Work | None = None) -> Self:
        """Learn from labeled statements (columns of the corpus, and ``weight`` where some count for less).

        What takes minutes tells ``work`` how far it is, and goes on from the checkpoints it left there.

        Raises
        ------
        CorpusError
            If there are fewer than two labels to tell apart on an axis.
        """

    @abstractmethod
    def scores(self, frame: pd.DataFrame) -> Scores:
        """Score statements; any larger score is likelier.

        Parameters
        ----------
        frame : DataFrame
            With the columns ``text``, ``previous``, ``following`` and ``heading``.

        Returns
        -------
        dict
            ``motive``: shape (n, n_motives). ``stance``: shape (n, n_motives, n_stances), the stance toward each
            motive. Labels stand in the codebook's order.
        """

    @abstractmethod
    def save(self, folder: Path) -> dict[str, Any]:
        """Write what was learned into ``folder``, without pickle; return settings for the header."""

    @property
    def uses_all_cores(self) -> bool:
        """Whether scoring takes all cores by itself, so that several processes would only be in each other's way."""
        return False

    def coverage(self, texts: Sequence[str]) -> list[float]:
        """Share of each text's words that training knew; 1 where a classifier reads no words."""
        return [1.0] * len(texts)

    def outside(self, texts: Sequence[str], contexts: Sequence[str], min_coverage: float) -> list[bool]:
        """Tell which statements are out of domain: their words are unknown, or their context is off the subject.

        Parameters
        ----------
        texts, contexts : sequence of str, shape (n,)
            Statements, and what each stands in: its article, or what is known of it (`stance.domain.windows`).
        min_coverage : float
            The smallest `coverage` of a statement.
        """
        foreign = [known < min_coverage for known in self.coverage(texts)]
        off = self.domain.outside(contexts) if self.domain else [False] * len(foreign)
        return [a or b for a, b in zip(foreign, off, strict=True)]

    def evidence(self, frame: pd.DataFrame, motives: Sequence[str]) -> list[str]:  # noqa: ARG002
        """Words of each statement that speak for its motive, joined by ``; ``; empty where they cannot be told."""
        return [""] * len(motives)

    def contributions(self, frame: pd.DataFrame) -> list[Contributions] | None:  # noqa: ARG002
        """Tell what every term of each statement adds to its scores, which is what the terms sum to.

        None where a classifier cannot tell exactly; `stance.explain.occlusion` then tells it approximately.
        """
        return None

    def top_features(self, axis: str, n: int = 15) -> dict[str, list[tuple[str, float]]] | None:  # noqa: ARG002
        """Words and pairs of the statement that speak most for each label of an axis, strongest first.

        A term's weight is the label's less the mean over all labels. None where a classifier has no such features.
        """
        return None

    def learns_from(self, frame: pd.DataFrame, axis: str) -> np.ndarray[Any, Any]:
        """Tell which rows an axis learns from: a stance is taken toward a motive, so the null motive teaches none."""
        if axis == "motive":
            return np.ones(len(frame), dtype=bool)
        return (frame["motive"] != self.codebook.null_label("motive")).to_numpy()

    def decide(self, scores: Scores) -> Decision:
        """Turn scores into labels and calibrated proba."""
        proba = {axis: softmax(scores[axis], self.temperature.get(axis, 1.0)) for axis in self.codebook.axes}
        return decide(proba["motive"], proba["stance"], self.codebook)


def label_codes(frame: pd.DataFrame, axis: str, codebook: Codebook) -> np.ndarray[Any, Any]:
    """Column of each statement's gold label, in the codebook's order."""
    order = {label: code for code, label in enumerate(codebook.labels(axis))}
    return frame[axis].map(order).to_numpy(dtype=int)


def stance_toward_gold(scores: Floats, frame: pd.DataFrame, codebook: Codebook) -> Floats:
    """Pick the stance scores toward each statement's gold motive, shape (n, n_stances)."""
    return np.asarray(scores[np.arange(len(frame)), label_codes(frame, "motive", codebook)])
