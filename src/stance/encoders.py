"""Frozen text encoders behind one interface; using one needs no torch.

An encoder is a folder: ``tokenizer.json`` beside ``model.onnx`` (`OnnxEncoder`) or ``model.safetensors``
(`StaticEncoder`). Its name is the folder's. `stance.encoder_export` makes them.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from stance.errors import ConfigError

Kind = Literal["onnx", "static"]
Vectors = NDArray[np.float32]

TOKENIZER = "tokenizer.json"
MODEL: dict[Kind, str] = {"onnx": "model.onnx", "static": "model.safetensors"}
MAX_TOKENS = 128  # of a text; longer than 99.9 % of statements
REMEMBERED = 50_000  # texts: the folds of a training read the same ones again; about 80 MB at 384 dimensions


class Encoder(Protocol):
    """Turns texts into vectors, each text by itself: a vector does not depend on what is encoded beside it."""

    kind: ClassVar[Kind]

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one vector of length 1 for each text, shape (n, dims); zeros for a text without words."""


def encoders_folder() -> Path:
    """Return the folder of all encoders: ``$STANCE_ENCODERS``, or ``stance/encoders`` in the user's data folder."""
    if named := os.environ.get("STANCE_ENCODERS"):
        return Path(named)
    with needs_extra("encoder"):
        from platformdirs import user_data_path
    return user_data_path("stance") / "encoders"


def present_encoders() -> list[str]:
    """Names of the encoders that are here."""
    return sorted(path.parent.name for path in encoders_folder().glob(f"*/{TOKENIZER}") if kind_of(path.parent))


def find_encoder(name: str) -> Path:
    """Return an encoder's folder.

    Raises
    ------
    ConfigError
        If it is not here; says which are, and how to make one.
    """
    if name in (present := present_encoders()):
        return encoders_folder() / name
    command = f"stance encoder add {name.removesuffix('-static')}{' --kind static' * name.endswith('-static')}"
    rule = f"no encoder {name!r} is here (present: {', '.join(present) or 'none'})"
    raise ConfigError(rule, where="encoder", remedy=f"Make it by `{command}`, or name another.")


def load_encoder(name: str) -> LoadedEncoder:
    """Load an encoder by name; in one process each is loaded once.

    Raises
    ------
    ConfigError
        If it is not here, cannot be read, or a package is missing.
    """
    return _load(find_encoder(name))


@lru_cache(maxsize=4)
def _load(folder: Path) -> LoadedEncoder:
    return LoadedEncoder(read_encoder(folder), fingerprint(folder))


def read_encoder(folder: Path) -> Encoder:
    """Read the encoder in a folder.

    Raises
    ------
    ConfigError
        If it cannot be read, or a package is missing.
    """
    try:
        return OnnxEncoder(folder) if kind_of(folder) == "onnx" else StaticEncoder(folder)
    except ConfigError:
        raise
    except Exception as cause:  # each of the libraries below has errors of its own
        rule = f"cannot be read as an encoder ({type(cause).__name__})"
        raise ConfigError(rule, where=folder, remedy="Delete it and make it again by `stance encoder add`.") from None


def kind_of(folder: Path) -> Kind | None:
    """Kind of the encoder in a folder; None where there is none."""
    return next((kind for kind, file in MODEL.items() if (folder / file).is_file()), None)


def size_of(folder: Path) -> int:
    """Bytes of an encoder on disk."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def fingerprint(folder: Path) -> str:
    """SHA-256 of the files that decide what an encoder gives."""
    digest = hashlib.sha256()
    for file in (TOKENIZER, *MODEL.values()):
        if (folder / file).is_file():
            digest.update(hashlib.sha256((folder / file).read_bytes()).digest())
    return digest.hexdigest()


class LoadedEncoder:
    """An encoder with its `fingerprint`, which remembers the vectors of texts it has met."""

    def __init__(self, encoder: Encoder, sha256: str) -> None:
        self.encoder, self.kind, self.sha256 = encoder, encoder.kind, sha256
        self._known: dict[str, Vectors] = {}

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one vector of length 1 for each text, shape (n, dims); zeros for a text without words."""
        different = dict.fromkeys(texts)
        if len(self._known.keys() | different.keys()) > REMEMBERED:
            self._known.clear()
        new = [text for text in different if text not in self._known]
        if new or not texts:
            vectors = self.encoder.encode(new)
            self._known.update(zip(new, vectors, strict=True))
        return np.stack([self._known[text] for text in texts]) if texts else vectors


class OnnxEncoder:
    """A transformer in int8 through ONNX Runtime: the mean of a text's token vectors (Reimers and Gurevych, 2019).

    Texts are not batched: int8 activations are scaled over a whole batch, so a text's vector would depend on the texts
    beside it. One text a thread is also quicker on a CPU than a batch, which computes its padding too.
    """

    kind: ClassVar[Kind] = "onnx"

    def __init__(self, folder: Path) -> None:
        with needs_extra("encoder"):
            from onnxruntime import InferenceSession, SessionOptions
            from tokenizers import Tokenizer
        options = SessionOptions()
        options.intra_op_num_threads = 1
        self._session = InferenceSession(folder / MODEL["onnx"], options, providers=["CPUExecutionProvider"])
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_TOKENS)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one vector of length 1 for each text; see `Encoder.encode`."""
        ids = [tokens.ids for tokens in self._tokenizer.encode_batch(list(texts))]
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            vectors = list(pool.map(self._encode_tokens, ids))
        dims = self._session.get_outputs()[0].shape[-1]
        blank = np.array([not text.strip() for text in texts], dtype=bool)
        return _unit(np.where(blank[:, None], 0, np.array(vectors).reshape(len(texts), dims)))

    def _encode_tokens(self, ids: list[int]) -> Vectors:
        (vectors,) = self._session.run(None, {"input_ids": np.array([ids], dtype=np.int64)})
        return np.asarray(vectors[0], dtype=np.float32)


class StaticEncoder:
    """The mean of static token vectors, distilled from a transformer by model2vec (Tulkens and van Dongen, 2024)."""

    kind: ClassVar[Kind] = "static"

    def __init__(self, folder: Path) -> None:
        with needs_extra("encoder"):
            from model2vec import StaticModel
        self._model: Any = StaticModel.from_pretrained(folder)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one vector of length 1 for each text; see `Encoder.encode`."""
        if not texts:
            return np.zeros((0, self._model.dim), dtype=np.float32)
        return _unit(self._model.encode(list(texts), use_multiprocessing=False))


def _unit(vectors: Any) -> Vectors:
    vectors = np.asarray(vectors, dtype=np.float32)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(lengths > 0, lengths, 1), dtype=np.float32)


@contextmanager
def needs_extra(extra: str) -> Iterator[None]:
    """Say of a package that cannot be imported which extra of ours brings it."""
    try:
        yield
    except ImportError as cause:
        rule = f"the package {(cause.name or str(cause)).partition('.')[0]} is missing"
        raise ConfigError(rule, where="encoder", remedy=f'pip install "stance[{extra}]"') from None
