"""Encoders of a few words and four dimensions, made from arrays: no torch, no download."""

import numpy as np
import onnx
from conftest import DOUBTS, EVENTS, TALKS, TREATY
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

DIMS = 4
WORDS = sorted({word.strip(".,").lower() for text in (*TALKS, *DOUBTS, *TREATY, *EVENTS) for word in text.split()})


def _tokenizer():
    vocabulary = {word: number for number, word in enumerate(["[UNK]", *WORDS])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(r"\w+"), "removed", invert=True)
    return tokenizer


def _vectors(seed):
    return np.random.default_rng(seed).normal(size=(len(WORDS) + 1, DIMS)).astype(np.float32)


def make_onnx_encoder(folder, seed=0):
    """Write an encoder that gives the mean of its words' vectors."""
    graph = helper.make_graph(
        [
            helper.make_node("Gather", ["vectors", "input_ids"], ["tokens"]),
            helper.make_node("ReduceMean", ["tokens"], ["text_vector"], axes=[1], keepdims=0),
        ],
        "tiny",
        [helper.make_tensor_value_info("input_ids", TensorProto.INT64, [1, "n_tokens"])],
        [helper.make_tensor_value_info("text_vector", TensorProto.FLOAT, [1, DIMS])],
        [numpy_helper.from_array(_vectors(seed), "vectors")],
    )
    folder.mkdir(parents=True, exist_ok=True)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.save(model, folder / "model.onnx")
    _tokenizer().save(str(folder / "tokenizer.json"))
    return folder


def make_static_encoder(folder, seed=0):
    """Write the like of it as a model2vec model."""
    from model2vec import StaticModel

    folder.mkdir(parents=True, exist_ok=True)
    StaticModel(_vectors(seed), _tokenizer(), normalize=True).save_pretrained(folder)
    return folder
