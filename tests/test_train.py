import json

import pytest
from conftest import DOUBTS, EVENTS, ROOT, TALKS, TREATY, write_jsonl_rows

from stance.codebook import DEFAULT_CODEBOOK
from stance.errors import ConfigError, CorpusError, RunError, StanceError
from stance.openings import OPENINGS
from stance.runs import load_run
from stance.storage import read_jsonl, sha256
from stance.train import run_experiment


@pytest.fixture
def run(project):
    return run_experiment(project / "tiny.yaml")


def test_a_run_directory_is_whole(run, project):
    assert run.path.parent == project / "experiments" / "runs"
    assert run.path.name.startswith("tiny-")
    assert {path.name for path in run.path.iterdir()} == {
        "checks.json", "config.yaml", "manifest.json", "metrics.json", "model", "model_card.md", "out_of_fold.jsonl", "predictions.jsonl", "report.html",
        "report.md", "splits.json",
    }  # fmt: skip
    assert {path.name for path in run.path.parent.iterdir()} == {run.path.name, OPENINGS}


def test_nothing_in_it_ties_it_to_a_machine(run, project):
    for path in run.path.rglob("*"):
        if path.suffix in {".json", ".jsonl", ".yaml", ".md", ".html"}:
            assert str(project) not in path.read_text(encoding="utf-8"), path.name


def test_the_manifest_says_how_the_run_was_made(run):
    manifest = run.manifest
    assert manifest["run"] == run.path.name
    assert {
        "commit",
        "dirty",
        "versions",
        "data_fingerprint",
        "split_hash",
        "seed",
        "duration_seconds",
    } <= manifest.keys()
    assert len(manifest["data_fingerprint"]) == 64


def test_predictions_never_break_the_rule_and_cover_the_evaluated_splits(run, codebook):
    predictions = run.predictions
    assert set(predictions["split"]) == {"validation", "test"}
    for motive, stance in zip(predictions["predicted_motive"], predictions["predicted_stance"], strict=True):
        codebook.check(motive, stance)
    assert len(run.out_of_fold) == 32
    assert set(run.out_of_fold["split"]) == {"train"}


def test_the_headline_is_the_test_split_with_baselines_beside_it(run):
    first = run.metrics["evaluations"][0]
    assert (first["collection"], first["split"], first["n_statements"]) == ("own", "test", 8)
    assert set(first["baselines"]) == {"majority", "keyword"}
    frame = run.frame()
    assert set(frame["model"]) == {"tiny", "majority", "keyword"}
    assert (frame["motive_macro_f1_low"] <= frame["motive_macro_f1"]).all()


def test_the_same_seed_gives_the_same_bytes(run, project):
    files = ("metrics.json", "predictions.jsonl", "out_of_fold.jsonl", "splits.json", "config.yaml")
    first = {name: (run.path / name).read_bytes() for name in files}
    again = run_experiment(project / "tiny.yaml")
    assert again.path == run.path
    assert {name: (again.path / name).read_bytes() for name in files} == first


def test_another_setting_is_another_run_and_the_stored_config_repeats_it(run, project):
    other = run_experiment(project / "tiny.yaml", overrides=["model.c=0.01"])
    assert other.path != run.path
    stored = project / "stored.yaml"
    stored.write_bytes((other.path / "config.yaml").read_bytes())
    assert run_experiment(stored).path == other.path


def test_an_interrupted_run_leaves_nothing_behind_but_that_it_opened_test(project, monkeypatch):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("stance.report.render_html", interrupt)
    with pytest.raises(KeyboardInterrupt):
        run_experiment(project / "tiny.yaml")
    assert [path.name for path in (project / "experiments" / "runs").iterdir()] == [OPENINGS]


def test_a_moved_run_still_shows_the_projects_own_text(run, tmp_path_factory):
    moved = tmp_path_factory.mktemp("elsewhere") / "moved run"
    run.path.rename(moved)
    texts = load_run(moved).statements()["text"].to_dict()
    assert len(texts) == 16
    assert set(texts.values()) <= {*TALKS, *DOUBTS, *TREATY, *EVENTS}


@pytest.mark.parametrize(
    ("override", "said"),
    [
        ("data.evaluate=[own, own]", "evaluate names 'own' twice"),
        ("data.splits=[train]", "data.splits.0: input should be 'validation' or 'test', not 'train'"),
        ("seed=5000000000", "seed: input should be less than or equal to 4294967295"),
        ("model.c=.inf", "model.c: input should be a finite number"),
        ("features.0.min_df=100000", "features: "),
        ("features.0.ngram_range=[400, 400]", "features: "),
        ("features.-1.min_df=2", "counted from 0"),
    ],
)
def test_settings_that_make_no_sense_are_refused_in_one_line(project, override, said):
    with pytest.raises(StanceError) as caught:
        run_experiment(project / "tiny.yaml", overrides=[override])
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not (project / "experiments").exists()


def test_a_codebook_is_found_from_the_configs_folder(project, tmp_path_factory, monkeypatch):
    (project / "cb.yaml").write_text(
        DEFAULT_CODEBOOK.read_text(encoding="utf-8").replace("north-korea", "mine"), encoding="utf-8"
    )
    monkeypatch.chdir(tmp_path_factory.mktemp("cwd"))
    run = run_experiment(project / "tiny.yaml", overrides=["data.codebook=cb.yaml"])
    assert run.load_model().codebook.name == "mine"


def test_no_test_article_trains(run):
    held_out = set(run.predictions["article_id"])
    assert not held_out & set(run.out_of_fold["article_id"])


def test_absent_text_is_counted_and_the_run_goes_on(project):
    write_jsonl_rows(
        project / "data" / "raw" / "sources.jsonl", [{"article_id": "n", "collection": "news", "file": "n.jsonl"}]
    )
    label = {
        "statement_id": "x",
        "article_id": "n",
        "start": 0,
        "end": 1,
        "sha256": "0",
        "motive": "none",
        "stance": "neutral",
    }
    write_jsonl_rows(project / "data" / "labeled" / "news" / "train.jsonl", [label])
    run = run_experiment(project / "tiny.yaml", overrides=["data.train=[own, news]"])
    news = next(c for c in run.metrics["data"]["collections"] if c["name"] == "news")
    assert news["left_out"] == 1
    assert "STANCE_TEXTS" in news["reason"]
    assert "STANCE_TEXTS" in (run.path / "report.md").read_text(encoding="utf-8")
    with pytest.raises(CorpusError, match="no statement of news has its text here"):
        run_experiment(project / "tiny.yaml", overrides=["data.train=[news]"])


def test_too_few_articles_and_a_missing_data_folder_are_refused(project):
    with pytest.raises(CorpusError, match=r"3 articles \(near-duplicates counted as one\) cannot be cut into 20"):
        run_experiment(project / "tiny.yaml", overrides=["folds=20"])
    with pytest.raises(ConfigError, match="no folder 'dat' here or in a folder above"):
        run_experiment(project / "tiny.yaml", overrides=["data.root=dat"])


@pytest.mark.parametrize("model", ["majority.v1", "keyword.v1"])
def test_baselines_are_experiments_too(project, model):
    run = run_experiment(project / "tiny.yaml", overrides=[f"model={{name: {model}}}", "features=[]", "baselines=[]"])
    table = run.load_model().predict("They want talks.")
    assert len(table) == 1


def test_a_folder_that_is_no_run_is_refused(tmp_path, run):
    with pytest.raises(RunError, match=r"is not a run directory: config\.yaml, manifest\.json"):
        load_run(tmp_path)
    manifest = json.loads((run.path / "manifest.json").read_text())
    (run.path / "manifest.json").write_text(json.dumps(manifest | {"format": 99}))
    with pytest.raises(RunError, match="is a run of format 99"):
        load_run(run.path)


@pytest.mark.slow
def test_the_default_experiment_beats_its_baselines_on_the_projects_own_articles(tmp_path, monkeypatch):
    monkeypatch.delenv("STANCE_TEXTS", raising=False)
    run = run_experiment(ROOT / "experiments" / "configs" / "default.yaml", overrides=[f"output={tmp_path}"])
    first = run.metrics["evaluations"][0]
    assert first["collection"] == "own"
    for name in ("majority", "keyword"):
        for metric, score in first["headline"].items():
            assert score["value"] > first["baselines"][name]["headline"][metric]["value"], (name, metric)


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("config.yaml", "a: 1", "key 'data' is missing"),
        ("config.yaml", "data: {}", "key 'root' is missing"),
        ("manifest.json", "[1]", "expected a mapping"),
        ("metrics.json", "{}", "key 'data' is missing"),
        ("predictions.jsonl", "{}", "predictions.jsonl:1: key 'statement_id' is missing"),
    ],
)
def test_a_run_whose_files_lack_something_is_refused(run, file, text, said):
    (run.path / file).write_text(text, encoding="utf-8")
    with pytest.raises(RunError) as caught:
        load_run(run.path)
    assert said in str(caught.value)


def test_a_run_whose_model_has_no_codebook_is_refused(run):
    (run.path / "model" / "model.json").write_text("{}", encoding="utf-8")
    with pytest.raises(RunError, match="key 'codebook' is missing"):
        _ = load_run(run.path).codebook


def test_a_run_that_predicted_nothing_is_still_a_run(run):
    (run.path / "predictions.jsonl").write_text("", encoding="utf-8")
    assert load_run(run.path).predictions.empty


def test_a_collection_that_does_not_train_is_predicted_out_of_fold_without_a_fold(project, tmp_path):
    text = "A treaty would end the war."
    source = {"article_id": "n", "collection": "news", "file": "n.jsonl", "outlet": "The Lamp"}
    write_jsonl_rows(project / "data" / "raw" / "sources.jsonl", [source])
    write_jsonl_rows(tmp_path / "texts" / "n.jsonl", [{"id": "n", "title": "T", "text": text}])
    label = {"statement_id": "x", "article_id": "n", "start": 0, "end": len(text), "sha256": sha256(text)}
    labels = [label | {"motive": "peace_treaty", "stance": "supportive"}]
    write_jsonl_rows(project / "data" / "labeled" / "news" / "train.jsonl", labels)
    run = run_experiment(project / "tiny.yaml", overrides=["data.evaluate=[own, news]"], texts=tmp_path / "texts")
    folds = {row["statement_id"]: row["fold"] for _, row in read_jsonl(run.path / "out_of_fold.jsonl", StanceError)}
    assert folds.pop("x") is None
    assert set(map(str, folds.values())) == {"1", "2"}
