import nbformat
import pytest
from conftest import ROOT, make_project
from nbclient import NotebookClient

from stance.train import run_experiment

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_no_output_is_committed_and_no_cell_holds_logic_that_belongs_in_the_package(path):
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            assert cell.outputs == []
            lines = [line for line in cell.source.splitlines() if line and not line.startswith(("import", "from"))]
            assert len(lines) <= 5


def executed(name):
    notebook = nbformat.read(ROOT / "notebooks" / name, as_version=4)
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(ROOT / "notebooks")}}).execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    return "".join(output.get("text", "") + str(output.get("data", {}).get("text/html", "")) for output in outputs)


def test_a_run_can_be_reviewed(tmp_path, monkeypatch):
    run = run_experiment(make_project(tmp_path) / "tiny.yaml")
    monkeypatch.setenv("STANCE_RUN", str(run.path))
    shown = executed("review-a-run.ipynb")
    assert "motive_macro_f1" in shown
    assert "peace_treaty" in shown


def test_the_corpus_can_be_looked_through(monkeypatch):
    monkeypatch.delenv("STANCE_TEXTS", raising=False)
    shown = executed("the-corpus.ipynb")
    assert "labeled statements have their text" in shown
    assert "annotator-3" in shown
