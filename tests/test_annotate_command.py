import json

import pytest
from conftest import make_project

from stance.train import run_experiment


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    project = make_project(tmp_path_factory.mktemp("project"))
    path = project / "data" / "labeled" / "own" / "train.jsonl"
    path.write_text(
        path.read_text().replace(
            '"motive": "peace_treaty", "stance": "supportive"', '"motive": "none", "stance": "neutral"', 2
        )
    )
    return run_experiment(project / "tiny.yaml")


def test_the_queue_is_read_blind_and_goes_to_standard_output(stance, run):
    code, out, err = stance("annotate", "queue", run.path, "-n", 1)
    assert (code, err) == (0, "")
    assert out.startswith("# Labels to read again")
    assert "> " in out
    assert "Given" not in out


def test_labels_are_shown_where_asked(stance, run):
    code, out, _ = stance(
        "annotate", "queue", run.path, "-n", 1, "--show-labels", "--format", "jsonl", "--axis", "motive"
    )
    (row,) = map(json.loads, out.splitlines())
    assert code == 0
    assert (row["given_motive"], row["suggested_motive"], row["motive"]) == ("none", "peace_treaty", "")
    assert (row["annotators"], row["agreed"]) == ("", None)


def test_the_format_follows_the_suffix(stance, run, tmp_path):
    code, out, err = stance("annotate", "queue", run.path, "-o", tmp_path / "queue.csv")
    assert (code, out) == (0, "")
    assert "wrote " in err
    assert (tmp_path / "queue.csv").read_text().startswith("rank,statement_id,article_id,collection,split,start,end,")


def test_what_the_user_can_mend_is_one_line(stance, run, tmp_path):
    code, _, err = stance("annotate", "queue", tmp_path)
    assert code == 1
    assert err.count("\n") == 1
    assert stance("annotate", "queue", run.path, "--collection", "news")[0] == 1


def test_help_says_the_way_back(stance):
    code, out, _ = stance("annotate", "queue", "--help")
    assert code == 0
    assert "annotations/COLLECTION.jsonl" in out
    assert "revisions.jsonl" in out
