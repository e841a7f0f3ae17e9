import errno
import threading

import pytest

from stance.errors import CorpusError, StanceError
from stance.storage import (
    check_writable,
    only_writer,
    read_json,
    read_jsonl,
    to_json,
    whole_directory,
    write_jsonl,
    write_text,
)


def test_rows_come_back_with_their_place_and_blank_lines_are_passed_over(tmp_path):
    path = tmp_path / "a.jsonl"
    write_jsonl(path, [{"x": "ü\u2028"}, {"x": 2}])
    path.write_text(path.read_text(encoding="utf-8").replace("\n", "\n\n", 1), encoding="utf-8")
    assert list(read_jsonl(path, CorpusError)) == [(f"{path}:1", {"x": "ü\u2028"}), (f"{path}:3", {"x": 2})]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"a": 1}\n{"a"\n', ":2: not valid JSON"),
        (b"[1]\n", ":1: expected a JSON object"),
        (b"\xff\xfe\n", "cannot be read"),
    ],
)
def test_a_broken_line_is_named(tmp_path, content, said):
    path = tmp_path / "a.jsonl"
    path.write_bytes(content)
    with pytest.raises(CorpusError) as caught:
        list(read_jsonl(path, CorpusError))
    assert said in str(caught.value)


def test_a_missing_file_and_broken_json_are_named(tmp_path):
    with pytest.raises(CorpusError, match="no such file"):
        read_json(tmp_path / "none.json", CorpusError)
    (tmp_path / "a.json").write_text("{\n,", encoding="utf-8")
    with pytest.raises(CorpusError, match=r"a\.json:2: not valid JSON"):
        read_json(tmp_path / "a.json", CorpusError)


def test_nan_is_no_json():
    with pytest.raises(ValueError, match="not JSON compliant"):
        to_json(float("nan"))


def test_a_failed_write_leaves_the_old_file_and_no_other(tmp_path):
    path = tmp_path / "a.txt"
    write_text(path, "old")
    with pytest.raises(UnicodeEncodeError):
        write_text(path, "\ud800")
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


def fill(folder, then=None):
    with whole_directory(folder) as temporary:
        (temporary / "f").write_text("new")
        if then:
            raise then


def test_a_directory_appears_whole_or_not_at_all(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        fill(tmp_path / "run", KeyboardInterrupt())
    assert list(tmp_path.iterdir()) == []
    fill(tmp_path / "run")
    (tmp_path / "run" / "stale").write_text("x")
    fill(tmp_path / "run")
    assert [p.name for p in (tmp_path / "run").iterdir()] == ["f"]
    assert [p.name for p in tmp_path.iterdir()] == ["run"]


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_json_is_refused_in_reading_too(tmp_path, constant):
    (tmp_path / "a.json").write_text(f'{{"a": {constant}}}', encoding="utf-8")
    with pytest.raises(CorpusError, match=f"holds {constant}, which is not JSON"):
        read_json(tmp_path / "a.json", CorpusError)
    with pytest.raises(CorpusError, match=rf"a\.json:1: holds {constant}"):
        list(read_jsonl(tmp_path / "a.json", CorpusError))


def test_a_second_writer_waits_for_the_first(tmp_path):
    done = []

    def second():
        with only_writer(tmp_path / "f"):
            done.append("second")

    waiting = threading.Thread(target=second)
    with only_writer(tmp_path / "f"):
        waiting.start()
        waiting.join(0.2)
        done.append("first")
    waiting.join()
    assert done == ["first", "second"]
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_found_out_before_long_work(tmp_path):
    check_writable(tmp_path / "a" / "b")
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "file").write_text("")
    with pytest.raises(StanceError, match="file/b: cannot be written"):
        check_writable(tmp_path / "file" / "b")


def test_an_error_in_writing_names_the_file_and_not_its_temporary_name(tmp_path, monkeypatch):
    def refuse(**_):
        raise OSError(errno.EACCES, "Permission denied", str(tmp_path / ".a.txt.0x1"))

    monkeypatch.setattr("tempfile.mkstemp", refuse)
    with pytest.raises(PermissionError) as caught:
        write_text(tmp_path / "a.txt", "new")
    assert caught.value.filename == str(tmp_path / "a.txt")
