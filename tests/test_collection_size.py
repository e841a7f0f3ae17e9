import pandas as pd
import pytest

from stance.collection_size import count_records


@pytest.mark.parametrize(
    ("name", "count"), [("a.jsonl", 3), ("a.ndjson", 3), ("a.parquet", 3), ("a.txt", 1), ("a.csv", None), ("-", None)]
)
def test_records_are_counted_where_that_is_quick(tmp_path, monkeypatch, name, count):
    monkeypatch.chdir(tmp_path)
    frame = pd.DataFrame({"text": ["x", "y\nz", "w"]})
    {"parquet": frame.to_parquet, "csv": frame.to_csv}.get(
        name[2:], lambda path: frame.to_json(path, orient="records", lines=True) if name != "-" else None
    )(tmp_path / name)
    assert count_records([name]) == count
    assert count_records([name, name]) == (count and 2 * count)
