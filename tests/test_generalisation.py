import json

import pytest
from conftest import make_project

from stance.errors import ConfigError
from stance.train import run_experiment


def split_by(project, scheme, test):
    """Hold out two articles by a scheme of the project."""
    articles = {f"article-{number:02d}": "test" if number in test else "train" for number in range(12)}
    path = project / "data" / "labeled" / {"outlet": "splits-by-outlet.json", "date": "splits-by-date.json"}[scheme]
    path.write_text(json.dumps(articles), encoding="utf-8")


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    project = make_project(tmp_path_factory.mktemp("project"))
    split_by(project, "outlet", {0, 1, 2})
    split_by(project, "date", {3})
    return project


@pytest.fixture(scope="module")
def rows(project):
    run = run_experiment(project / "tiny.yaml", overrides=["data.also_split_by=[outlet, date]"])
    return run.metrics["generalisation"]


def test_every_split_is_scored_on_its_own_test_statements(rows):
    assert [(row["split_by"], row["n_statements"], row["n_articles"]) for row in rows] == [
        ("article", 8, 2),
        ("outlet", 12, 3),
        ("date", 4, 1),
    ]


def test_what_is_held_out_does_not_train(rows):
    assert [row["n_train"] for row in rows] == [32, 36, 44]


def test_scores_have_intervals_where_there_are_articles_enough(rows):
    cells = [row["headline"]["joint_accuracy"] for row in rows]
    assert all(0 <= cell["value"] <= 1 for cell in cells)
    assert [cell["low"] is None for cell in cells] == [False, False, True]


def test_nothing_is_trained_again_where_test_is_not_predicted(project):
    overrides = ["data.also_split_by=[outlet]", "data.splits=[validation]"]
    assert run_experiment(project / "tiny.yaml", overrides=overrides).metrics["generalisation"] == []


def test_it_stands_beside_a_split_by_article_alone(project):
    with pytest.raises(ConfigError, match="also_split_by"):
        run_experiment(project / "tiny.yaml", overrides=["data.also_split_by=[date]", "data.split_by=outlet"])
