"""How a text relates to its target, as features: both embeddings, their product and their difference."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin

if TYPE_CHECKING:
    import pandas as pd


class SentencePairFeatures(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Embed text and target with a frozen sentence encoder and let a linear model see how the two interact.

    The features are ``[u, v, sqrt(d) u * v, |u - v|]`` for a text ``u`` and a target ``v`` of ``d`` dimensions: without
    the latter two, which are those of InferSent (Conneau et al., EMNLP 2017), a linear model can only add up what text
    and target say by themselves. The factor makes a product's parts as large as those of an embedding.

    Parameters
    ----------
    encoder : str
        Name of a sentence encoder, see `stance.encoders`.
    """

    def __init__(self, encoder: str = "all-MiniLM-L6-v2") -> None:
        self.encoder = encoder

    def fit(self, frame: pd.DataFrame, y: object = None) -> SentencePairFeatures:  # noqa: ARG002
        """Learn nothing: the encoder is frozen."""
        return self

    def transform(self, frame: pd.DataFrame) -> np.ndarray[Any, Any]:
        """Return the features of the columns ``text`` and ``target``, float32 of shape (n, 4 d)."""
        from stance.encoders import load_encoder

        encoder = load_encoder(self.encoder)
        text, target = encoder.encode(list(frame["text"])), encoder.encode(list(frame["target"]))
        return np.hstack([text, target, np.sqrt(text.shape[1]) * text * target, np.abs(text - target)])

    def __sklearn_is_fitted__(self) -> bool:
        return True
