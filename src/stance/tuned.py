"""A fine-tuned encoder: trained with torch (`stance.finetune`), run by ONNX Runtime in eight-bit integers."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from stance.classifier import Scores, TwoAxisClassifier
from stance.codebook import Codebook
from stance.errors import CorpusError, ModelError
from stance.segments import by_length, encode_statements, pad
from stance.storage import write_bytes, write_text

if TYPE_CHECKING:
    import pandas as pd

    from stance.work import Work

NETWORK, TOKENIZER = "encoder.onnx", "tokenizer.json"
BATCH = 32  # statements run at once


@dataclass
class FineTunedClassifier(TwoAxisClassifier):
    """An encoder that reads a statement in its surroundings, with a motive head and a stance head that sees the motive.

    Parameters
    ----------
    codebook : Codebook
        Gives the labels, and the definitions that the motives are first known by.
    encoder : str
        Name of the pretrained encoder, see `stance.finetune.load_pretrained`.
    context : tuple of str
        Which of ``previous``, ``following`` and ``heading`` are read beside the statement.
    epochs, learning_rate, batch_size, seed
        Of training.
    """

    kind: ClassVar[str] = "fine_tuned.v1"
    codebook: Codebook
    encoder: str
    context: tuple[str, ...]
    epochs: int
    learning_rate: float
    batch_size: int
    seed: int = 0
    temperature: dict[str, float] = field(default_factory=dict)
    network: bytes = field(default=b"", repr=False)
    tokenizer: str = field(default="", repr=False)

    def unfitted(self) -> FineTunedClassifier:
        """Return a copy that has learned nothing."""
        return FineTunedClassifier(self.codebook, **self._settings())

    def _settings(self) -> dict[str, Any]:
        names = ("encoder", "context", "epochs", "learning_rate", "batch_size", "seed")
        return {name: getattr(self, name) for name in names}

    def fit(self, frame: pd.DataFrame, work: Work | None = None) -> FineTunedClassifier:
        """Fine-tune on labeled statements; see `TwoAxisClassifier.fit`. Needs the extra ``finetune``."""
        from stance.finetune import fine_tune

        for axis in self.codebook.axes:
            if (found := frame[axis][self.learns_from(frame, axis)].nunique()) < 2:
                rule = f"the training data has {found} {axis} label(s) to learn from, and two are needed"
                raise CorpusError(rule, where="data.train", remedy="Train on more collections.")
        self.network, self.tokenizer = fine_tune(self, frame, work)
        vars(self).pop("_session", None)
        return self

    @cached_property
    def _session(self) -> tuple[Any, Any]:
        """The network and the tokenizer, ready to run."""
        try:
            import onnxruntime
            from tokenizers import Tokenizer
        except ImportError:
            remedy = 'Install them by: pip install "stance[encoder]"'
            raise ModelError("needs the packages onnxruntime and tokenizers", where=self.kind, remedy=remedy) from None
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        session = onnxruntime.InferenceSession(self.network, options, providers=["CPUExecutionProvider"])
        return session, Tokenizer.from_str(self.tokenizer)

    @property
    def uses_all_cores(self) -> bool:
        """ONNX Runtime does."""
        return True

    def scores(self, frame: pd.DataFrame) -> Scores:
        """Score statements; see `TwoAxisClassifier.scores`."""
        session, tokenizer = self._session
        shape = [len(self.codebook.labels(axis)) for axis in self.codebook.axes]
        motive, stance = np.zeros((len(frame), shape[0])), np.zeros((len(frame), *shape))
        segments = encode_statements(tokenizer, frame, self.context)
        for rows in by_length(segments, BATCH):
            motive[rows], stance[rows] = session.run(["motive", "stance"], pad([segments[row] for row in rows]))
        return {"motive": motive, "stance": stance}

    def save(self, folder: Path) -> dict[str, Any]:
        """Write the network and the tokenizer; return the settings."""
        write_bytes(folder / NETWORK, self.network)
        write_text(folder / TOKENIZER, self.tokenizer)
        return self._settings() | {"context": list(self.context)}

    @classmethod
    def load(cls, folder: Path, codebook: Codebook, settings: dict[str, Any]) -> FineTunedClassifier:
        """Read what `save` wrote."""
        network, tokenizer = (folder / NETWORK).read_bytes(), (folder / TOKENIZER).read_text(encoding="utf-8")
        return cls(codebook, **settings | {"context": tuple(settings["context"])}, network=network, tokenizer=tokenizer)
