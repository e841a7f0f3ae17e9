import pytest
from conftest import make_project, write_jsonl_rows

from stance.report import build_report
from stance.runs import load_run
from stance.train import run_experiment


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    return make_project(tmp_path_factory.mktemp("project"))


def examples(project, *overrides):
    return run_experiment(project / "tiny.yaml", overrides=overrides).report().data["errors"]["examples"]


def test_a_linear_model_says_exactly_which_words_moved_it(project):
    for example in examples(project):
        for evidence in example["evidence"]:
            assert evidence["exact"]
            assert evidence["against"]
        assert "".join(piece["text"] for piece in example["marks"]) == example["text"]


def test_any_other_model_is_asked_by_leaving_words_out(project):
    shown = examples(project, "model={name: keyword.v1}", "baselines=[]")
    assert shown
    assert not any(evidence["exact"] for example in shown for evidence in example["evidence"])
    terms = {term["term"].lower() for example in shown for each in example["evidence"] for term in each["terms"]}
    assert terms & {"treaty", "talks", "dialogue", "armistice", "summit"}
    assert "the" not in terms


def test_examples_show_what_stands_around_and_what_may_not_be_shown_does_not(project):
    run = run_experiment(project / "tiny.yaml")
    shown = run.report().data["errors"]["examples"]
    assert all(example["text"] for example in shown)
    assert any(example["previous"] for example in shown)
    hidden = build_report(run).data["errors"]["examples"]
    assert [example["statement_id"] for example in hidden] == [example["statement_id"] for example in shown]
    assert not any(example["text"] or example["evidence"] or example["marks"] for example in hidden)


def test_disputed_labels_are_shown_with_what_each_annotator_said(tmp_path):
    project = make_project(tmp_path)
    votes = [
        {"statement_id": "article-10#2", "annotator": name, "motive": motive, "stance": stance}
        for name, motive, stance in (("a", "peace_treaty", "supportive"), ("b", "none", "neutral"))
    ]
    write_jsonl_rows(project / "data" / "labeled" / "annotations" / "own.jsonl", votes)
    run = run_experiment(project / "tiny.yaml")
    section = run.report().data["disputed"]
    assert (section["disputed"], section["annotated"]) == (1, 1)
    (example,) = section["examples"]
    assert [vote["annotator"] for vote in example["votes"]] == ["a", "b"]
    assert example["votes"][1]["motive"] == "No motive"
    moved = tmp_path.parent / f"{tmp_path.name}-moved"
    run.path.rename(moved)
    assert load_run(moved).report().data["disputed"]["examples"][0]["votes"] == []


def test_without_annotators_nothing_is_disputed(project):
    assert run_experiment(project / "tiny.yaml").report().data["disputed"]["annotated"] == 0
