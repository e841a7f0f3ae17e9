import json
import sys
from pathlib import Path

import pytest
from conftest import make_project

from stance import cli
from stance.errors import StanceError
from stance.runs import METRICS
from stance.tracking import ARTIFACTS, export_to_mlflow, metrics_of, params_of
from stance.train import run_experiment


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return run_experiment(make_project(tmp_path_factory.mktemp("project")) / "tiny.yaml")


@pytest.fixture
def store(tmp_path, monkeypatch):
    """A new local store; its address and what reads it."""
    pytest.importorskip("mlflow", reason="needs the extra mlflow")
    from mlflow import MlflowClient

    monkeypatch.chdir(tmp_path)  # artifacts lie beside it
    uri = f"sqlite:///{tmp_path / 'mlflow.db'}"
    return uri, MlflowClient(uri)


def logged(client, experiment="stance"):
    return client.search_runs([client.get_experiment_by_name(experiment).experiment_id])


def test_scores_origin_and_reports_are_read_back_as_they_are_in_the_run(run, store):
    uri, client = store
    exported = export_to_mlflow(run, uri)
    (found,) = logged(client)
    assert (exported.run_id, exported.new, found.info.status) == (found.info.run_id, True, "FINISHED")
    head = run.metrics["evaluations"][0]
    metrics, cell = found.data.metrics, head["headline"]["motive_macro_f1"]
    ends = [metrics[f"own.test/motive_macro_f1{end}"] for end in ("", "_low", "_high")]
    assert ends == [cell["value"], cell["low"], cell["high"]]
    assert metrics == dict(metrics_of(run))
    assert {name for name in metrics if name.startswith("own.test/f1/stance/")} == {
        f"own.test/f1/stance/{label}" for label in run.codebook.labels("stance")
    }
    assert found.data.params == dict(params_of(run))
    assert found.data.params["features.0.name"] == "word_tfidf.v1"
    assert found.data.params["data.train"] == '["own"]'
    assert found.data.tags["stance.run"] == found.info.run_name == run.path.name
    assert found.data.tags["stance.data_fingerprint"] == run.manifest["data_fingerprint"]
    assert found.data.tags["stance.codebook"] == "north-korea 3"
    assert {each.path for each in client.list_artifacts(found.info.run_id)} == set(ARTIFACTS)
    local = Path(client.download_artifacts(found.info.run_id, METRICS))
    assert json.loads(local.read_text(encoding="utf-8")) == run.metrics


def test_exporting_again_adds_neither_a_run_nor_a_point(run, store):
    uri, client = store
    first, again = export_to_mlflow(run, uri), export_to_mlflow(run, uri)
    assert (again.run_id, again.new) == (first.run_id, False)
    assert len(logged(client)) == 1
    assert len(client.get_metric_history(first.run_id, "own.test/joint_accuracy")) == 1


def test_a_run_trained_again_replaces_the_scores(run, store, monkeypatch):
    uri, client = store
    export_to_mlflow(run, uri)
    monkeypatch.setitem(run.manifest, "created", "2099-01-01T00:00:00+00:00")
    monkeypatch.setitem(run.metrics["evaluations"][0]["headline"]["joint_accuracy"], "value", 0.125)
    export_to_mlflow(run, uri)
    (found,) = logged(client)
    assert found.data.metrics["own.test/joint_accuracy"] == 0.125


def test_the_command_prints_the_id_and_names_the_store(run, store, monkeypatch, capsys):
    uri, client = store
    arguments = ["stance", "export", str(run.path), "--to", "mlflow", "--uri", uri, "--experiment", "trial"]
    monkeypatch.setattr(sys, "argv", arguments)
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    out, err = capsys.readouterr()
    assert not stopped.value.code
    assert out.strip() == logged(client, "trial")[0].info.run_id
    assert err == f"exported in mlflow: {uri}, experiment 'trial'\n"


def test_a_store_that_refuses_is_one_line(run, store):
    with pytest.raises(StanceError, match="the MLflow store refuses") as refused:
        export_to_mlflow(run, "nothing://here")
    assert "--uri" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_without_mlflow_the_error_says_what_to_install(run, monkeypatch):
    monkeypatch.setitem(sys.modules, "mlflow", None)
    with pytest.raises(StanceError, match="MLflow is not installed") as refused:
        export_to_mlflow(run)
    assert "pip install 'stance[mlflow]'" in str(refused.value)


def test_what_is_not_defined_is_no_metric(run, monkeypatch):
    monkeypatch.setitem(run.metrics["evaluations"][0]["headline"]["joint_accuracy"], "low", None)
    assert "own.test/joint_accuracy_low" not in dict(metrics_of(run))
