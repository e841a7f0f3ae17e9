"""Tables of predictions read back from files, as ``stance predict`` writes them."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import TYPE_CHECKING

from stance.errors import ArticleError
from stance.storage import read_jsonl
from stance.tables import format_of

if TYPE_CHECKING:
    import pandas as pd

TELLING = {"motive", "stance", "status"}  # columns that no collection of articles has together


def is_predictions(path: Path) -> bool:
    """Tell a table of predictions from a collection of articles, by its columns alone."""
    if format_of(path) is None or not path.is_file():
        return False
    try:
        return set(_columns(path)) >= TELLING
    except (OSError, ValueError):  # whatever it is, reading it as articles says what is wrong
        return False


def read_predictions(path: Path) -> pd.DataFrame:
    """Read a table of predictions; a blank cell is an empty text.

    Raises
    ------
    ArticleError
        If the file cannot be read as one.
    """
    import pandas as pd

    kind = format_of(path)
    try:
        if kind == "parquet":
            return pd.read_parquet(path)
        if kind == "csv":
            return pd.read_csv(path, keep_default_na=False, dtype={"article_id": "str", "date": "str", "source": "str"})
        return pd.DataFrame([row for _, row in read_jsonl(path, ArticleError)])
    except (OSError, ValueError) as cause:
        raise ArticleError(f"cannot be read: {cause}", where=path, remedy="Predict it again.") from None


def _columns(path: Path) -> list[str]:
    kind = format_of(path)
    if kind == "parquet":
        import pyarrow.parquet as pq

        return list(pq.read_schema(path).names)
    with path.open(encoding="utf-8-sig", newline="") as file:
        if kind == "csv":
            return next(csv.reader(file), [])
        first = json.loads(next((line for line in file if line.strip()), "{}"))
    return list(first) if isinstance(first, dict) else []
