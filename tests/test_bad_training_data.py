"""Training data that is poor or broken: one clear line, or a sound result, whatever the model."""

import json

import numpy as np
import pytest
from conftest import write_jsonl_rows

from stance.errors import CodebookError, CorpusError, ModelError, StanceError
from stance.predict import load_model
from stance.storage import sha256
from stance.train import run_experiment

MODELS = ["{name: fast.v1}", "{name: linear_svm.v1}"]
SHORT = "They want talks."


@pytest.fixture(params=MODELS, ids=["fast", "linear_svm"])
def train(request, project):
    """Train the tiny project with either model, its labeled rows as they lie on disk."""

    def run(*overrides):
        return run_experiment(project / "tiny.yaml", overrides=[f"model={request.param}", *overrides])

    return run


def rows_of(project, split="train"):
    path = project / "data" / "labeled" / "own" / f"{split}.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def write_rows(project, rows, split="train"):
    write_jsonl_rows(project / "data" / "labeled" / "own" / f"{split}.jsonl", rows)


def write_articles(project, texts, labels):
    """Replace the train split by articles of one statement each."""
    rows = []
    for number, (text, (motive, stance)) in enumerate(zip(texts, labels, strict=True)):
        name = f"new-{number:02d}"
        head = f"---\nid: {name}\ntitle: T\noutlet: The Lamp\n---\n\n"
        (project / "data" / "raw" / "own" / f"{name}.md").write_text(f"{head}{text}\n", encoding="utf-8")
        span = {"start": 0, "end": len(text), "sha256": sha256(text)}
        rows.append({"statement_id": f"{name}#0", "article_id": name, "motive": motive, "stance": stance} | span)
    write_rows(project, rows)


def is_sound(run, codebook):
    predictions = run.predictions
    for motive, stance in zip(predictions["predicted_motive"], predictions["predicted_stance"], strict=True):
        codebook.check(motive, stance)
    for axis in codebook.axes:
        proba = predictions[[f"proba_{axis}_{label}" for label in codebook.labels(axis)]].to_numpy()
        assert np.isfinite(proba).all()
        assert np.allclose(proba.sum(axis=1), 1, atol=1e-4)
    return True


def refused(train, error, *overrides):
    with pytest.raises(error) as caught:
        train(*overrides)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_class_that_some_fold_does_not_learn(train, project, codebook):
    rows = rows_of(project)
    rows[0] |= {"motive": "reunification", "stance": "supportive"}
    write_rows(project, rows)
    assert is_sound(train(), codebook)


def test_a_label_in_test_that_training_never_had(train, project, codebook):
    rows = rows_of(project, "test")
    rows[0] |= {"motive": "reunification", "stance": "supportive"}
    write_rows(project, rows, "test")
    run = train()
    assert is_sound(run, codebook)
    labels = run.metrics["evaluations"][0]["axes"]["motive"]["labels"]
    assert next(label for label in labels if label["label"] == "reunification")["recall"]["value"] == 0


def test_one_motive_alone(train, project):
    write_rows(project, [row | {"motive": "direct_talks", "stance": "supportive"} for row in rows_of(project)])
    assert "the training data has 1 motive label(s) to learn from, and two are needed" in refused(train, CorpusError)


def test_no_motive_anywhere(train, project):
    write_rows(project, [row | {"motive": "none", "stance": "neutral"} for row in rows_of(project)])
    assert "the training data has 1 motive label(s) to learn from" in refused(train, CorpusError)


def test_one_stance_alone(train, project):
    rows = [row | ({"stance": "supportive"} if row["motive"] != "none" else {}) for row in rows_of(project)]
    write_rows(project, rows)
    assert "the training data has 1 stance label(s) to learn from" in refused(train, CorpusError)


def test_three_examples(train, project):
    write_rows(project, rows_of(project)[:3])
    assert "1 articles (near-duplicates counted as one) cannot be cut into 2 folds" in refused(train, CorpusError)


def test_three_examples_in_three_articles(train, project):
    labels = [("direct_talks", "supportive"), ("direct_talks", "skeptical"), ("none", "neutral")]
    write_articles(project, ["They want talks.", "No talks will come.", "It rained."], labels)
    assert "no pair of labels has more than 1 statements, too few to spread over 2 folds" in refused(train, CorpusError)


def test_no_example_at_all(train, project):
    write_rows(project, [])
    assert "data.train: no statement of own has its text here" in refused(train, CorpusError)


def test_nothing_but_duplicates_of_one_long_statement(train, project):
    text = "The envoy wants talks with Washington about the treaty that would end the long war at last."
    labels = [("direct_talks", "supportive"), ("direct_talks", "skeptical"), ("none", "neutral")] * 4
    write_articles(project, [text] * 12, labels)
    assert "1 articles (near-duplicates counted as one) cannot be cut into 2 folds" in refused(train, CorpusError)


def test_nothing_but_duplicates_too_short_to_be_told_for_such(train, project, codebook):
    labels = [("direct_talks", "supportive"), ("direct_talks", "skeptical"), ("none", "neutral")] * 4
    write_articles(project, [SHORT] * 12, labels)
    run = train()
    assert is_sound(run, codebook)
    assert run.out_of_fold["motive_proba"].max() < 0.9  # one text with every label: nothing to be sure of


def test_statements_without_a_word(train, project):
    labels = [("direct_talks", "supportive"), ("direct_talks", "skeptical"), ("none", "neutral")] * 4
    write_articles(project, ["?!"] * 12, labels)
    line = refused(train, StanceError)
    assert "the training statements hold no word" in line or "empty vocabulary" in line


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("start", None, "field 'start' must be a whole number, not None"),
        ("end", float("nan"), "holds NaN, which is not JSON"),
        ("sha256", None, "field 'sha256' must be a string, not None"),
        ("motive", None, "field 'motive' must be a string, not None"),
        ("stance", float("nan"), "holds NaN, which is not JSON"),
        ("article_id", 7, "field 'article_id' must be a string, not 7"),
        ("batch", 7, "field 'batch' must be a string, not 7"),
    ],
)
def test_a_field_that_is_missing_in_a_labeled_file(train, project, field, value, said):
    rows = rows_of(project)
    rows[2][field] = value
    write_rows(project, rows)
    line = refused(train, CorpusError)
    assert said in line
    assert "train.jsonl:3" in line


@pytest.mark.parametrize("value", [None, "", "other words"])
def test_text_in_a_labeled_file_is_only_for_the_reader_and_is_never_trained_on(train, project, value):
    expected = train().predictions
    write_rows(project, [row | {"text": value} for row in rows_of(project)])
    assert train().predictions.equals(expected)


@pytest.mark.parametrize("value", [None, float("nan"), 7])
def test_an_article_of_others_whose_text_is_none(train, project, tmp_path, value):
    folder = tmp_path / "texts"
    write_jsonl_rows(folder / "n.jsonl", [{"id": "n", "text": value}])
    source = {"article_id": "n", "collection": "news", "file": "n.jsonl"}
    write_jsonl_rows(project / "data" / "raw" / "sources.jsonl", [source])
    row = {"statement_id": "x", "article_id": "n", "motive": "none", "stance": "neutral"}
    span = {"start": 0, "end": 1, "sha256": sha256("")}
    write_jsonl_rows(project / "data" / "labeled" / "news" / "train.jsonl", [row | span])
    line = refused(train, StanceError, "data.train=[own, news]", f"data.texts={folder}")
    assert "n.jsonl:1" in line


def test_a_statement_of_fifty_thousand_characters(train, project, codebook):
    text = "They want talks with Washington, again and again, " * 1000
    assert len(text) == 50_000
    texts = [text.strip(), "No talks will come of it.", "They want a treaty.", "It rained."] * 3
    pairs = [("direct_talks", "supportive"), ("direct_talks", "skeptical"), ("peace_treaty", "supportive")]
    write_articles(project, texts, [*pairs, ("none", "neutral")] * 3)
    run = train()
    assert is_sound(run, codebook)
    table = run.load_model().predict_statements([text])
    assert len(table) == 1
    assert table["motive_proba"].between(0, 1).all()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"motive": "direct_talk"}, "Did you mean 'direct_talks'?"),
        ({"stance": "angry"}, "'angry'"),
        ({"motive": "none", "stance": "supportive"}, "none"),
    ],
)
def test_labels_that_the_codebook_does_not_have(train, project, change, said):
    rows = rows_of(project)
    rows[4] |= change
    write_rows(project, rows)
    line = refused(train, CodebookError)
    assert said in line
    assert "train.jsonl:5" in line


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"format": 1}, "is a model of format 1, and this version reads format 2"),
        ({"format": 99}, "is a model of format 99"),
        ({"kind": "fast.v9"}, "is a model of kind 'fast.v9', and this version knows "),
        ({"settings": {"c": 0.5, "added_later": 1}}, "does not fit together"),
        ({"settings": 3}, "settings: input should be a valid dictionary"),
        ({"added_later": 1}, "unknown key 'added_later'"),
    ],
)
def test_a_model_of_another_format_or_version(train, change, said):
    header = train().path / "model" / "model.json"
    header.write_text(json.dumps(json.loads(header.read_text(encoding="utf-8")) | change), encoding="utf-8")
    with pytest.raises(ModelError) as caught:
        load_model(header.parent)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
