import json

import pytest

from stance.errors import ConfigError
from stance.seeds import SEEDS_JSON, SEEDS_MD, run_seeds


def test_each_seed_has_a_run_and_the_summary_their_mean_and_deviation(project):
    found = run_seeds(project / "tiny.yaml", 3, overrides=["seed=5", "data.resample=true"])
    assert [run.manifest["seed"] for run in found.runs] == [5, 6, 7]
    assert found.path.name == found.runs[0].path.name.replace("tiny-", "tiny-seeds-")
    summary = json.loads((found.path / SEEDS_JSON).read_text(encoding="utf-8"))
    assert summary == found.summary
    first = summary["evaluations"][0]
    values = [run.metrics["evaluations"][0]["headline"]["joint_accuracy"]["value"] for run in found.runs]
    assert (first["collection"], first["split"]) == ("own", "test")
    assert first["scores"]["joint_accuracy"]["values"] == values
    assert first["scores"]["joint_accuracy"]["mean"] == pytest.approx(sum(values) / 3, abs=1e-6)
    page = (found.path / SEEDS_MD).read_text(encoding="utf-8")
    assert "| own test | 8 |" in page
    assert "redraws the training articles" in page
    assert "resample=true" in (run_seeds(project / "tiny.yaml", 1).path / SEEDS_MD).read_text(encoding="utf-8")


def test_a_seed_that_is_there_is_not_trained_again(project):
    def interrupt(what, *_):
        if what.startswith("seed 1: fold 2"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_seeds(project / "tiny.yaml", 2, progress=interrupt)
    trained = []
    run_seeds(project / "tiny.yaml", 2, progress=lambda what, *_: trained.append(what))
    assert trained[0] == "reading the corpus"
    assert all(what.startswith("seed 1: ") for what in trained[1:])


@pytest.mark.parametrize(("n", "seed"), [(0, 0), (2, 2**32 - 1)])
def test_seeds_that_do_not_exist_are_refused(project, n, seed):
    with pytest.raises(ConfigError, match=r"are not all between 0 and 2\^32"):
        run_seeds(project / "tiny.yaml", n, overrides=[f"seed={seed}"])
