import numpy as np
import pandas as pd
import pytest
from conftest import write_jsonl_rows

from stance.config import DataConfig
from stance.errors import ConfigError, CorpusError
from stance.train import run_experiment
from stance.weights import counted, draw_articles, read_contested, weigh


def data(**settings):
    return DataConfig(train=("own",), evaluate=("own",), **settings)


@pytest.fixture
def train():
    rows = [(f"s{at}", f"a{at // 2}", "s" if at < 2 else "") for at in range(8)]
    return pd.DataFrame(rows, columns=["statement_id", "article_id", "batch"])


def test_nothing_asked_for_changes_nothing(train):
    assert weigh(train, data(), (), 0).equals(train)


def test_a_batch_is_left_out_whole_and_an_unknown_one_is_refused(train):
    assert list(weigh(train, data(leave_out_batches=["s"]), (), 0)["statement_id"]) == [
        "s2",
        "s3",
        "s4",
        "s5",
        "s6",
        "s7",
    ]
    with pytest.raises(ConfigError, match=r"is of batch 'S'\. Did you mean 's'\?"):
        weigh(train, data(leave_out_batches=["S"]), (), 0)
    with pytest.raises(CorpusError, match="no training statement is left"):
        weigh(train.head(2), data(leave_out_batches=["s"]), (), 0)


def test_statements_that_annotators_disagree_on_weigh_less(train):
    weighed = weigh(train, data(disagreement_weight=0.25), {"s1", "elsewhere"}, 0)
    assert list(weighed["weight"]) == [1, 0.25, 1, 1, 1, 1, 1, 1]
    dropped = weigh(train, data(disagreement_weight=0), {"s1"}, 0)
    assert len(dropped) == 8
    assert "s1" not in set(counted(dropped)["statement_id"])


def test_articles_are_drawn_whole_as_many_as_there_are_and_by_the_seed(train):
    drawn = draw_articles(train["article_id"], 3)
    assert drawn.reshape(-1, 2).sum(axis=0).tolist() == [4, 4]
    assert (drawn[::2] == drawn[1::2]).all()
    assert (drawn == draw_articles(train["article_id"], 3)).all()
    assert any((draw_articles(train["article_id"], seed) != drawn).any() for seed in range(5))
    both = weigh(train, data(resample=True, disagreement_weight=0.5), {"s0"}, 3)
    assert np.allclose(both["weight"], drawn * ([0.5] + [1] * 7))


def test_contested_are_those_with_two_different_pairs_of_labels(tmp_path, codebook):
    def vote(id_, annotator, motive, stance):
        return {"statement_id": id_, "annotator": annotator, "motive": motive, "stance": stance}

    votes = [
        vote("a", "1", "none", "neutral"), vote("a", "2", "none", "neutral"),
        vote("b", "1", "direct_talks", "skeptical"), vote("b", "2", "direct_talks", "supportive"),
        vote("c", "1", "none", "neutral"),
    ]  # fmt: skip
    write_jsonl_rows(tmp_path / "labeled" / "annotations" / "own.jsonl", votes)
    assert read_contested(tmp_path, ["own", "without annotations"], codebook) == {"b"}


def test_a_resampled_run_still_predicts_every_training_statement(project):
    plain = run_experiment(project / "tiny.yaml")
    drawn = run_experiment(project / "tiny.yaml", overrides=["data.resample=true", "model={name: fast.v1}"])
    assert drawn.path != plain.path
    assert set(drawn.out_of_fold["statement_id"]) == set(plain.out_of_fold["statement_id"])
    assert drawn.metrics["data"]["train"]["articles"] < plain.metrics["data"]["train"]["articles"]


def test_votes_are_part_of_a_runs_name_where_they_weigh(project):
    path = project / "data" / "labeled" / "annotations" / "own.jsonl"
    votes = [
        {"statement_id": "article-00#0", "annotator": str(n), "motive": "direct_talks", "stance": stance}
        for n, stance in enumerate(["supportive", "skeptical"])
    ]
    write_jsonl_rows(path, votes)
    override = ["data.disagreement_weight=0.5"]
    weighed = run_experiment(project / "tiny.yaml", overrides=override)
    write_jsonl_rows(path, votes[:1])
    assert run_experiment(project / "tiny.yaml", overrides=override).path != weighed.path
