"""Embeddings of a text as features: the scikit-learn face of `stance.encoders`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sklearn.base import BaseEstimator, TransformerMixin

from stance.encoders import Kind, LoadedEncoder, load_encoder
from stance.errors import ConfigError, ModelError

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix


class Embedding(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Turn texts into the vectors of a frozen encoder.

    The encoder is too large to go with every model: a model keeps its name and its fingerprint, ``sha256_``.

    Parameters
    ----------
    encoder : str
        Name of an encoder; see `stance.encoders.find_encoder`.
    kind : {"onnx", "static"}
        The kind that it must be of.
    """

    def __init__(self, encoder: str, kind: Kind) -> None:
        self.encoder = encoder
        self.kind = kind

    def fit(self, texts: Iterable[str], y: object = None) -> Embedding:  # noqa: ARG002
        """Keep the encoder's fingerprint; nothing is learned.

        Raises
        ------
        ConfigError
            If the encoder is not here, or is of another kind.
        """
        encoder = load_encoder(self.encoder)
        if encoder.kind != self.kind:
            rule = f"encoder {self.encoder!r} is of kind {encoder.kind}, not {self.kind} as these features need"
            raise ConfigError(rule, where="features", remedy="Name another; see `stance encoder list`.")
        self.sha256_ = encoder.sha256
        return self

    def transform(self, texts: Iterable[str]) -> csr_matrix:
        """Return the texts' vectors, shape (n, dims).

        Raises
        ------
        ConfigError
            If the encoder is not here.
        ModelError
            If it is not the one that the model was trained with.
        """
        from scipy.sparse import csr_matrix

        return csr_matrix(self._encoder().encode(list(texts)))

    def _encoder(self) -> LoadedEncoder:
        encoder = load_encoder(self.encoder)
        if encoder.sha256 != self.sha256_:
            rule = f"is not the encoder that the model was trained with: {encoder.sha256[:8]}, not {self.sha256_[:8]}"
            remedy = "Put the old one back, or train again with `stance train`."
            raise ModelError(rule, where=f"encoder {self.encoder}", remedy=remedy)
        return encoder
