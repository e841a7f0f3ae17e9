import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest
from collections_of_rows import write_collection

from stance import batches, processes
from stance.collection import Interrupted, predict_collection
from stance.errors import ArticleError, StanceError
from stance.predict import COLUMNS, load_model

UNITS = ["article", "statement"]
FORMATS = {
    "parquet": pd.read_parquet,
    "csv": lambda path: pd.read_csv(path, keep_default_na=False),
    "jsonl": lambda path: pd.read_json(path, lines=True, dtype=False),
}


@pytest.fixture(scope="module")
def model():
    return load_model()


@pytest.fixture
def rows(tmp_path, monkeypatch):
    monkeypatch.setattr(batches, "RECORDS", 3)
    return write_collection(tmp_path)


def predicted(model, rows, name="out", **options):
    output = rows.with_name(name)
    summary = predict_collection(model, [rows], output, **{"workers": 1} | options)
    return output.read_bytes(), summary


@pytest.mark.parametrize("format_", FORMATS)
def test_the_table_is_the_one_that_predict_gives(model, rows, format_):
    _, summary = predicted(model, rows, format=format_, details=True, proba=True)
    table = FORMATS[format_](rows.with_name("out"))
    plain = model.predict(rows, details=True, proba=True)
    assert list(table.columns) == list(plain.columns)
    pd.testing.assert_frame_equal(table, plain, check_dtype=format_ == "parquet", atol=1e-4)
    assert (summary.statements, summary.accepted, summary.rejected) == (len(plain), 40, 0)


def test_single_statements_come_back_one_for_one_and_numbered_through(model, rows):
    predicted(model, rows, unit="statement")
    table = pd.read_parquet(rows.with_name("out"))
    texts = pd.read_json(rows, lines=True)["text"]
    pd.testing.assert_frame_equal(table, model.predict_statements(list(texts), ids=[f"a{n}" for n in range(40)]))


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("stop", [0, 1, 5])
def test_an_interrupted_job_goes_on_and_the_bytes_are_the_same(model, rows, unit, stop):
    whole, _ = predicted(model, rows, unit=unit)
    calls = []

    def watch(progress):
        calls.append(progress.statements)
        if len(calls) == stop + 1:
            raise KeyboardInterrupt

    with pytest.raises(Interrupted, match="interrupted; the same command goes on from statement "):
        predicted(model, rows, "again", unit=unit, watch=watch)
    assert not rows.with_name("again").exists()
    assert predicted(model, rows, "again", unit=unit, watch=watch)[0] == whole
    assert calls[stop + 1] == calls[stop]  # it began where it had stopped
    assert not rows.with_name(".again.parts").exists()


def test_the_bytes_are_the_same_on_several_processes(model, rows, monkeypatch):
    monkeypatch.setattr(processes, "FEW", 2)
    assert predicted(model, rows, "two", workers=2)[0] == predicted(model, rows, "one")[0]


def test_changed_options_and_inputs_are_another_job(model, rows):
    def stop(progress):
        if progress.statements:
            raise KeyboardInterrupt

    with pytest.raises(Interrupted):
        predicted(model, rows, watch=stop)
    with pytest.raises(StanceError, match="this one is another: proba differs"):
        predicted(model, rows, proba=True)
    with rows.open("a", encoding="utf-8") as file:
        file.write('{"text": "They want talks."}\n')
    with pytest.raises(StanceError, match="this one is another: input differs"):
        predicted(model, rows)
    assert predicted(model, rows, anew=True)[1].accepted == 41


def test_an_open_file_gets_parts_as_they_come_and_is_told_what_is_set_aside(model, rows):
    whole, _ = predicted(model, rows, format="csv")
    rows.write_text("{oops\n" + rows.read_text(encoding="utf-8"), encoding="utf-8")
    stream, aside = io.BytesIO(), []
    summary = predict_collection(model, [rows], stream, format="csv", workers=1, aside=aside.append)
    assert stream.getvalue() == whole
    assert (summary.rejected, summary.rejects, aside[0].where) == (1, None, f"{rows}:1")


def test_nothing_is_an_empty_table_and_no_file_an_error(model, rows):
    rows.write_text('{"text": "Sign up for our free newsletter"}\n', encoding="utf-8")
    predicted(model, rows)
    empty = pd.read_parquet(rows.with_name("out"))
    assert {name: str(dtype) for name, dtype in empty.dtypes.items()} == COLUMNS
    with pytest.raises(ArticleError, match="no such file"):
        predict_collection(model, [rows, Path("gone.txt")], rows.with_name("out"), workers=1)


KILLED = """
import multiprocessing, os, signal, sys
from pathlib import Path
from stance import batches, processes
from stance.collection import predict_collection
from stance.predict import load_model

def watch(progress):
    if progress.statements > 40:
        print(*(child.pid for child in multiprocessing.active_children()), flush=True)
        os.kill(os.getpid(), signal.SIGKILL)

if __name__ == "__main__":
    batches.RECORDS, processes.FEW = 3, 2
    predict_collection(load_model(), [sys.argv[1]], Path(sys.argv[2]), workers=2, watch=watch)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no such signal here")
def test_after_kill_9_nothing_is_lost_or_doubled_and_no_process_stays(model, rows):
    whole, _ = predicted(model, rows)
    script = rows.with_name("killed.py")
    script.write_text(KILLED, encoding="utf-8")
    command = [sys.executable, script, rows, rows.with_name("again")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (-signal.SIGKILL, "")
    first = []
    assert predicted(model, rows, "again", watch=lambda progress: first.append(progress.statements))[0] == whole
    assert first[0] > 40
    children = [int(pid) for pid in done.stdout.split()]
    assert len(children) == 2
    assert all(_ends(pid) for pid in children)


def _ends(pid):
    for _ in range(200):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False
