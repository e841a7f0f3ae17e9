import hashlib

import pandas as pd
import pytest
from conftest import ROOT

from stance.articles import Article
from stance.errors import CodebookError, CorpusError
from stance.teacher import load_teacher
from stance.train import run_experiment

TEXT = "The envoy spoke of a summit. It rained in the capital. Nobody signed a treaty."
SPANS = [(0, 28, "direct_talks", "supportive", 0.8), (29, 54, "none", "neutral", 1.0)]


@pytest.fixture
def path(tmp_path):
    rows = [
        ("a1", start, end, hashlib.sha256(TEXT[start:end].encode()).digest(), motive, stance, proba)
        for start, end, motive, stance, proba in SPANS
    ]
    columns = ["article_id", "start", "end", "sha256", "motive", "stance", "proba"]
    pd.DataFrame(rows, columns=columns).to_parquet(tmp_path / "silver.parquet")
    return tmp_path / "silver.parquet"


def load(path, codebook, articles=None, not_of=()):
    articles = {"a1": Article.from_text(TEXT, id="a1")} if articles is None else articles
    return load_teacher(path, articles, "gone", codebook, weight=0.5, not_of=set(not_of))


def test_labels_are_joined_to_their_text_and_surroundings(path, codebook):
    teacher = load(path, codebook)
    first, second = teacher.frame.to_dict(orient="records")
    assert first["text"] == "The envoy spoke of a summit."
    assert (first["motive"], first["stance"]) == ("direct_talks", "supportive")
    assert first["weight"] == pytest.approx(0.4)
    assert second["previous"] == first["text"]
    assert second["following"] == "Nobody signed a treaty."


def test_text_that_is_not_here_or_has_changed_is_left_out_and_counted(path, codebook):
    absent = load(path, codebook, articles={})
    assert (absent.state.statements, absent.state.resolved, absent.state.reason) == (2, 0, "gone")
    changed = load(path, codebook, articles={"a1": Article.from_text(TEXT.replace("rained", "snowed"), id="a1")})
    assert changed.state.resolved == 1


def test_labels_on_articles_that_are_held_out_are_refused(path, codebook):
    with pytest.raises(CorpusError, match="'a1', an article that is held out"):
        load(path, codebook, not_of=["a1"])


def test_a_file_that_is_none_and_a_label_unknown_to_the_codebook_are_refused(path, tmp_path, codebook):
    (tmp_path / "no.parquet").write_text("no parquet")
    with pytest.raises(CorpusError, match="cannot be read as a teacher's labels"):
        load(tmp_path / "no.parquet", codebook)
    pd.read_parquet(path).assign(motive="glory").to_parquet(path)
    with pytest.raises(CodebookError, match="glory"):
        load(path, codebook)


def test_gold_keeps_its_weight_and_held_out_articles_are_not_learned_from(path, codebook):
    teacher = load(path, codebook)
    gold = teacher.frame.iloc[:1].assign(weight=1.0, statement_id="s1")
    assert list(teacher.beside(gold)["weight"]) == pytest.approx([1.0, 0.4, 0.5])
    assert list(teacher.beside(gold, {"a1"})["weight"]) == [1.0]


def test_without_the_text_of_others_a_run_says_what_it_left_out(project, codebook, path):
    (project / "data" / "silver").mkdir()
    path.rename(project / "data" / "silver" / "newswire.parquet")
    source = '{"article_id": "a1", "collection": "newswire", "file": "newswire/articles.jsonl"}\n'
    (project / "data" / "raw" / "sources.jsonl").write_text(source, encoding="utf-8")
    run = run_experiment(project / "tiny.yaml", overrides=["data.teacher=silver/newswire.parquet"])
    (state,) = [each for each in run.metrics["data"]["collections"] if each["name"] == "teacher"]
    assert (state["statements"], state["resolved"]) == (2, 0)


@pytest.mark.slow
def test_the_projects_teacher_labels_nothing_of_validation_or_test(texts, codebook):
    from stance.experiment import prepare

    experiment = prepare(ROOT / "experiments" / "configs" / "default.yaml", texts=texts)
    teacher = experiment.teacher
    assert teacher.state.left_out == 0
    frame = experiment.corpus.frame
    assert not set(teacher.frame["article_id"]) & set(frame["article_id"][frame["split"] != "train"])
