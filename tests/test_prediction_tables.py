import pandas as pd
import pytest
from mapped import table

from stance.errors import ArticleError
from stance.prediction_tables import is_predictions, read_predictions
from stance.tables import encode

ROWS = table([("talks", "pro", "ok"), ("none", "neutral", "abstain")], source=["NA", ""], date=["2017", ""])


@pytest.mark.parametrize("format_", ["csv", "jsonl", "parquet"])
def test_what_is_written_reads_back(tmp_path, format_):
    path = tmp_path / f"table.{format_}"
    path.write_bytes(encode(ROWS, format_))
    assert is_predictions(path)
    again = read_predictions(path)
    assert again.to_dict("records") == ROWS.to_dict("records")


@pytest.mark.parametrize(
    ("name", "text"),
    [("a.csv", "text,title\nx,y\n"), ("a.jsonl", '{"text": "x"}\n'), ("a.jsonl", "[1]\n"), ("a.jsonl", "{"), ("a.csv", ""),
     ("a.parquet", "no parquet"), ("a.txt", "motive,stance,status\n")],
)  # fmt: skip
def test_other_files_are_no_predictions(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text)
    assert not is_predictions(path)


def test_a_folder_or_nothing_is_no_table(tmp_path):
    assert not is_predictions(tmp_path)
    assert not is_predictions(tmp_path / "absent.csv")


def test_a_broken_line_is_named(tmp_path):
    path = tmp_path / "table.jsonl"
    path.write_bytes(encode(ROWS, "jsonl") + b"{\n")
    assert is_predictions(path)
    with pytest.raises(ArticleError, match=r"jsonl:3"):
        read_predictions(path)


def test_columns_keep_their_order(tmp_path):
    path = tmp_path / "table.csv"
    path.write_bytes(encode(ROWS, "csv"))
    assert list(read_predictions(path).columns) == list(pd.DataFrame(ROWS).columns)
