import json

import matplotlib as mpl
import pytest
from conftest import make_project, write_jsonl_rows

from stance.disputes import disputes
from stance.errors import RunError
from stance.runs import ANNOTATORS, Run, load_run
from stance.train import run_experiment

mpl.use("Agg")


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A run of a project with two annotators, of whom the second differs on one test statement."""
    project = make_project(tmp_path_factory.mktemp("project"))
    labeled = project / "data" / "labeled"
    gold = [json.loads(line) for path in sorted((labeled / "own").glob("*.jsonl")) for line in path.open()]
    votes = [{key: row[key] for key in ("statement_id", "motive", "stance")} | {"annotator": "a1"} for row in gold]
    votes += [vote | {"annotator": "a2"} for vote in votes]
    (odd,) = [vote for vote in votes if (vote["statement_id"], vote["annotator"]) == ("article-10#2", "a2")]
    odd.update(motive="none", stance="neutral")
    write_jsonl_rows(labeled / "annotations" / "own.jsonl", votes)
    return run_experiment(project / "tiny.yaml")


def test_annotators_stand_among_the_models(run):
    frame = run.frame().query("split == 'test'").set_index("model")
    assert set(frame.index) == {"tiny", "majority", "keyword", ANNOTATORS}
    assert frame.loc[ANNOTATORS, "joint_accuracy"] == pytest.approx(7 / 8)
    assert "0.88 [" in run._repr_html_()


def test_headlines_are_drawn_for_every_evaluation(run):
    axes = run.plot()
    names = [label.get_text() for label in axes.get_yticklabels()]
    assert names[:2] == ["own test (8)", "motive macro-F1"]
    assert len(names) == 8  # two evaluations, three scores each
    assert [text.get_text() for text in axes.get_legend().get_texts()] == list(dict.fromkeys(run.frame()["model"]))


def test_checks_that_fire_come_first(run):
    frame = run.checks()
    assert len(frame) == 14
    states = list(dict.fromkeys(frame["state"]))
    assert states == [state for state in ("fires", "passes", "not applicable") if state in states]
    assert frame[frame["state"] != "fires"]["severity"].eq("").all()
    fired = frame[frame["state"] == "fires"]["severity"].tolist()
    assert fired == sorted(fired, key=["error", "warning", "note"].index)


def test_what_was_not_measured_is_empty(run):
    assert run.generalisation().empty
    assert run.probes() is None
    bare = Run(run.path)
    bare.__dict__["metrics"] = {"evaluations": []}
    bare.__dict__["outcomes"] = []
    assert bare.checks().empty
    assert bare.frame().empty


def test_generalisation_has_a_row_for_each_way_to_split(run):
    cell = {"value": 0.5, "low": 0.4, "high": 0.6}
    rows = [
        {"split_by": by, "collection": name, "n_statements": 3, "headline": {"joint_accuracy": cell}}
        for by in ("article", "outlet")
        for name in ("own", "newswire")
    ]
    other = Run(run.path)
    other.__dict__["metrics"] = {"generalisation": rows}
    frame = other.generalisation()
    assert list(zip(frame["collection"], frame["split_by"], strict=True)) == [
        ("newswire", "article"),
        ("newswire", "outlet"),
        ("own", "article"),
        ("own", "outlet"),
    ]
    assert frame["joint_accuracy_low"].eq(0.4).all()


def test_slices_are_those_of_the_evaluation_that_is_asked_for(run):
    assert run.slices().overall == run.metrics["evaluations"][0]["headline"]["joint_accuracy"]["value"]
    assert set(run.slices(1).frame()["by"]) == {each["by"] for each in run.metrics["evaluations"][1]["slices"]}


def test_examples_are_listed_with_the_words_that_moved_them(run):
    examples = run.examples()
    frame = examples.frame()
    assert {"reason", "text", "motive", "predicted_motive", "motive_proba", "words"} <= set(frame.columns)
    assert len(frame) == len(examples.section["examples"]) > 0
    assert not frame["words"].str.contains("(bias)", regex=False).any()
    page = examples._repr_html_()
    assert page.count("<details") == frame["reason"].nunique()
    assert page.count("<li>") == len(frame)
    assert '<mark class="for' in page


def test_disputed_statements_have_their_text_and_each_vote(run):
    (row,) = disputes(run).to_dict("records")
    assert row["statement_id"] == "article-10#2"
    assert row["text"]
    assert (row["a1"], row["a2"], row["label"]) == (
        "peace_treaty/supportive",
        "none/neutral",
        "peace_treaty/supportive",
    )


def test_a_run_far_from_its_data_has_no_disputes(run, tmp_path):
    run.path.rename(tmp_path / "alone")
    try:
        with pytest.raises(RunError, match=r"data\.root"):
            disputes(load_run(tmp_path / "alone"))
    finally:
        (tmp_path / "alone").rename(run.path)
