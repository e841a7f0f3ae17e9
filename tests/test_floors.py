import json
import shutil
import subprocess
import sys

import pytest
from conftest import make_project

from stance import cli
from stance.errors import RunError
from stance.floors import TOLERANCE, load_floors
from stance.runs import METRICS, load_run
from stance.train import run_experiment


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    return run_experiment(make_project(tmp_path_factory.mktemp("project")) / "tiny.yaml").path


@pytest.fixture
def run_with(trained, tmp_path):
    """Gives a copy of a run with other scores (of 200 statements) or another manifest."""

    def make(name="run", score=0.7, n=200, **manifest):
        path = shutil.copytree(trained, tmp_path / name, dirs_exist_ok=True)
        metrics = json.loads((path / METRICS).read_text(encoding="utf-8"))
        for each in metrics["evaluations"]:
            each["n_statements"] = n
            each["headline"] = {key: cell | {"value": score} for key, cell in each["headline"].items()}
        (path / METRICS).write_text(json.dumps(metrics), encoding="utf-8")
        found = json.loads((path / "manifest.json").read_text(encoding="utf-8")) | manifest
        (path / "manifest.json").write_text(json.dumps(found), encoding="utf-8")
        return load_run(path)

    return make


@pytest.fixture
def floors(run_with, tmp_path):
    """Floors set by a run that scores 0.7 throughout."""
    found = load_floors(tmp_path / "floors.json")
    found.set(run_with())
    found.write()
    return found


@pytest.fixture
def command(capsys, monkeypatch, tmp_path):
    def run(*arguments):
        named = [*map(str, arguments), "--floors", str(tmp_path / "floors.json")]
        monkeypatch.setattr(sys, "argv", ["stance", "floor", *named])
        with pytest.raises(SystemExit) as stopped:
            cli.main()
        return stopped.value.code or 0, capsys.readouterr().err

    return run


def test_a_floor_is_the_score_less_the_tolerance(floors, run_with):
    assert floors.check(run_with(score=0.7 - TOLERANCE)) == []
    below = floors.check(run_with(score=0.6))
    assert len(below) == 6  # three scores on two splits
    assert "own test joint accuracy: 0.6000 is 0.0900 below its floor 0.6900" in map(str, below)


def test_where_one_statement_weighs_more_a_floor_gives_way_by_one(run_with, tmp_path):
    floors = load_floors(tmp_path / "floors.json")
    floors.set(run_with(score=0.7, n=10))
    assert floors.check(run_with(score=0.6, n=10)) == []
    assert floors.check(run_with(score=0.59, n=10))


def test_a_score_that_is_missing_fails(floors, run_with):
    run = run_with()
    run.metrics["evaluations"].pop()
    assert "own validation motive macro f1: not scored by this run" in str(floors.check(run)[0])


def test_setting_raises_and_keeps_but_never_lowers(floors, run_with):
    assert floors.set(run_with(score=0.695)) == []
    assert "own test joint accuracy: 0.6900 → 0.7900" in floors.set(run_with(score=0.8))
    with pytest.raises(RunError, match=r"own test joint accuracy: 0\.7000 is 0\.0900 below") as refused:
        floors.set(run_with(score=0.7))
    assert "--lower --reason" in str(refused.value)
    assert floors.check(run_with(score=0.8)) == []
    assert floors.history == []


def test_lowering_keeps_the_reason_with_old_and_new(floors, run_with):
    floors.lower(run_with(score=0.6), "the teacher was dropped")
    (past,) = floors.history
    assert (past["reason"], past["experiment"], past["run"]) == ("the teacher was dropped", "tiny", "run")
    assert past["changes"][0]["old"] == pytest.approx(0.69)
    assert past["changes"][0]["new"] == pytest.approx(0.59)
    assert floors.check(run_with(score=0.6)) == []


def test_floors_of_changed_data_give_way_and_the_history_tells(floors, run_with):
    changed = run_with(score=0.5, data_fingerprint="f" * 64)
    with pytest.raises(RunError, match="the data changed since"):
        floors.check(changed)
    floors.set(changed)
    assert len(floors.entries) == 1
    assert floors.history[0]["reason"].startswith("the data")
    assert floors.check(changed) == []


def test_floors_of_other_experiments_and_other_evaluations_stay(floors, run_with):
    other = run_with("other", score=0.5)
    other.manifest["name"] = "plain"
    floors.set(other)
    fewer = run_with("fewer", score=0.5, data_fingerprint="f" * 64)
    fewer.metrics["evaluations"].pop()
    floors.set(fewer)
    assert len(floors.entries) == 3
    assert floors.history == []


def test_a_file_of_floors_reads_back_as_written(floors, run_with):
    floors.lower(run_with(score=0.6), "because")
    floors.write()
    read = load_floors(floors.path)
    assert (read.entries, read.history) == (floors.entries, floors.history)


@pytest.mark.parametrize("text", ["[]", "{}", '{"format": 9}', '{"format": 1, "floors": [{}], "history": []}', "no"])
def test_a_malformed_file_is_named(tmp_path, text):
    path = tmp_path / "floors.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RunError, match=r"floors\.json"):
        load_floors(path)


def test_the_file_is_sought_upwards(tmp_path, monkeypatch):
    (tmp_path / "experiments").mkdir()
    (tmp_path / "below").mkdir()
    monkeypatch.chdir(tmp_path / "below")
    assert load_floors().path == tmp_path / "experiments" / "floors.json"


def test_exit_codes_of_the_gate(command, run_with, tmp_path):
    run = run_with()
    code, err = command(run.path)
    assert (code, err.count("\n")) == (3, 1)
    assert "no such file of floors" in err
    assert "stance floor RUN --set" in err
    assert command(run.path, "--set")[0] == 0
    assert command(run.path) == (0, "no score is below its floor\n")
    run_with(score=0.6)
    code, err = command(run.path)
    assert (code, err.count("\n")) == (3, 6)
    before = (tmp_path / "floors.json").read_bytes()
    assert command(run.path, "--set")[0] == 1
    assert command(run.path, "--lower")[0] == 2
    assert command(run.path, "--set", "--reason", "x")[0] == 2
    assert (tmp_path / "floors.json").read_bytes() == before
    assert command(run.path, "--lower", "--reason", "plainer model")[0] == 0
    assert command(run.path)[0] == 0
    assert json.loads((tmp_path / "floors.json").read_text(encoding="utf-8"))["history"][0]["reason"] == "plainer model"


def test_a_run_on_other_data_fails_with_advice(command, floors, run_with):
    code, err = command(run_with(data_fingerprint="f" * 64).path)
    assert code == 3
    assert "no floor of experiment 'tiny' is for data ffffffff" in err


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data["floors"][0]["evaluations"][0]["floors"].update(joint_accuracy="high"),
        lambda data: data["floors"][0]["evaluations"][0]["floors"].update(joint_accuracy=None),
        lambda data: data["floors"][0]["evaluations"][0]["floors"].update(joint_accuracy=float("nan")),
        lambda data: data["floors"][0]["evaluations"][0]["floors"].update(joint_accuracy=99),
        lambda data: data["floors"][0].update(experiment=3),
        lambda data: data.update(history="x"),
    ],
)
def test_a_gate_is_not_passed_by_a_damaged_floor(floors, command, run_with, change):
    data = json.loads(floors.path.read_text(encoding="utf-8"))
    change(data)
    floors.path.write_text(json.dumps(data), encoding="utf-8")
    code, err = command(run_with().path)
    assert code == 1
    assert err.startswith(f"error: {floors.path}: ")
    assert err.count("\n") == 1


def test_a_file_in_no_folder_is_not_made(tmp_path):
    with pytest.raises(RunError, match="no such folder"):
        load_floors(tmp_path / "missing" / "floors.json")


def test_floors_set_at_the_same_time_are_all_kept(run_with, tmp_path):
    runs = [run_with(f"run-{at}").path for at in range(3)]
    for at, run in enumerate(runs):
        manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8")) | {"name": f"tiny-{at}"}
        (run / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    line = [sys.executable, "-m", "stance", "floor", "--set", "--floors", str(tmp_path / "floors.json")]
    started = [subprocess.Popen([*line, str(run)], stderr=subprocess.DEVNULL) for run in runs]
    assert [each.wait() for each in started] == [0, 0, 0]
    entries = load_floors(tmp_path / "floors.json").entries
    assert [each["experiment"] for each in entries] == ["tiny-0", "tiny-1", "tiny-2"]
