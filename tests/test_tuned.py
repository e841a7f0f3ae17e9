"""The prediction side of a fine-tuned encoder, on a tiny ONNX network; training it is tested in test_finetune.py."""

import numpy as np
import pandas as pd
import pytest
from conftest import EVENTS, TALKS
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, pre_tokenizers

from stance.ensemble import Ensemble
from stance.errors import ModelError
from stance.fast import FastClassifier
from stance.persist import read_model, save_model
from stance.predict import load_model
from stance.tuned import NETWORK, FineTunedClassifier

VOCABULARY = {word: n for n, word in enumerate(["[UNK]", "[CLS]", "[SEP]", "talks", "treaty", "never"])}


def network(n_motives, n_stances):
    """Sum over the statement's tokens: ``talks`` and ``treaty`` speak for the second and fourth motive, else the last."""
    motive = np.zeros((len(VOCABULARY), n_motives), dtype=np.float32)
    motive[VOCABULARY["talks"], 1] = motive[VOCABULARY["treaty"], 3] = 5.0
    motive[VOCABULARY["[SEP]"], -1] = 1.0
    stance = np.zeros((len(VOCABULARY), n_motives * n_stances), dtype=np.float32)
    stance[VOCABULARY["[SEP]"], ::n_stances] = 1.0
    stance[VOCABULARY["never"], 1::n_stances] = 5.0
    nodes = [
        helper.make_node("Cast", ["segment"], ["inside"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["inside", "last"], ["mask"]),
    ]
    for name in ("motive", "stance"):
        nodes += [
            helper.make_node("Gather", [f"{name}_table", "input_ids"], [f"{name}_tokens"]),
            helper.make_node("Mul", [f"{name}_tokens", "mask"], [f"{name}_inside"]),
        ]
    nodes += [
        helper.make_node("ReduceSum", ["motive_inside", "middle"], ["motive"], keepdims=0),
        helper.make_node("ReduceSum", ["stance_inside", "middle"], ["flat"], keepdims=0),
        helper.make_node("Reshape", ["flat", "shape"], ["stance"]),
    ]
    inputs = ("input_ids", "attention_mask", "segment")
    constants = {"last": [-1], "middle": [1], "shape": [-1, n_motives, n_stances]}
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info(name, TensorProto.INT64, ["n", "tokens"]) for name in inputs],
        [
            helper.make_tensor_value_info("motive", TensorProto.FLOAT, ["n", n_motives]),
            helper.make_tensor_value_info("stance", TensorProto.FLOAT, ["n", n_motives, n_stances]),
        ],
        [numpy_helper.from_array(np.array(value, dtype=np.int64), name) for name, value in constants.items()]
        + [numpy_helper.from_array(motive, "motive_table"), numpy_helper.from_array(stance, "stance_table")],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9).SerializeToString()


@pytest.fixture
def tuned(codebook):
    tokenizer = Tokenizer(models.WordLevel(VOCABULARY, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    sizes = [len(codebook.labels(axis)) for axis in codebook.axes]
    context = ("previous", "following", "heading")
    return FineTunedClassifier(
        codebook, "tiny", context, 1, 1e-4, 2, network=network(*sizes), tokenizer=tokenizer.to_str()
    )


def frame(*texts, **fields):
    return pd.DataFrame({"text": list(texts)}).assign(**({"previous": "", "following": "", "heading": ""} | fields))


def test_it_scores_the_statement_and_its_stance_toward_each_motive(tuned):
    decision = tuned.decide(tuned.scores(frame("They want talks", "never a treaty", "It rained")))
    assert decision.motive == ["direct_talks", "peace_treaty", "none"]
    assert decision.stance == ["supportive", "skeptical", "neutral"]


def test_scores_do_not_depend_on_what_else_is_in_the_batch(tuned):
    texts = ["talks", "They never want talks of any kind at all", "It rained", "", "treaty " * 300]
    together = tuned.scores(frame(*texts))
    for row, text in enumerate(texts):
        alone = tuned.scores(frame(text))
        assert np.allclose(alone["stance"][0], together["stance"][row])


def test_zero_statements_are_sound(tuned):
    scores = tuned.scores(frame())
    assert (scores["motive"].shape, scores["stance"].shape) == ((0, 9), (0, 9, 3))


def test_a_saved_copy_predicts_the_same_and_a_cut_network_is_refused(tuned, tmp_path, codebook):
    from stance.config import DecisionConfig

    save_model(tmp_path, "tiny", tuned, DecisionConfig())
    _, loaded, _ = read_model(tmp_path)
    texts = frame("They want talks", "never")
    assert np.array_equal(loaded.scores(texts)["motive"], tuned.scores(texts)["motive"])
    (tmp_path / NETWORK).write_bytes(tuned.network[:100])
    with pytest.raises(ModelError, match="does not match the SHA-256"):
        read_model(tmp_path)


def test_an_ensemble_weighs_its_members_and_is_saved_with_them(tuned, tmp_path, codebook):
    from stance.config import DecisionConfig

    rows = [(text, "direct_talks", "supportive") for text in TALKS] + [(text, "none", "neutral") for text in EVENTS]
    rows.append(("Talks are pointless.", "direct_talks", "skeptical"))
    train = frame(*(text for text, _, _ in rows)).assign(motive=[m for _, m, _ in rows], stance=[s for *_, s in rows])
    fast = FastClassifier(codebook).fit(train)
    both = Ensemble(codebook, [tuned, fast], [0.5, 2.0])
    expected = 0.5 * tuned.scores(train)["motive"] + 2.0 * fast.scores(train)["motive"]
    assert np.allclose(both.scores(train)["motive"], expected)
    assert both.coverage(["zebra"]) == fast.coverage(["zebra"]) == [0.0]
    save_model(tmp_path, "both", both, DecisionConfig())
    loaded = load_model(tmp_path)
    assert np.allclose(loaded.classifier.scores(train)["stance"], both.scores(train)["stance"])
    assert loaded.predict("The envoy wants talks.")["motive"].tolist() == ["direct_talks"]
