"""How many records a collection has, as far as that is told without reading them; for estimates of time."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from stance.file_kinds import SUFFIXES

CHUNK = 2**20  # bytes read at a time


def count_records(files: Sequence[str]) -> int | None:
    """Count the records of files; None where one of them does not tell.

    A line of JSON Lines is a record, a row of Parquet as well, and another file is one. The lines of a CSV file are
    not counted, for a text may hold many, nor those of a compressed file.
    """
    counts = [_count(Path(file)) for file in files]
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) else None


def _count(file: Path) -> int | None:
    kind = SUFFIXES.get(file.suffix.lower())
    if not file.is_file() or kind == "csv" or file.suffix.lower() == ".gz":
        return None
    if kind == "parquet":
        import pyarrow.parquet as pq

        return int(pq.ParquetFile(file).metadata.num_rows)
    if kind == "jsonl":
        with file.open("rb") as lines:
            return sum(chunk.count(b"\n") for chunk in iter(lambda: lines.read(CHUNK), b""))
    return 1
