import gzip
import io
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.errors import ArticleError
from stance.rows import MAX_ROW, each_row, opened, read_rows, rows_of


def seen(path):
    """What is yielded, with errors as they are shown."""
    return [str(row) if isinstance(row, ArticleError) else row for _, row in each_row(path)]


@pytest.fixture
def file(tmp_path):
    def write(name, content):
        (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        return tmp_path / name

    return write


def test_after_a_bad_line_the_next_is_read(file):
    path = file("a.jsonl", '{"text": "a"}\n{oops\n\n[1]\n{"text": "b"}\n')
    found = seen(path)
    assert found[0] == {"text": "a"}
    assert found[1].startswith(f"{path}:2: not valid JSON")
    assert found[2].startswith(f"{path}:4: not a JSON object")
    assert found[3] == {"text": "b"}
    with pytest.raises(ArticleError, match=r"a\.jsonl:2"):
        list(read_rows(path))


def test_after_a_bad_record_the_next_is_read(file):
    path = file("a.csv", 'id,text\n1,a,b\n2,"x"y\n3,c\n4,"d\ne"\n')
    found = seen(path)
    assert found[0].startswith(f"{path}:2: more fields than the header has")
    assert found[1].startswith(f"{path}:3: not valid CSV")
    assert found[2:] == [{"id": "3", "text": "c"}, {"id": "4", "text": "d\ne"}]


def test_a_quote_that_is_never_closed_is_one_error(file):
    path = file("a.csv", 'text\na\n"b\n' + "c\n" * 1000)
    assert [str(each)[:60] for each in seen(path)][1:] == [f"{path}:3: not valid CSV: unexpected end of data"[:60]]


def test_tabs_gzip_and_windows(file, caplog):
    assert seen(file("a.tsv", "id\ttext\n1\ta\n")) == [{"id": "1", "text": "a"}]
    assert seen(file("a.jsonl.gz", gzip.compress(b'{"text": "a"}\n'))) == [{"text": "a"}]
    assert seen(file("b.csv", "id,text\n1,caf\xe9\n".encode("cp1252"))) == [{"id": "1", "text": "café"}]
    assert "b.csv:2: is not UTF-8; read as windows-1252" in caplog.text


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_byte_order_marks_of_collections(file, encoding):
    assert seen(file("a.csv", "text,id\né,1\n".encode(encoding))) == [{"text": "é", "id": "1"}]


def test_parquet_by_batches(tmp_path):
    rows = [{"text": f"It began {number}.", "id": number, "title": None} for number in range(200)]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "a.parquet")
    assert list(each_row(tmp_path / "a.parquet")) == [
        (f"{tmp_path}/a.parquet:{n}", row) for n, row in enumerate(rows, 1)
    ]


class Endless(io.RawIOBase):
    """A file of rows without an end, which only a reader that reads no further than it must can begin."""

    def readable(self):
        return True

    def readinto(self, buffer):
        row = b'{"text": "It began."}\n'
        buffer[: len(row)] = row
        return len(row)


def test_rows_are_read_as_they_are_asked_for():
    rows = rows_of(io.BufferedReader(Endless()), "jsonl", "endless")
    assert [next(rows)[0] for _ in range(3)] == ["endless:1", "endless:2", "endless:3"]


def test_a_row_longer_than_any_article_is_passed_over(file):
    path = file("a.jsonl", json.dumps({"text": "a" * MAX_ROW}) + '\n{"text": "b"}\n')
    assert [str(row)[-60:] for row in seen(path)] == [
        f"a line of more than {MAX_ROW:,} characters. Write one row a line."[-60:],
        "{'text': 'b'}",
    ]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.jsonl", b"", "is empty"),
        ("a.jsonl", b"\n \n", "holds nothing but white space"),
        ("a.jsonl", b"\x00\x01", "is no text file: NUL byte at offset 0"),
        ("a.csv", b"", "is empty"),
        ("a.csv", b"Text\n", "no column 'text'. Did you mean 'Text'?"),
        ("a.parquet", b"PAR1 nothing", "is no sound Parquet file"),
        ("a.jsonl.gz", gzip.compress(b'{"text": "a"}\n' * 99)[:30], "is damaged"),
        ("a.txt", b"It began.", "rows are read from collections, which this is not"),
    ],
)
def test_what_cannot_be_read_at_all(file, name, content, said):
    with pytest.raises(ArticleError) as caught:
        list(each_row(file(name, content)))
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_what_is_not_there(tmp_path):
    for path, said in [(tmp_path / "a", "no such file"), (tmp_path, "is a directory")]:
        with pytest.raises(ArticleError, match=said), opened(path):
            pass


@given(st.lists(st.fixed_dictionaries({"text": st.text(), "id": st.text()}), min_size=1, max_size=4))
def test_what_was_written_is_read(rows):
    data = "".join(json.dumps(row, ensure_ascii=True) + "\n" for row in rows).encode()
    file = io.BufferedReader(io.BytesIO(data))
    assert [row for _, row in rows_of(file, "jsonl", "a")] == rows
