import io
import shutil

import pandas as pd
import pytest
from conftest import make_project, write_jsonl_rows

from stance.annotations import read_annotations
from stance.errors import RunError
from stance.review_queue import FORMATS, TO_FILL, ReviewQueue
from stance.runs import load_run
from stance.train import run_experiment

HIDDEN = {"given_motive", "given_stance", "suggested_motive", "suggested_stance"}


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A run whose model is right throughout, and two labels of a treaty that are wrong."""
    project = make_project(tmp_path_factory.mktemp("project"))
    trained = run_experiment(project / "tiny.yaml")
    rows = list(trained.out_of_fold.to_dict(orient="records"))
    wrong = ["article-00#2", "article-01#2"]
    for row in rows:
        for axis in ("motive", "stance"):
            row.update({name: 0.05 for name in row if name.startswith(f"proba_{axis}_")})
            row.update({f"proba_{axis}_{row[axis]}": 0.8, f"predicted_{axis}": row[axis]})
        if row["statement_id"] in wrong:
            row.update(motive="none", stance="neutral")
    write_jsonl_rows(trained.path / "out_of_fold.jsonl", rows)
    votes = [
        {"statement_id": id_, "annotator": name, "motive": motive, "stance": stance, "sure": 1}
        for id_, second in zip(wrong, [("peace_treaty", "supportive"), ("none", "neutral")], strict=True)
        for name, (motive, stance) in (("a1", ("none", "neutral")), ("a2", second))
    ]
    write_jsonl_rows(project / "data" / "labeled" / "annotations" / "own.jsonl", votes)
    return load_run(trained.path), wrong


def test_the_queue_finds_the_wrong_labels_and_says_who_gave_them(run):
    trained, wrong = run
    frame = ReviewQueue.of_run(trained).frame()
    assert sorted(frame["statement_id"]) == wrong
    assert list(frame["rank"]) == [1, 2]
    assert set(frame["given_motive"]) == {"none"}
    assert set(frame["suggested_motive"]) == {"peace_treaty"}
    assert list(frame["annotators"]) == ["a1, a2"] * 2
    assert dict(zip(frame["statement_id"], frame["agreed"], strict=True)) == dict(
        zip(wrong, [False, True], strict=True)
    )
    assert all("treaty" in text for text in frame["text"])
    assert not frame["previous"].eq("").any()


@pytest.mark.parametrize("format_", FORMATS)
def test_labels_are_hidden_unless_asked_for(run, format_):
    queue = ReviewQueue.of_run(run[0], 2)
    blind, open_ = (queue.to_bytes(format_, show_labels=shown).decode() for shown in (False, True))
    assert "peace_treaty" not in blind
    assert "neutral" not in blind
    assert "peace_treaty" in open_
    assert run[1][0] in blind


def test_a_filled_sheet_is_lines_of_annotations(run, tmp_path, codebook):
    sheet = pd.read_csv(io.BytesIO(ReviewQueue.of_run(run[0]).to_bytes("csv")), dtype=str)
    assert not HIDDEN & set(sheet)
    assert sheet[TO_FILL].isna().all(axis=None)
    filled = sheet.assign(annotator="a3", motive="peace_treaty", stance="supportive", sure=1)
    write_jsonl_rows(tmp_path / "own.jsonl", filled[["statement_id", *TO_FILL]].to_dict(orient="records"))
    assert len(read_annotations(tmp_path / "own.jsonl", codebook)) == len(sheet)


def test_a_notebook_shows_it_escaped(run):
    queue = ReviewQueue.of_run(run[0], 1)
    odd = ReviewQueue(queue.frame().assign(text="<script>"), queue.codebook, queue.run)
    assert "<script>" not in odd._repr_html_()
    assert "1 labels to read again" in odd._repr_html_()


def test_no_suspect_is_no_error(run):
    queue = ReviewQueue.of_run(run[0])
    none = ReviewQueue(queue.frame().iloc[:0], queue.codebook, queue.run)
    assert none.to_bytes("jsonl") == b""
    assert none._repr_html_().startswith("<p>0 labels")


def test_an_unknown_collection_or_a_run_outside_its_project_is_one_clear_line(run, tmp_path):
    with pytest.raises(RunError, match=r"predicts no collection 'owm'.*Did you mean 'own'"):
        ReviewQueue.of_run(run[0], collection="owm")
    shutil.copytree(run[0].path, tmp_path / "moved")
    with pytest.raises(RunError, match="no folder 'data' in a folder above"):
        ReviewQueue.of_run(load_run(tmp_path / "moved"))
