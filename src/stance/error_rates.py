"""Error rates of a model: how often it predicts each pair of labels for each true pair, as counts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ErrorRates:
    """Counts of what a model predicted, unseen, for statements whose labels are known."""
