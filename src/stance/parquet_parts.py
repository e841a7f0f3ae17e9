"""Parquet files that stand one after another in one file, joined into one with larger row groups."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any

GROUP = 50_000  # rows of a row group: readers want large ones, and one is held in memory


def join(parts: IO[bytes], opening: int, sizes: Iterable[int], whole: Path) -> None:
    """Write the rows of all parts to one Parquet file.

    Parameters
    ----------
    parts : binary file
        Parquet files in a row, first one without rows, which gives the columns.
    opening, sizes : int, iterable of int
        Bytes of that one, and of each other.
    whole : Path
        The file to write.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = _read(parts, opening).schema
    with pq.ParquetWriter(whole, schema) as writer:
        group: list[pa.Table] = []
        for size in sizes:
            group.append(_read(parts, size))
            if sum(table.num_rows for table in group) >= GROUP:
                writer.write_table(pa.concat_tables(group))
                group = []
        if group:
            writer.write_table(pa.concat_tables(group))


def _read(parts: IO[bytes], size: int) -> Any:
    import pyarrow as pa
    import pyarrow.parquet as pq

    return pq.read_table(pa.BufferReader(parts.read(size)))
