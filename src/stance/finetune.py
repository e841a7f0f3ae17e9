"""Fine-tune a pretrained encoder on labeled statements and export it to eight-bit ONNX (extra ``finetune``).

Two heads read the mean of the statement's token vectors and the first token's. The motive head is linear. The stance
head also sees the motive, as a vector that starts as the encoder's reading of the codebook's definition, and scores the
stance toward every motive. Word embeddings stay as they are, which saves time, and there is no dropout
inside the encoder, which costs time and did not help on a fold of train.
"""

from __future__ import annotations

import io
import json
import logging
import tempfile
import warnings
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from stance.classifier import label_codes
from stance.encoder_export import PACKAGED
from stance.errors import ConfigError
from stance.segments import Segments, by_length, encode_statements, pad
from stance.storage import to_json, write_bytes

if TYPE_CHECKING:
    import pandas as pd
    import torch

    from stance.tuned import FineTunedClassifier
    from stance.work import Work

SMOOTHING = 0.05  # of the labels
WARM_UP = 0.08  # share of the steps over which the learning rate rises
HEAD_RATE = 3  # the heads start from nothing and learn faster
DECAY_BY_LAYER = 0.9  # layers further down learn slower (Howard & Ruder, ACL 2018)
POOL = 20  # batches whose statements are sorted by length together


def load_pretrained(name: str) -> tuple[Any, Any]:
    """Return encoder and fast tokenizer of a pretrained model.

    Parameters
    ----------
    name : str
        ``all-MiniLM-L6-v2`` (from the package that carries it), a folder, or any model of the Hugging Face hub.

    Raises
    ------
    ConfigError
        If the packages are not installed, or there is no such encoder here and the hub cannot be reached.
    """
    if any(find_spec(package) is None for package in ("torch", "transformers", "onnx", "onnxruntime")):
        remedy = 'Install them by: pip install "stance[finetune]"'
        raise ConfigError("fine-tuning needs torch, transformers, onnx and onnxruntime", where=name, remedy=remedy)
    from transformers import AutoModel, AutoTokenizer
    from transformers.utils import logging as transformers_logging

    transformers_logging.set_verbosity_error()
    transformers_logging.disable_progress_bar()
    packages = {each: package for each, package in PACKAGED.items() if find_spec(package)}
    where = _folder_of(packages[name]) if name in packages else name
    dropout = {"attention_probs_dropout_prob": 0.0, "hidden_dropout_prob": 0.0}
    try:
        tokenizer = AutoTokenizer.from_pretrained(where)
        # Written-out attention: on two cores a training step takes little more than half as long as with the fused one.
        encoder = AutoModel.from_pretrained(where, attn_implementation="eager", **dropout)
    except (OSError, ValueError):
        present = f"Present here: {', '.join(packages) or 'none'}"
        remedy = f"{present}. Name one of these or a folder, or go online for others."
        rule = f"no encoder {name!r} is present, and the hub gave none"
        raise ConfigError(rule, where="model.encoder", remedy=remedy) from None
    return encoder, tokenizer


def _folder_of(package: str) -> str:
    spec = find_spec(package)
    places = (spec.submodule_search_locations if spec else None) or [package]
    return str(Path(places[0]) / "model")


def fine_tune(settings: FineTunedClassifier, frame: pd.DataFrame, work: Work | None = None) -> tuple[bytes, str]:
    """Train on labeled statements; return the ONNX network and the tokenizer as JSON.

    The network takes ``input_ids``, ``attention_mask`` and ``segment``, each (n, tokens), and gives ``motive``
    (n, n_motives) and ``stance`` (n, n_motives, n_stances). Same data and seed on the same machine give the same bytes,
    interrupted or not.
    """
    encoder, tokenizer = load_pretrained(settings.encoder)
    import torch  # load_pretrained has made sure of it

    torch.manual_seed(settings.seed)
    backend = tokenizer.backend_tokenizer
    backend.no_padding()
    backend.no_truncation()
    network = _network(encoder, backend, settings)
    segments = encode_statements(backend, frame, settings.context)
    _train(network, segments, frame, settings, work)
    return _export(network, segments[:2]), str(backend.to_str())


def _network(encoder: Any, tokenizer: Any, settings: FineTunedClassifier) -> Any:
    import torch
    from torch import nn

    n_motives, n_stances = (len(settings.codebook.labels(axis)) for axis in settings.codebook.axes)
    definitions = _embed_definitions(encoder, tokenizer, settings)

    class Network(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            size = encoder.config.hidden_size
            self.encoder = encoder
            self.dropout = nn.Dropout(0.1)
            self.motive = nn.Linear(2 * size, n_motives)
            self.statement = nn.Linear(2 * size, size)
            self.definitions = nn.Parameter(definitions)
            self.stance = nn.Linear(size, n_stances)

        def forward(self, input_ids: Any, attention_mask: Any, segment: Any) -> tuple[Any, Any]:
            read = self.encoder(input_ids=input_ids, attention_mask=attention_mask, token_type_ids=segment)
            vectors = read.last_hidden_state
            inside = segment.unsqueeze(-1).to(vectors.dtype)
            mean = (vectors * inside).sum(1) / inside.sum(1)
            pooled = self.dropout(torch.cat([mean, vectors[:, 0]], dim=1))
            toward = self.statement(pooled).unsqueeze(1) + self.definitions.unsqueeze(0)
            return self.motive(pooled), self.stance(self.dropout(nn.functional.gelu(toward)))

    return Network()


def _embed_definitions(encoder: Any, tokenizer: Any, settings: FineTunedClassifier) -> torch.Tensor:
    """Return what the untouched encoder makes of each motive's name and definition, shape (n_motives, size)."""
    import torch

    labels = settings.codebook.axis("motive").labels
    ids = [tokenizer.encode(f"{label.name}: {label.definition}").ids for label in labels]
    with torch.no_grad():
        vectors = [encoder(input_ids=torch.tensor([each])).last_hidden_state.mean(1) for each in ids]
    # As long as the statement's own vector will be, so that neither drowns the other.
    return torch.nn.functional.normalize(torch.cat(vectors), dim=1) * 10.0


def _train(
    network: Any, segments: list[Segments], frame: pd.DataFrame, settings: FineTunedClassifier, work: Work | None
) -> None:
    import torch

    generator = np.random.default_rng(settings.seed)
    optimizer, schedule = _optimizer(network, settings, -(-len(segments) // settings.batch_size) * settings.epochs)
    loss_of = _Loss(frame, settings)
    fast = torch.ops.mkldnn._is_mkldnn_bf16_supported()  # else sixteen-bit floats are emulated, and slow
    network.train()
    state = _State(network, optimizer, schedule, generator)
    checkpoint = work.folder / f"{settings.encoder.replace('/', '-')}-{settings.seed}.pt" if work else None
    for epoch in range(state.read(checkpoint), settings.epochs):
        batches = _shuffled(segments, settings.batch_size, generator)
        for done, rows in enumerate(batches):
            if work and done % 10 == 0:
                what = f"fine-tuning, epoch {epoch + 1} of {settings.epochs}"
                work.progress(what, epoch * len(batches) + done, settings.epochs * len(batches))
            inputs = {name: torch.from_numpy(array) for name, array in pad([segments[row] for row in rows]).items()}
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=fast):
                motive, stance = network(**inputs)
            loss_of(motive.float(), stance.float(), rows).backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
        state.write(checkpoint, epoch + 1)
    network.eval()


@dataclass
class _State:
    """All that training goes on from: after every epoch it is written, and an interrupted training reads it."""

    network: Any
    optimizer: Any
    schedule: Any
    generator: np.random.Generator

    def write(self, path: Path | None, epoch: int) -> None:
        import torch

        if path is None:
            return
        parts = {name: getattr(self, name).state_dict() for name in ("network", "optimizer", "schedule")}
        random = {"torch": torch.get_rng_state(), "numpy": to_json(self.generator.bit_generator.state)}
        out = io.BytesIO()
        torch.save(parts | random | {"epoch": epoch}, out)
        write_bytes(path, out.getvalue())

    def read(self, path: Path | None) -> int:
        """Restore the state of a checkpoint; return how many epochs are done."""
        import torch

        if path is None or not path.is_file():
            return 0
        saved = torch.load(path, weights_only=True)
        for name in ("network", "optimizer", "schedule"):
            getattr(self, name).load_state_dict(saved[name])
        torch.set_rng_state(saved["torch"])
        self.generator.bit_generator.state = json.loads(saved["numpy"])
        return int(saved["epoch"])


class _Loss:
    """Cross-entropy of the motive, and of the stance toward the gold motive where there is one.

    Rare labels weigh more, by the square root of how rare they are; a column ``weight`` weighs statements.
    """

    def __init__(self, frame: pd.DataFrame, settings: FineTunedClassifier) -> None:
        import torch

        self.motive, self.stance = (
            torch.tensor(label_codes(frame, a, settings.codebook)) for a in ("motive", "stance")
        )
        weights = np.asarray(frame["weight"]) if "weight" in frame else np.ones(len(frame))
        self.weights = torch.tensor(weights, dtype=torch.float32)
        self.with_motive = torch.tensor(settings.learns_from(frame, "stance"))
        sizes = {axis: len(settings.codebook.labels(axis)) for axis in settings.codebook.axes}
        self.motive_weights = _rarity(self.motive, sizes["motive"])
        self.stance_weights = _rarity(self.stance[self.with_motive], sizes["stance"])

    def __call__(self, motive: torch.Tensor, stance: torch.Tensor, rows: Any) -> torch.Tensor:
        from torch.nn.functional import cross_entropy

        gold, toward = self.motive[rows], stance[range(len(rows)), self.motive[rows]]
        options: dict[str, Any] = {"reduction": "none", "label_smoothing": SMOOTHING}
        on_motive = cross_entropy(motive, gold, weight=self.motive_weights, **options)
        on_stance = cross_entropy(toward, self.stance[rows], weight=self.stance_weights, **options)
        return ((on_motive + on_stance * self.with_motive[rows]) * self.weights[rows]).mean()


def _rarity(codes: torch.Tensor, size: int) -> torch.Tensor:
    counts = codes.bincount(minlength=size).clamp(min=1)
    return (counts.sum() / size / counts).sqrt()


def _optimizer(network: Any, settings: FineTunedClassifier, steps: int) -> tuple[Any, Any]:
    import torch

    depth = network.encoder.config.num_hidden_layers
    groups = []
    for name, parameter in network.named_parameters():
        if ".embeddings." in name:
            parameter.requires_grad_(False)
            continue
        layer = int(name.split("layer.")[1].split(".")[0]) if "layer." in name else depth
        rate = DECAY_BY_LAYER ** (depth - layer) if name.startswith("encoder.") else HEAD_RATE
        decay = 0.01 if parameter.ndim > 1 else 0.0
        groups.append({"params": [parameter], "lr": settings.learning_rate * rate, "weight_decay": decay})
    optimizer = torch.optim.AdamW(groups, fused=True)
    rise = max(1, round(WARM_UP * steps))
    return optimizer, torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / rise, max(0.0, (steps - step) / max(1, steps - rise)))
    )


def _shuffled(segments: list[Segments], size: int, generator: np.random.Generator) -> list[Any]:
    """Return batches of all rows in a new order, each of statements of like length."""
    order = generator.permutation(len(segments))
    batches = []
    for at in range(0, len(order), size * POOL):
        pool = order[at : at + size * POOL]
        batches += [pool[rows] for rows in by_length([segments[row] for row in pool], size)]
    return [batches[number] for number in generator.permutation(len(batches))]


def _export(network: Any, examples: list[Segments]) -> bytes:
    """Write the network as ONNX, weights as eight-bit integers by output channel; return its bytes."""
    import torch
    from onnxruntime.quantization import QuantType, quantize_dynamic

    inputs = {name: torch.from_numpy(array) for name, array in pad(examples).items()}
    axes = {0: torch.export.Dim("n"), 1: torch.export.Dim("tokens")}
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        logging.getLogger("root").setLevel(logging.ERROR)  # the quantizer's advice on how to prepare a model
        whole, small = Path(folder) / "whole.onnx", Path(folder) / "small.onnx"
        torch.onnx.export(
            network, (), str(whole), kwargs=inputs, dynamo=True, verbose=False, external_data=False,
            output_names=["motive", "stance"], dynamic_shapes=dict.fromkeys(inputs, axes),
        )  # fmt: skip
        quantize_dynamic(whole, small, per_channel=True, weight_type=QuantType.QInt8)
        return small.read_bytes()
