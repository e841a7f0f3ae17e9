import csv
import io
import json
import shutil
import sys

import pytest
from conftest import make_project

import stance
from stance import cli
from stance.errors import RunError
from stance.runs import METRICS, PREDICTIONS, statements_hash
from stance.seeds import run_seeds
from stance.train import run_experiment


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    project = make_project(tmp_path_factory.mktemp("project"))
    run_seeds(project / "tiny.yaml", 2)
    run_experiment(project / "tiny.yaml", overrides=["name=guess", "features=[]", "model={name: majority.v1}"])
    return project


@pytest.fixture
def runs(project, tmp_path):
    """A folder of three runs, and one that sums up two of them."""
    return shutil.copytree(project / "experiments" / "runs", tmp_path / "experiments" / "runs")


@pytest.fixture
def command(capsysbinary, monkeypatch):
    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["stance", "runs", *map(str, arguments)])
        with pytest.raises(SystemExit) as stopped:
            cli.main()
        out, err = capsysbinary.readouterr()
        return stopped.value.code or 0, out.decode(), err.decode()

    return run


def edit(path, change):
    data = json.loads(path.read_text(encoding="utf-8"))
    change(data)
    path.write_text(json.dumps(data), encoding="utf-8")


def only(runs, prefix):
    return next(path for path in sorted(runs.iterdir()) if path.name.startswith(prefix))


def test_the_best_run_stands_first_with_its_interval_seed_and_data(runs):
    board = stance.list_runs(runs)
    assert (board.collection, board.split) == ("own", "test")
    frame = board.frame()
    assert [name.rsplit("-", 1)[0] for name in frame["name"]] == ["tiny", "tiny", "guess"]
    assert sorted(frame["seed"][:2]) == [0, 1]
    assert (frame["n"] == 8).all()
    run = stance.load_run(runs / frame["name"].iloc[0])
    cell = run.metrics["evaluations"][0]["headline"]["joint_accuracy"]
    assert frame[["joint_accuracy", "joint_accuracy_low"]].iloc[0].tolist() == [cell["value"], cell["low"]]
    assert frame["data"].iloc[0] == run.manifest["data_fingerprint"][:8]
    assert board.notes() == board.unreadable() == []
    assert "statements" not in board.to_markdown()


def test_sorting_by_name_and_back_and_the_first_few(runs):
    names = [row["name"] for row in stance.list_runs(runs).sorted("name").rows]
    assert names == sorted(names)
    assert [row["name"] for row in stance.list_runs(runs).sorted("name", reverse=True).head(1).rows] == names[-1:]


def test_a_run_without_a_score_stands_last_whichever_way(runs):
    def unscore(metrics):
        metrics["evaluations"][0]["headline"]["joint_accuracy"]["value"] = None

    edit(only(runs, "guess") / METRICS, unscore)
    for reverse in (False, True):
        assert stance.list_runs(runs).sorted(reverse=reverse).rows[-1]["name"].startswith("guess")
    assert "–" in stance.list_runs(runs).to_markdown()


def test_what_cannot_be_read_hides_no_other(runs):
    (runs / "foreign").mkdir()
    (runs / ".half-written").mkdir()
    (runs / "notes.txt").touch()
    edit(only(runs, "guess") / "manifest.json", lambda manifest: manifest.update(format=0))
    board = stance.list_runs(runs)
    assert len(board.rows) == 2
    lines = board.unreadable()
    assert any(line.startswith("foreign: is not a run directory") for line in lines)
    assert any("is a run of format 0" in line for line in lines)
    assert len(lines) == 2


@pytest.mark.parametrize("headline", [None, {}, {"joint_accuracy": 0.5}])
def test_metrics_of_another_shape_are_skipped(runs, headline):
    edit(only(runs, "guess") / METRICS, lambda metrics: metrics["evaluations"][0].update(headline=headline))
    board = stance.list_runs(runs)
    assert [name.rsplit("-", 1)[0] for name, _ in board.skipped] == ["guess"]
    assert len(board.rows) == 2


def test_many_unreadable_folders_are_one_line(runs):
    for number in range(20):
        (runs / f"old-{number:02d}").mkdir()
    (line,) = stance.list_runs(runs).unreadable()
    assert "old-04 and 15 more" in line


def test_scores_on_other_statements_are_marked(runs):
    path = only(runs, "guess") / PREDICTIONS
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    rows[0]["motive"] = "prestige_legitimacy"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    edit(only(runs, "guess") / METRICS, lambda metrics: metrics["evaluations"][0].pop("statements_hash"))
    board = stance.list_runs(runs)
    assert len(set(board.frame()["statements"])) == 2
    assert "Scores compare within one set" in board.to_markdown()
    assert "statements</th>" in board._repr_html_()


def test_a_hash_that_the_metrics_hold_is_believed_without_reading_predictions(runs):
    path = only(runs, "guess")
    edit(path / METRICS, lambda metrics: metrics["evaluations"][0].update(statements_hash="0badcafe"))
    (path / PREDICTIONS).write_text("no JSON", encoding="utf-8")
    assert "0badcafe" in set(stance.list_runs(runs).frame()["statements"])


def test_the_hash_stands_for_statements_and_gold_labels_in_any_order():
    rows = [{"statement_id": f"a#{at}", "motive": "none", "stance": "neutral", "status": "ok"} for at in range(3)]
    assert statements_hash(rows) == statements_hash([row | {"status": "abstain"} for row in reversed(rows)])
    assert statements_hash(rows) != statements_hash(rows[:2])
    assert statements_hash(rows) != statements_hash([rows[0] | {"motive": "prestige"}, *rows[1:]])


def test_a_split_that_no_run_has_is_refused_with_the_nearest(runs):
    with pytest.raises(RunError, match="own:tset") as refused:
        stance.list_runs(runs, "own:tset")
    assert "Did you mean 'own:test'?" in str(refused.value)


def test_runs_that_lack_the_split_are_named(runs):
    edit(only(runs, "guess") / METRICS, lambda metrics: metrics["evaluations"].pop())
    board = stance.list_runs(runs, "own:validation")
    assert len(board.rows) == 2
    assert board.notes()[0].startswith("Not scored on own:validation: guess-")


def test_an_empty_folder_gives_an_empty_leaderboard(tmp_path):
    board = stance.list_runs(tmp_path)
    assert board.frame().empty
    assert "No runs to show" in board._repr_html_()


def test_the_command_finds_the_folder_from_below_and_writes_every_format(command, runs, monkeypatch):
    below = runs.parent.parent / "a" / "b"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    code, out, err = command("--limit", "2")
    assert (code, err) == (0, "")
    assert out.count("tiny-") == 2
    assert "Runs scored on own test" in out
    rows = json.loads(command("--format", "json")[1])
    read = list(csv.DictReader(io.StringIO(command("--format", "csv")[1])))
    assert [row["name"] for row in rows] == [row["name"] for row in read]
    assert command("--format", "markdown", "--sort", "name")[1].splitlines()[4].startswith("| guess-")
    assert command("--format", "csv", "-o", below / "out.csv")[1] == ""
    assert (below / "out.csv").read_text(encoding="utf-8").startswith("name,created,")


def test_no_folder_is_one_clear_line(command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, _, err = command()
    assert (code, err.count("\n")) == (1, 1)
    assert "stance train CONFIG" in err
