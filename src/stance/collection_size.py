"""How many records a collection has, as far as that is told without reading them; for estimates of time."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

CHUNK = 2**20  # bytes read at a time


def count_records(inputs: Sequence[Path]) -> int | None:
    """Count the records of inputs; None where one of them does not tell.

    A line of JSON Lines is a record, a row of Parquet as well, and a single file is one. The lines of a CSV file are
    not counted, for a text may hold many.
    """
    counts = [_count(path) for path in inputs]
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) else None


def _count(path: Path) -> int | None:
    if path.is_dir():
        return sum(1 for each in path.iterdir() if each.is_file())
    if path.suffix.lower() == ".parquet":
        import pyarrow.parquet as pq

        return int(pq.ParquetFile(path).metadata.num_rows)
    if path.suffix.lower() == ".jsonl":
        with path.open("rb") as file:
            return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(CHUNK), b""))
    return None if path.suffix.lower() == ".csv" or not path.is_file() else 1
