"""Several classifiers that decide together: a weighted sum of their scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from stance.classifier import Scores, TwoAxisClassifier
from stance.codebook import Codebook
from stance.config import DecisionConfig

if TYPE_CHECKING:
    import pandas as pd

    from stance.work import Work


@dataclass
class Ensemble(TwoAxisClassifier):
    """A weighted sum of scores; coverage and evidence are those of the last member that can tell them.

    Parameters
    ----------
    members : list of TwoAxisClassifier
        Of one codebook.
    weights : list of float
        What each member's scores are multiplied by.
    """

    kind: ClassVar[str] = "ensemble.v1"
    codebook: Codebook
    members: list[TwoAxisClassifier]
    weights: list[float]
    temperature: dict[str, float] = field(default_factory=dict)

    def unfitted(self) -> Ensemble:
        """Return a copy that has learned nothing."""
        return Ensemble(self.codebook, [member.unfitted() for member in self.members], self.weights)

    def fit(self, frame: pd.DataFrame, work: Work | None = None) -> Ensemble:
        """Train every member on the same statements."""
        for member in self.members:
            member.fit(frame, work)
        return self

    def scores(self, frame: pd.DataFrame) -> Scores:
        """Score statements; see `TwoAxisClassifier.scores`."""
        each = [member.scores(frame) for member in self.members]
        return {
            axis: np.sum([weight * scores[axis] for weight, scores in zip(self.weights, each, strict=True)], axis=0)
            for axis in self.codebook.axes
        }

    @property
    def uses_all_cores(self) -> bool:
        """Whether a member does."""
        return any(member.uses_all_cores for member in self.members)

    def coverage(self, texts: Sequence[str]) -> list[float]:
        """Share of each text's words that training knew, by the last member."""
        return self.members[-1].coverage(texts)

    def evidence(self, frame: pd.DataFrame, motives: Sequence[str]) -> list[str]:
        """Words that speak for each motive, by the last member."""
        return self.members[-1].evidence(frame, motives)

    def save(self, folder: Path) -> dict[str, Any]:
        """Write each member as a model of its own, ``member-1`` and so on."""
        from stance.persist import save_model

        for name, member in self._named().items():
            save_model(folder / name, name, member, DecisionConfig())
        return {"weights": self.weights}

    def _named(self) -> dict[str, TwoAxisClassifier]:
        return {f"member-{number}": member for number, member in enumerate(self.members, 1)}

    @classmethod
    def load(cls, folder: Path, codebook: Codebook, settings: dict[str, Any]) -> Ensemble:
        """Read what `save` wrote."""
        from stance.persist import read_model

        weights = [float(weight) for weight in settings["weights"]]
        members = [read_model(folder / f"member-{number}")[1] for number in range(1, len(weights) + 1)]
        return cls(codebook, members, weights)
