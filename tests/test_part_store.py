import json
from pathlib import Path

import pandas as pd
import pytest

from stance.batches import Rejected
from stance.errors import StanceError
from stance.part_store import DATA, JOB, JOURNAL, PartStore
from stance.parts import Part
from stance.tables import encode

PARTS = [
    Part(b"one\ntwo\n", 2, 1, []),
    Part(b"", 0, 0, [Rejected("f:2", "is bad", "Mend it.", "x")]),
    Part(b"three\n", 1, 3, []),
]
WHOLE = b"head\none\ntwo\nthree\n"
JOB_OF = {"model": "m", "input": "i", "format": "csv"}


def store(output, **changed):
    options = {"job": JOB_OF, "opening": b"head\n", "resumable": True, "anew": False}
    return PartStore(output, **options | changed)


def test_parts_become_the_output_and_the_rejected_a_file_beside_it(tmp_path):
    parts = store(tmp_path / "out.csv")
    for part in PARTS:
        parts.append(part)
    assert (parts.progress.statements, parts.progress.read, parts.progress.rejected) == (3, 5, 1)
    rejects = parts.finish()
    assert (tmp_path / "out.csv").read_bytes() == WHOLE
    assert json.loads(rejects.read_text())["where"] == "f:2"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["out.csv", "out.csv.rejected.jsonl"]


@pytest.mark.parametrize("name", [DATA, JOURNAL])
def test_wherever_a_file_was_cut_off_the_job_goes_on_and_the_bytes_are_the_same(tmp_path, name):
    whole = store(tmp_path / "out.csv")
    for part in PARTS:
        whole.append(part)
    whole.close()
    data = {each.name: each.read_bytes() for each in whole.folder.iterdir()}
    for end in range(len(data[name]) + 1):
        for each, content in data.items():
            (whole.folder / each).write_bytes(content[:end] if each == name else content)
        parts = store(tmp_path / "out.csv")
        done = {(0, 0): 0, (2, 1): 1, (2, 2): 2, (3, 5): 3}[parts.progress.statements, parts.progress.read]
        for part in PARTS[done:]:
            parts.append(part)
        parts.finish()
        assert (tmp_path / "out.csv").read_bytes() == WHOLE
        whole.folder.mkdir()


def test_bytes_after_the_last_whole_part_are_cut_off(tmp_path):
    parts = store(tmp_path / "out.csv")
    parts.append(PARTS[0])
    parts.close()
    with (parts.folder / DATA).open("ab") as file:
        file.write(b"thr")
    parts = store(tmp_path / "out.csv")
    for part in PARTS[1:]:
        parts.append(part)
    parts.finish()
    assert (tmp_path / "out.csv").read_bytes() == WHOLE


def test_parts_of_another_job_are_left_alone_unless_they_are_to_be_discarded(tmp_path):
    parts = store(tmp_path / "out.csv")
    parts.append(PARTS[0])
    parts.close()
    with pytest.raises(StanceError, match=r"\.out\.csv\.parts: parts of an unfinished job .* model, input .* --anew"):
        store(tmp_path / "out.csv", job=JOB_OF | {"model": "n", "input": "j"})
    assert store(tmp_path / "out.csv").progress.statements == 2
    anew = store(tmp_path / "out.csv", job=JOB_OF | {"model": "n"}, opening=b"other\n", anew=True)
    assert anew.progress.statements == 0
    assert json.loads((anew.folder / JOB).read_text())["model"] == "n"
    anew.finish()
    assert (tmp_path / "out.csv").read_bytes() == b"other\n"


def test_what_cannot_be_read_again_leaves_no_parts(tmp_path):
    parts = store(tmp_path / "out.csv", resumable=False)
    parts.append(PARTS[0])
    assert "cannot be read a second time" in parts.standing()
    parts.close()
    assert list(tmp_path.iterdir()) == []
    parts = store(tmp_path / "out.csv", resumable=False)
    parts.append(PARTS[0])
    parts.finish()
    parts.close()
    assert (tmp_path / "out.csv").read_bytes() == b"head\none\ntwo\n"


def test_two_processes_do_not_write_one_output(tmp_path):
    first = store(tmp_path / "out.csv")
    with pytest.raises(StanceError, match="another process is writing this output"):
        store(tmp_path / "out.csv")
    first.close()
    store(tmp_path / "out.csv").close()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_is_one_line_that_says_where_the_job_goes_on(tmp_path, monkeypatch):
    parts = store(tmp_path / "out.csv")
    parts.append(PARTS[0])
    file = parts._data
    parts._data = open("/dev/full", "ab")  # noqa: PTH123, SIM115
    with pytest.raises(StanceError, match=r"No space left on device\); the same command goes on from statement 3\. "):
        parts.append(PARTS[2])
    parts.close()
    file.close()
    assert store(tmp_path / "out.csv").progress.statements == 2


def test_parquet_parts_are_joined_into_larger_row_groups(tmp_path, monkeypatch):
    monkeypatch.setattr("stance.parquet_parts.GROUP", 4)
    tables = [pd.DataFrame({"text": [f"{n}-{row}" for row in range(n)]}, dtype="str") for n in range(5)]
    parts = store(tmp_path / "o", job={"format": "parquet"}, opening=encode(tables[0], "parquet"))
    for table in tables:
        parts.append(Part(encode(table, "parquet"), len(table), 1, []))
    parts.finish()
    import pyarrow.parquet as pq

    assert pq.ParquetFile(tmp_path / "o").num_row_groups == 2
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "o"), pd.concat(tables, ignore_index=True))


def test_an_output_that_cannot_be_written_is_refused_first(tmp_path):
    with pytest.raises(StanceError, match="no such folder to write to"):
        store(tmp_path / "no" / "out.csv")
    with pytest.raises(StanceError, match="is a folder"):
        store(tmp_path)
