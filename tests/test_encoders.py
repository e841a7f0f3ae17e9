import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_encoders import DIMS, WORDS, make_onnx_encoder, make_static_encoder

from stance.encoders import (
    LoadedEncoder,
    OnnxEncoder,
    StaticEncoder,
    encoders_folder,
    find_encoder,
    fingerprint,
    load_encoder,
    present_encoders,
)
from stance.errors import ConfigError


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("encoders")
    return make_onnx_encoder(folder / "tiny"), make_static_encoder(folder / "tiny-static")


@pytest.fixture(params=["onnx", "static"])
def encoder(made, request):
    return OnnxEncoder(made[0]) if request.param == "onnx" else StaticEncoder(made[1])


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("STANCE_ENCODERS", str(tmp_path))
    return tmp_path


def test_vectors_have_length_1_and_a_text_without_words_is_zero(encoder):
    vectors = encoder.encode(["The envoy wants talks", "", "  ", "A treaty"])
    assert vectors.shape == (4, DIMS)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), [1, 0, 0, 1], atol=1e-6)
    assert encoder.encode([]).shape == (0, DIMS)


def test_both_kinds_give_the_mean_of_the_words_vectors(made):
    texts = ["The envoy wants talks", "A treaty would end the war"]
    assert np.allclose(OnnxEncoder(made[0]).encode(texts), StaticEncoder(made[1]).encode(texts), atol=1e-6)


def test_a_texts_vector_does_not_depend_on_the_texts_beside_it(made):
    @settings(deadline=None)
    @given(st.lists(st.lists(st.sampled_from([*WORDS, "sugar"]), max_size=6).map(" ".join), max_size=5))
    def holds(texts):
        for encoder in encoders:
            together = encoder.encode(texts)
            assert all(
                np.array_equal(encoder.encode([text])[0], row) for text, row in zip(texts, together, strict=True)
            )

    encoders = [OnnxEncoder(made[0]), StaticEncoder(made[1])]
    holds()


def test_a_long_text_is_cut_and_not_refused(encoder):
    assert np.isfinite(encoder.encode(["treaty " * 20_000])).all()


class Counting:
    kind = "onnx"

    def __init__(self):
        self.encoded = []

    def encode(self, texts):
        self.encoded += texts
        return np.array([[len(text), 1] for text in texts], dtype=np.float32).reshape(len(texts), 2)


def test_a_text_is_encoded_once(monkeypatch):
    counting = Counting()
    loaded = LoadedEncoder(counting, "")
    assert loaded.encode(["a", "bb", "a"]).tolist() == [[1, 1], [2, 1], [1, 1]]
    assert loaded.encode(["bb", "ccc"]).tolist() == [[2, 1], [3, 1]]
    assert counting.encoded == ["a", "bb", "ccc"]
    assert loaded.encode([]).shape == (0, 2)
    monkeypatch.setattr("stance.encoders.REMEMBERED", 3)
    assert loaded.encode(["dddd", "a"]).tolist() == [[4, 1], [1, 1]]
    assert counting.encoded == ["a", "bb", "ccc", "dddd", "a"]


def test_encoders_are_found_by_name(folder):
    make_onnx_encoder(folder / "tiny")
    (folder / "not-one").mkdir()
    assert encoders_folder() == folder
    assert present_encoders() == ["tiny"]
    assert find_encoder("tiny") == folder / "tiny"
    assert load_encoder("tiny") is load_encoder("tiny")


def test_a_missing_encoder_is_named_with_those_present_and_the_command_that_makes_it(folder):
    with pytest.raises(ConfigError, match=r"no encoder 'all-x' is here \(present: none\).*`stance encoder add all-x`"):
        load_encoder("all-x")
    make_onnx_encoder(folder / "tiny")
    with pytest.raises(ConfigError, match=r"\(present: tiny\).*`stance encoder add all-x --kind static`"):
        load_encoder("all-x-static")


def test_a_missing_package_is_named_with_the_extra_that_brings_it(folder, monkeypatch):
    make_onnx_encoder(folder / "tiny")
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(ConfigError, match=r'the package onnxruntime is missing. pip install "stance\[encoder\]"'):
        load_encoder("tiny")


@pytest.mark.parametrize("file", ["model.onnx", "model.safetensors", "tokenizer.json"])
def test_a_damaged_encoder_is_refused_in_one_line(folder, file):
    (make_static_encoder if file == "model.safetensors" else make_onnx_encoder)(folder / "tiny")
    (folder / "tiny" / file).write_bytes(b"nothing of the kind")
    with pytest.raises(ConfigError, match="cannot be read as an encoder") as caught:
        load_encoder("tiny")
    assert "\n" not in str(caught.value)


def test_the_fingerprint_follows_the_files_that_matter(tmp_path):
    first, again, other = (make_onnx_encoder(tmp_path / name, seed) for name, seed in (("a", 0), ("b", 0), ("c", 1)))
    (again / "README.md").write_text("a note")
    assert fingerprint(first) == fingerprint(again) != fingerprint(other)
