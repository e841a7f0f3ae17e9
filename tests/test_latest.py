import json
import shutil

import pytest

import stance
from stance.errors import RunError
from stance.train import run_experiment


@pytest.fixture
def runs(project, monkeypatch):
    monkeypatch.delenv("STANCE_RUN", raising=False)
    trained = run_experiment(project / "tiny.yaml")
    for name, created, version in (
        ("tiny-aaaaaaaa", "2031-01-01T00:00:00+00:00", 2),
        ("tiny-bbbbbbbb", "2039-01-01T00:00:00+00:00", 1),
    ):
        copy = trained.path.parent / name
        shutil.copytree(trained.path, copy)
        manifest = json.loads((copy / "manifest.json").read_text()) | {"created": created, "format": version}
        (copy / "manifest.json").write_text(json.dumps(manifest))
    (trained.path.parent / "tiny-cccccccc").mkdir()
    return trained.path.parent


def test_the_newest_readable_run_is_opened(runs):
    assert stance.latest_run(runs, "tiny").path.name == "tiny-aaaaaaaa"


def test_a_run_named_by_the_variable_comes_first(runs, monkeypatch):
    monkeypatch.setenv("STANCE_MINE", str(runs / "tiny-aaaaaaaa"))
    assert stance.latest_run("nowhere", variable="STANCE_MINE").path.name == "tiny-aaaaaaaa"
    monkeypatch.setenv("STANCE_MINE", str(runs / "tiny-bbbbbbbb"))
    with pytest.raises(RunError, match="format 1"):
        stance.latest_run(runs, "tiny", variable="STANCE_MINE")


def test_without_a_run_the_error_says_in_one_line_how_to_make_one(runs):
    for folder, name in ((runs, "default"), (runs / "nowhere", "tiny"), (runs, "cccc")):
        with pytest.raises(RunError) as error:
            stance.latest_run(folder, name)
        assert "\n" not in str(error.value)
        assert f"stance train experiments/configs/{name}.yaml" in str(error.value)
        assert "STANCE_RUN" in str(error.value)
