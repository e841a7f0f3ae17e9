import sys

import numpy as np
import pytest
from tiny_encoders import make_onnx_encoder

from stance import cli
from stance.encoder_export import add_encoder
from stance.encoders import OnnxEncoder, StaticEncoder, load_encoder
from stance.errors import ConfigError


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("STANCE_ENCODERS", str(tmp_path / "encoders"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    return tmp_path / "encoders"


def test_an_encoder_that_is_there_is_not_overwritten(folder):
    make_onnx_encoder(folder / "tiny")
    with pytest.raises(ConfigError, match="tiny: is there already"):
        add_encoder("somebody/tiny")


@pytest.mark.parametrize("source", ["", ".", "..", "a folder/my model"])
def test_a_source_that_no_encoder_can_be_named_after_is_refused(folder, source):
    with pytest.raises(ConfigError, match="an encoder cannot be named"):
        add_encoder(source)
    assert not folder.exists()


def test_without_transformers_the_extra_is_named(folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "transformers", None)
    with pytest.raises(ConfigError, match=r'the package transformers is missing. pip install "stance\[finetune\]"'):
        add_encoder("all-MiniLM-L6-v2")
    assert not folder.exists()


def test_the_command_lists_the_encoders_that_are_here(folder, monkeypatch, capsys):
    make_onnx_encoder(folder / "tiny")
    monkeypatch.setattr(sys, "argv", ["stance", "encoder", "list"])
    with pytest.raises(SystemExit):
        cli.main()
    name, kind, size, sha256 = capsys.readouterr().out.strip().split("\t")
    assert (name, kind, size, len(sha256)) == ("tiny", "onnx", "0.0 MB", 8)


@pytest.fixture
def weights(tmp_path):
    """Folder of a transformer with random weights, in the layout that transformers reads."""
    pytest.importorskip("torch", reason="making an encoder needs torch (the extra finetune)")
    transformers = pytest.importorskip("transformers", reason="making an encoder needs the extra finetune")
    folder = tmp_path / "small-bert"
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "talks", "treaty", "war", "rain"]
    folder.mkdir()
    (folder / "vocab.txt").write_text("\n".join(words), encoding="utf-8")
    transformers.BertTokenizerFast(str(folder / "vocab.txt")).save_pretrained(folder)
    config = transformers.BertConfig(
        vocab_size=len(words), hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=64
    )
    transformers.set_seed(0)
    transformers.BertModel(config).save_pretrained(folder)
    return folder


def test_a_transformer_becomes_an_onnx_encoder_near_to_itself(folder, weights):
    import torch
    from transformers import AutoModel, AutoTokenizer

    made = add_encoder(str(weights))
    assert made == folder / "small-bert"
    texts = ["talks", "war treaty talks rain", "rain rain"]
    vectors = load_encoder("small-bert").encode(texts)
    model, tokenizer = AutoModel.from_pretrained(weights).eval(), AutoTokenizer.from_pretrained(weights)
    with torch.no_grad():
        exact = [model(**tokenizer(text, return_tensors="pt")).last_hidden_state[0].mean(0).numpy() for text in texts]
    cosines = [v @ e / np.linalg.norm(e) for v, e in zip(vectors, exact, strict=True)]
    assert min(cosines) > 0.98
    assert isinstance(load_encoder("small-bert").encoder, OnnxEncoder)


def test_a_transformer_becomes_a_static_encoder(folder, weights):
    pytest.importorskip("skeletoken", reason="distilling needs the extra finetune")
    assert add_encoder(str(weights), "static") == folder / "small-bert-static"
    assert isinstance(load_encoder("small-bert-static").encoder, StaticEncoder)
    assert load_encoder("small-bert-static").encode(["war talks"]).any()
    for path in (folder / "small-bert-static").iterdir():
        assert str(weights).encode() not in path.read_bytes()


def test_weights_that_cannot_be_had_are_one_clear_line(folder):
    pytest.importorskip("torch", reason="making an encoder needs torch (the extra finetune)")
    with pytest.raises(ConfigError, match=r"its weights cannot be loaded .*Encoders present: none") as caught:
        add_encoder("nobody/no-such-model")
    assert "\n" not in str(caught.value)
    assert not folder.exists()
