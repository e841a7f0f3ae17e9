"""The default experiment, trained again from the repository, is as good as `experiments/floors.json` says.

No labels depend on the folds: they serve calibration, a temperature does not change which score is highest, and the
stance is chosen within the motive. So they are left out here, and with them what a threshold to abstain is chosen on.
"""

from pathlib import Path

import pytest

from stance.floors import load_floors
from stance.train import run_experiment

ROOT = Path(__file__).parent.parent


def shortfalls(tmp_path, texts):
    config = ROOT / "experiments" / "configs" / "default.yaml"
    overrides = [f"output={tmp_path}", "folds=null", "decision.precision=null", "baselines=[]"]
    overrides += ["data.also_split_by=[]", "data.probes=null"]
    run = run_experiment(config, texts=texts, overrides=overrides)
    return [str(each) for each in load_floors(ROOT / "experiments" / "floors.json").check(run)]


@pytest.mark.slow
def test_the_default_does_not_fall_below_its_floors(texts, tmp_path):
    assert shortfalls(tmp_path, texts) == []


@pytest.mark.slow
def test_nor_with_the_articles_of_the_project_alone(tmp_path, monkeypatch):
    monkeypatch.delenv("STANCE_TEXTS", raising=False)
    assert shortfalls(tmp_path, None) == []
