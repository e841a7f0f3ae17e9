import json
import re

import nbformat
import pytest
from conftest import ROOT, make_project, write_jsonl_rows
from nbclient import NotebookClient

from stance.train import run_experiment

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
DISPUTED = "article-10#2"
PROBE = {
    "id": "negation-1",
    "kind": "negation",
    "expect": "flip",
    "text_a": "They want a peace treaty signed.",
    "text_b": "They want no peace treaty signed.",
    "previous": "",
    "heading": "",
    "motive_a": "peace_treaty",
    "stance_a": "supportive",
    "motive_b": "peace_treaty",
    "stance_b": "skeptical",
}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_no_output_is_committed_and_no_cell_holds_logic_that_belongs_in_the_package(path):
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None
            lines = [line for line in cell.source.splitlines() if line and not line.startswith(("import", "from"))]
            assert len(lines) <= 5


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Two runs of a project with two annotators, who disagree on one test statement, and a probe."""
    project = make_project(tmp_path_factory.mktemp("project"))
    labeled = project / "data" / "labeled"
    rows = [json.loads(line) for path in sorted((labeled / "own").glob("*.jsonl")) for line in path.open()]
    votes = [
        {"statement_id": row["statement_id"], "annotator": name, "motive": row["motive"], "stance": row["stance"]}
        for row in rows
        for name in ("annotator-1", "annotator-2")
    ]
    for vote in votes:
        if (vote["statement_id"], vote["annotator"]) == (DISPUTED, "annotator-1"):
            vote.update(motive="none", stance="neutral")
    write_jsonl_rows(labeled / "annotations" / "own.jsonl", votes)
    write_jsonl_rows(project / "data" / "probes.jsonl", [PROBE])
    settings = (["data.probes=probes.jsonl"], ["data.probes=probes.jsonl", "model.c=0.01"])
    return [run_experiment(project / "tiny.yaml", overrides=each) for each in settings]


@pytest.fixture
def named(runs, monkeypatch):
    """Name both runs to the notebooks; no text of others is here."""
    monkeypatch.setenv("STANCE_RUN", str(runs[0].path))
    monkeypatch.setenv("STANCE_OTHER", str(runs[1].path))
    monkeypatch.delenv("STANCE_TEXTS", raising=False)


def executed(name):
    """Return all that a notebook shows, as one text of HTML, and how many pictures."""
    notebook = nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4)
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(ROOT / "notebooks")}}).execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    data = [output.get("data", {}) for output in outputs]
    assert not any("Figure size" in each.get("text/plain", "") and "image/png" not in each for each in data)
    shown = "".join(
        output.get("text", "") + str(each.get("text/html") or each.get("text/markdown") or each.get("text/plain", ""))
        for output, each in zip(outputs, data, strict=True)
    )
    return shown.replace("<wbr>", ""), sum("image/png" in each for each in data)


@pytest.mark.usefixtures("named")
def test_the_corpus_can_be_looked_through():
    shown, pictures = executed("01-the-corpus")
    assert pictures == 1
    for part in ("5,651", "no folder of texts was named", "annotator-3", "kappa", "outlet", "concession_order"):
        assert part in shown


def test_no_text_of_others_is_shown_where_it_is_here(texts, monkeypatch):
    from stance.codebook import load_codebook
    from stance.corpus import load_corpus

    monkeypatch.setenv("STANCE_TEXTS", str(texts))
    shown, _ = executed("01-the-corpus")
    assert "10,884" in shown
    rows = load_corpus(ROOT / "data", load_codebook(), texts=texts, collections=("newswire",)).rows
    assert not [row["statement_id"] for row in rows if len(row["text"]) > 40 and row["text"] in shown]


@pytest.mark.usefixtures("named")
def test_a_run_can_be_reviewed():
    shown, pictures = executed("02-review-a-run")
    assert pictures == 7  # headline scores, two confusion matrices, three reliability diagrams, risk against coverage
    assert re.search(r"<td[^>]*>annotators</td>", shown)
    for part in ("majority", "Joint accuracy by slice", "negation, flip (1)", "ST001", "peace_treaty", "<iframe"):
        assert part in shown


@pytest.mark.usefixtures("named")
def test_runs_can_be_compared(runs):
    shown, _ = executed("03-compare-runs")
    for run in runs:
        assert run.path.name in shown
    for part in ("Runs scored on own test", "B − A", "# Ablations"):
        assert part in shown


@pytest.mark.usefixtures("named")
def test_errors_and_disputed_labels_can_be_read():
    shown, _ = executed("04-errors-and-disputed-labels")
    for part in ("have at least one label wrong", "<mark class=", "none/neutral", "peace_treaty/supportive"):
        assert part in shown


def test_an_article_can_be_predicted():
    shown, _ = executed("05-predict-on-a-new-article")
    for part in ("Old Armistice, a veterans’ bulletin", "abstain", "peace_treaty", '<mark class="for strong">treaty'):
        assert part in shown
