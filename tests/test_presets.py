import json
import shutil
from pathlib import Path

import numpy as np
import pytest

import stance
from stance.errors import ModelError
from stance.fast import ARRAYS, WORDS
from stance.persist import HEADER
from stance.predict import load_model
from stance.presets import BUNDLED, keep_as
from stance.train import run_experiment

ROOT = Path(__file__).parent.parent
MEGABYTE = 1e6


def test_the_fast_model_predicts_right_after_install():
    table = stance.load_model().predict("Kim wants a summit with the American president. It rained in Seoul.")
    assert table[["motive", "stance", "status"]].iloc[0].tolist() == ["direct_talks", "supportive", "ok"]
    assert "summit" in table["evidence"].iloc[0]
    assert table["status"].iloc[1] == "abstain"


def test_the_fast_model_is_small_and_free_of_pickle():
    files = [path for path in BUNDLED.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 10 * MEGABYTE
    assert {path.suffix for path in files} <= {".json", ".npz", ".xz", ".md"}


def test_a_preset_that_was_not_made_says_how_to_make_it(tmp_path, monkeypatch):
    monkeypatch.setenv("STANCE_HOME", str(tmp_path))
    with pytest.raises(ModelError, match=r"stance train experiments/configs/accurate\.yaml --as accurate"):
        load_model("accurate")


def test_a_kept_model_is_found_by_its_name(project, tmp_path, monkeypatch):
    monkeypatch.setenv("STANCE_HOME", str(tmp_path / "home"))
    run = run_experiment(project / "tiny.yaml")
    keep_as("accurate", run.path / "model")
    shutil.rmtree(run.path)
    assert load_model("accurate").name == "tiny"


def test_a_path_is_never_a_preset():
    with pytest.raises(ModelError, match="no such folder"):
        load_model(Path("fast"))


@pytest.mark.slow
def test_the_committed_config_and_data_make_the_bundled_model(texts, tmp_path):
    config = ROOT / "experiments" / "configs" / "fast.yaml"
    run = run_experiment(config, texts=texts, overrides=[f"output={tmp_path}", "baselines=[]"])
    made, bundled = (json.loads((folder / HEADER).read_text()) for folder in (run.path / "model", BUNDLED))
    assert made["codebook"] == bundled["codebook"]
    assert made["temperature"] == pytest.approx(bundled["temperature"], rel=1e-3)
    assert made["files"][WORDS] == bundled["files"][WORDS]
    # On one machine the bytes are equal; another's arithmetic may round a weight to the next half-precision number.
    with np.load(run.path / "model" / ARRAYS) as mine, np.load(BUNDLED / ARRAYS) as theirs:
        assert set(mine.files) == set(theirs.files)
        for name in mine.files:
            assert np.allclose(mine[name].astype(float), theirs[name].astype(float), rtol=2e-3, atol=2e-3), name
