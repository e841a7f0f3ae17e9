import json
import re
import sys
from types import SimpleNamespace

import numpy as np
import pytest
from conftest import ROOT, write_jsonl_rows

from stance.cli import main
from stance.errors import ConfigError, CorpusError, RunError, StanceError
from stance.labeled_config import is_labeled_text, load_labeled_config
from stance.labeled_train import run_labeled_text
from stance.runs import load_run

CONFIG = """\
kind: labeled_text
name: tiny
data: {train: train.jsonl, test: test.jsonl, target: target}
features: [{name: word_tfidf.v1}, {name: word_tfidf.v1, field: target}]
model: {name: linear_svm.v1, c: 0.5}
folds: 2
baseline:
  features: [{name: word_tfidf.v1, field: target}]
  model: {name: logistic.v1}
published: [{system: Other, macro_f1: [0.5, 0.6], source: its paper}]
"""
SECRET = "xylophone"  # stands in every text, and may stand in no file of a run


def rows(count, shift=0):
    words = {"pro": "good", "con": "bad", "neutral": "odd"}
    made = []
    for number in range(count):
        label = ("pro", "con", "neutral")[number % 3]
        text = f"{SECRET} {words[label]} number {number // 2 + shift}"
        made.append({"text": text, "target": f"thing {number % 2}", "label": label})
    return made


@pytest.fixture
def config(tmp_path):
    write_jsonl_rows(tmp_path / "train.jsonl", rows(30))
    write_jsonl_rows(tmp_path / "test.jsonl", rows(12, shift=100))
    path = tmp_path / "tiny.yaml"
    path.write_text(CONFIG, encoding="utf-8")
    return path


@pytest.fixture
def run(config):
    return run_labeled_text(config)


def test_a_run_directory_is_whole_and_holds_no_text(run, config):
    names = {"config.yaml", "manifest.json", "metrics.json", "predictions.jsonl", "report.md"}
    assert {path.name for path in run.path.iterdir()} == names
    for path in run.path.iterdir():
        assert SECRET not in path.read_text(encoding="utf-8"), path.name
        assert str(config.parent) not in path.read_text(encoding="utf-8"), path.name


def test_predictions_are_ids_and_labels(run):
    lines = [json.loads(line) for line in (run.path / "predictions.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [line["id"] for line in lines[:12]] == [f"test-{number}" for number in range(1, 13)]
    assert all(line.keys() == {"split", "id", "label", "model", "baseline"} for line in lines)


def test_model_and_baseline_are_scored_and_compared_on_each_split(run):
    test, out_of_fold = run.metrics["evaluations"]
    assert (test["split"], test["n_rows"], out_of_fold["split"], out_of_fold["n_rows"]) == (
        "test",
        12,
        "out-of-fold",
        30,
    )
    assert test["systems"]["model"]["macro_f1"]["value"] == 1.0
    assert test["systems"]["baseline"]["difference"]["low"] > 0
    assert [row["label"] for row in test["systems"]["model"]["labels"]] == ["con", "neutral", "pro"]


def test_the_report_puts_published_figures_beside_ours(run, config):
    report = (run.path / "report.md").read_text(encoding="utf-8")
    assert "| test | Other | 0.500–0.600 | its paper |" in report
    assert re.search(r"\*\*On 12 rows of \d+ texts \(test\): macro-F1 1.000 .*: better\.\*\*", report)
    blind = run_labeled_text(config, overrides=["data.splits=[validation]"])
    assert "its paper |" not in (blind.path / "report.md").read_text(encoding="utf-8")


def test_the_same_seed_gives_the_same_bytes(run, config):
    first = {name: (run.path / name).read_bytes() for name in ("metrics.json", "predictions.jsonl", "config.yaml")}
    again = run_labeled_text(config)
    assert again.path == run.path
    assert {name: (again.path / name).read_bytes() for name in first} == first


def test_another_setting_or_other_data_are_another_run(run, config):
    assert run_labeled_text(config, overrides=["model.c=0.1"]).path != run.path
    write_jsonl_rows(config.parent / "test.jsonl", rows(15, shift=100))
    assert run_labeled_text(config).path != run.path


def test_the_stored_config_repeats_the_run(run, config):
    stored = config.parent / "stored.yaml"
    stored.write_bytes((run.path / "config.yaml").read_bytes())
    assert run_labeled_text(stored).path == run.path


def test_tuning_opens_no_test_split(config):
    run = run_labeled_text(config, overrides=["data.splits=[validation]"])
    assert [each["split"] for each in run.metrics["evaluations"]] == ["out-of-fold"]
    assert "test-" not in (run.path / "predictions.jsonl").read_text(encoding="utf-8")


def test_an_interrupted_run_leaves_nothing_behind(config, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("stance.labeled_train.render_labeled_report", interrupt)
    with pytest.raises(KeyboardInterrupt):
        run_labeled_text(config)
    assert list((config.parent / "experiments" / "runs").iterdir()) == []


def test_the_texts_folder_comes_before_the_configs(config, tmp_path_factory):
    texts = tmp_path_factory.mktemp("texts")
    write_jsonl_rows(texts / "test.jsonl", rows(6, shift=200))
    assert run_labeled_text(config, texts=texts).metrics["evaluations"][0]["n_rows"] == 6


def test_text_and_target_are_seen_together(config, monkeypatch):
    """Neither alone tells the label; their product does."""

    def encode(texts):
        return np.array([[1.0 if "plus" in text else -1.0] for text in texts], dtype=np.float32)

    monkeypatch.setitem(
        sys.modules, "stance.encoders", SimpleNamespace(load_encoder=lambda name: SimpleNamespace(encode=encode))
    )
    signs = ("plus", "minus")
    made = [
        {"text": f"{a} {n}", "target": b, "label": "same" if a == b else "other"}
        for n in range(8)
        for a in signs
        for b in signs
    ]
    write_jsonl_rows(config.parent / "train.jsonl", made[:24])
    write_jsonl_rows(config.parent / "test.jsonl", made[24:])
    run = run_labeled_text(config, overrides=["features=[{name: sentence_pair.v1}]", "data.splits=[test]"])
    assert run.metrics["evaluations"][0]["systems"]["model"]["macro_f1"]["value"] == 1.0


@pytest.mark.parametrize(
    ("override", "error", "said"),
    [
        ("kind=labelled", ConfigError, "kind"),
        ("data.lable=x", ConfigError, "data: unknown key 'lable'. Did you mean 'label'?"),
        ("data.target=null", ConfigError, "features read the field 'target', and data names no such column"),
        ("features.0.field=previous", ConfigError, "features read the field 'previous'"),
        ("features=[]", ConfigError, "model linear_svm.v1 needs at least one entry in features"),
        ("features.0.min_df=1000", ConfigError, "features: "),
        ("model.name=svm", ConfigError, "unknown name 'svm'"),
        ("data.label=sides", CorpusError, "train.jsonl:1: no column 'sides', which data.label names"),
        ("folds=20", CorpusError, "30 texts, at most 10 rows a label, cannot be cut into 20 folds"),
    ],
)
def test_settings_that_make_no_sense_are_refused_in_one_line(config, override, error, said):
    with pytest.raises(error) as caught:
        run_labeled_text(config, overrides=[override])
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not (config.parent / "experiments").exists()


def test_stance_train_takes_both_kinds(config, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["stance", "train", str(config)])
    with pytest.raises(SystemExit) as caught:
        main()
    out, err = capsys.readouterr()
    assert caught.value.code == 0
    assert "experiments/runs/tiny-" in out
    assert "test (n=12), macro-F1: model 1.00" in err
    with pytest.raises(ConfigError, match=r"unknown kind 'labelled_text'\. Did you mean 'labeled_text'"):
        is_labeled_text(config, ["kind=labelled_text"])
    assert not is_labeled_text(ROOT / "experiments" / "configs" / "default.yaml")


def test_a_run_without_model_is_not_opened_as_one_with(run):
    with pytest.raises(RunError, match="kind labeled_text, which has no model"):
        load_run(run.path)


@pytest.mark.parametrize(
    "path", sorted((ROOT / "experiments" / "configs" / "benchmarks").glob("*.yaml")), ids=lambda p: p.stem
)
def test_every_benchmark_config_is_sound(path, tmp_path):
    config = load_labeled_config(path)
    assert config.name == path.stem
    (tmp_path / "again.yaml").write_text(config.to_yaml(), encoding="utf-8")
    assert load_labeled_config(tmp_path / "again.yaml") == config


def test_a_target_is_no_field_of_a_statement(project):
    from stance.config import load_config

    with pytest.raises(StanceError, match="only an experiment of kind labeled_text has"):
        load_config(project / "tiny.yaml", ["features=[{name: word_tfidf.v1, field: target}]"])
