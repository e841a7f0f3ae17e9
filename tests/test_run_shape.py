"""Damage to a run directory: one line that names the file and what is wrong, never a traceback."""

import json
import shutil

import pytest
from conftest import make_project, write_jsonl_rows

from stance.errors import RunError
from stance.run_shape import fields
from stance.runs import MANIFEST, METRICS, OUT_OF_FOLD, PREDICTIONS, load_run
from stance.seeds import run_seeds
from stance.storage import read_jsonl
from stance.train import run_experiment


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    return run_experiment(make_project(tmp_path_factory.mktemp("project")) / "tiny.yaml").path


@pytest.fixture
def run(trained, tmp_path):
    return shutil.copytree(trained, tmp_path / "a run")


def edit_rows(path, change):
    rows = [row for _, row in read_jsonl(path, RunError)]
    write_jsonl_rows(path, change(rows) or rows)


def edit(path, change):
    data = json.loads(path.read_text(encoding="utf-8"))
    change(data)
    path.write_text(json.dumps(data), encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda rows: rows[1].update(motive="nonsense"), "motive 'nonsense' is not in the codebook"),
        (lambda rows: rows[1].update(predicted_stance="zzz"), "predicted_stance 'zzz' is not in the codebook"),
        (lambda rows: rows[1].update(predicted_stance=None), ":2: field 'predicted_stance' must be a string"),
        (lambda rows: rows[1].update(stance_proba="high"), ":2: field 'stance_proba' must be a number from 0 to 1"),
        (lambda rows: rows[1].update(proba_motive_none=7.5), ":2: field 'proba_motive_none' must be a number from 0"),
        (lambda rows: rows[1].update(joint_proba=float("nan")), ":2: holds NaN, which is not JSON"),
        (lambda rows: rows[1].update(start="x"), ":2: field 'start' must be a number"),
        (lambda rows: rows[1].update(text=5), ":2: field 'text' must be a string"),
        (lambda rows: rows[1].pop("outlet") and None, "field 'outlet' is missing in some lines"),
        (lambda rows: rows[1].pop("joint_proba") and None, ":2: key 'joint_proba' is missing"),
        (lambda rows: [*rows, rows[1]], "stands twice"),
    ],
)
@pytest.mark.parametrize("name", [PREDICTIONS, OUT_OF_FOLD])
def test_a_damaged_prediction_is_named(run, name, change, said):
    edit_rows(run / name, change)
    with pytest.raises(RunError) as caught:
        _ = load_run(run).out_of_fold
    assert str(caught.value).startswith(str(run / name))
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        (METRICS, lambda data: data.update(evaluations="x"), "evaluations: input should be a valid list"),
        (METRICS, lambda data: data["evaluations"][0].update(headline=None), "evaluations.0.headline: input should be"),
        (METRICS, lambda data: data["evaluations"][0]["axes"]["motive"].pop("ece"), "axes.motive.ece: field required"),
        (METRICS, lambda data: data.update(decision={"aim": float("nan")}), "holds NaN, which is not JSON"),
        (MANIFEST, lambda data: data.update(seed="x"), "seed: input should be a valid integer, not 'x'"),
        (MANIFEST, lambda data: data.update(dirty=5), "dirty: input should be a valid boolean, not 5"),
    ],
)
def test_damaged_metrics_or_manifest_are_named(run, name, change, said):
    edit(run / name, change)
    with pytest.raises(RunError) as caught:
        load_run(run)
    assert str(caught.value).startswith(str(run / name))
    assert said in str(caught.value)


def test_a_key_that_is_missing_is_named_where_it_is_read(run):
    edit(run / MANIFEST, lambda data: data.pop("split_hash"))
    with pytest.raises(RunError, match=r"manifest\.json: key 'split_hash' is missing"):
        _ = load_run(run).manifest["split_hash"]
    assert load_run(run).manifest.get("split_hash") is None


def test_fields_are_plain_data_otherwise():
    data = {"a": [{"b": 1}, 2], "c": None}
    assert fields(data, "file") == data
    assert json.dumps(fields(data, "file")) == json.dumps(data)


def test_no_predictions_are_a_frame_with_columns(run):
    (run / PREDICTIONS).write_text("", encoding="utf-8")
    assert {"collection", "split"} <= set(load_run(run).predictions)


def test_a_folder_that_sums_up_seeds_says_so(tmp_path):
    found = run_seeds(make_project(tmp_path) / "tiny.yaml", 2)
    with pytest.raises(RunError, match=r"sums up runs with several seeds.*seeds\.md"):
        load_run(found.path)


def test_a_run_draws_its_headlines_for_every_system(run):
    axes = load_run(run).plot()
    shown = {text.get_text() for text in (axes.get_legend() or axes.figure.legends[0]).get_texts()}
    assert shown == {"tiny", "majority", "keyword"}
