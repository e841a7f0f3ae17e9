"""Faults put into the real pipeline, each of which a named check must catch, and a sound run must not show."""

import dataclasses
import json
import random

import pytest
from conftest import write_jsonl_rows

from stance import classifier
from stance.checks import run_checks
from stance.models import ScikitClassifier
from stance.run_facts import RunFacts
from stance.storage import sha256
from stance.train import run_experiment

WHEN = ["in May", "this winter", "before long", "at last", "next week", "after the rains"]
KINDS = {
    ("direct_talks", "supportive"): ("hopes to", ["negotiate", "sit down together", "talk face to face", "meet them"]),
    ("direct_talks", "skeptical"): ("finds it pointless to", ["negotiate", "sit down together", "talk to them", "meet"]),
    ("peace_treaty", "supportive"): ("wants", ["the armistice replaced", "a signed treaty", "the war closed on paper"]),
    ("none", "neutral"): ("visited", ["a school", "the port", "two farms", "the new bridge"]),
}  # fmt: skip
SPLIT_OF = ["train"] * 18 + ["validation"] * 6 + ["test"] * 6


@pytest.fixture
def project(tmp_path):
    """Thirty made-up articles of eight statements: two of each kind, about a person whom no other article names."""
    draw, rows = random.Random(0), {split: [] for split in SPLIT_OF}
    for number, split in enumerate(SPLIT_OF):
        name = f"article-{number:02d}"
        said = [
            (f"Person{number} {verb} {draw.choice(ends)} {draw.choice(WHEN)}.", labels)
            for labels, (verb, ends) in KINDS.items()
            for _ in "ab"
        ]
        draw.shuffle(said)
        write_article(tmp_path, name, " ".join(text for text, _ in said))
        start = 0
        for at, (text, (motive, stance)) in enumerate(said):
            row = {
                "statement_id": f"{name}#{at}",
                "article_id": name,
                "start": start,
                "end": start + len(text),
                "sha256": sha256(text),
            }
            rows[split].append(row | {"motive": motive, "stance": stance})
            start += len(text) + 1
    for split, part in rows.items():
        write_jsonl_rows(labels_of(tmp_path, split), part)
    (tmp_path / "made-up.yaml").write_text(
        "name: made-up\ndata: {train: [own], evaluate: [own]}\nfolds: 3\n"
        "features: [{name: word_tfidf.v1}]\nmodel: {name: linear_svm.v1}\n",
        encoding="utf-8",
    )
    return tmp_path


def write_article(project, name, text):
    path = project / "data/raw/own" / f"{name}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"---\nid: {name}\ntitle: T\noutlet: The Lamp\n---\n\n{text}\n", encoding="utf-8")


def labels_of(project, split):
    return project / "data/labeled/own" / f"{split}.jsonl"


def read_rows(project, split):
    return [json.loads(line) for line in labels_of(project, split).read_text(encoding="utf-8").splitlines()]


def shuffled_labels(project, monkeypatch):
    rows = read_rows(project, "train")
    pairs = [(row["motive"], row["stance"]) for row in rows]
    random.Random(0).shuffle(pairs)
    write_jsonl_rows(
        labels_of(project, "train"),
        [row | {"motive": motive, "stance": stance} for row, (motive, stance) in zip(rows, pairs, strict=True)],
    )


def an_article_in_train_and_test(project, monkeypatch):
    rows = read_rows(project, "test")
    write_jsonl_rows(labels_of(project, "train"), read_rows(project, "train") + rows[:4])
    write_jsonl_rows(labels_of(project, "test"), rows[4:])


def a_near_copy_in_train(project, monkeypatch):
    rows = [row for row in read_rows(project, "test") if row["article_id"] == "article-29"]
    whole = (project / "data/raw/own/article-29.md").read_text(encoding="utf-8").split("---\n\n")[1].strip()
    write_article(project, "copy", f"{whole} More on this story follows.")
    copies = [row | {"article_id": "copy", "statement_id": f"copy#{at}"} for at, row in enumerate(rows)]
    write_jsonl_rows(labels_of(project, "train"), read_rows(project, "train") + copies)


def swapped_scores(project, monkeypatch):
    sound = ScikitClassifier.scores

    def scores(self, frame):
        found = sound(self, frame)
        order = list(self.codebook.labels("motive"))
        a, b = order.index("direct_talks"), order.index("peace_treaty")
        found["motive"][:, [a, b]] = found["motive"][:, [b, a]]
        return found

    monkeypatch.setattr(ScikitClassifier, "scores", scores)


def swapped_proba_columns(project, monkeypatch):
    sound = classifier.decide

    def decide(*arguments):
        decision = sound(*arguments)
        return dataclasses.replace(decision, proba={axis: proba[:, ::-1] for axis, proba in decision.proba.items()})

    monkeypatch.setattr(classifier, "decide", decide)


def a_constant_predictor(project, monkeypatch):
    sound = ScikitClassifier.scores

    def scores(self, frame):
        return {axis: 0 * scores + scores[:1] for axis, scores in sound(self, frame).items()}

    monkeypatch.setattr(ScikitClassifier, "scores", scores)


MUTATIONS = {
    shuffled_labels: "ST004",
    an_article_in_train_and_test: "ST001",
    a_near_copy_in_train: "ST001",
    swapped_scores: "ST010",
    swapped_proba_columns: "ST009",
    a_constant_predictor: "ST014",
}


def fired(project):
    run = run_experiment(project / "made-up.yaml")
    return {each.code: each.what for each in run_checks(RunFacts.of(run)) if each.state == "fires"}


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.__name__)
def test_each_fault_is_caught_by_name(mutation, project, monkeypatch):
    mutation(project, monkeypatch)
    assert MUTATIONS[mutation] in fired(project)


def test_the_pipeline_as_it_is_shows_none_of_these_faults(project):
    assert not fired(project).keys() & set(MUTATIONS.values())
