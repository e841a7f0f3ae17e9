"""How often a test split was opened: a ledger beside the runs, a line each time a run's test predictions are scored.

A test split that many models are compared on stops being unseen, whoever does the comparing (Dwork et al., “The
reusable holdout”, Science 349, 2015). The ledger is a fact of one working copy and is not committed.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from stance.storage import read_jsonl_lines, sha256, to_json

if TYPE_CHECKING:
    import pandas as pd

OPENINGS = "openings.jsonl"


def opened_splits(predictions: pd.DataFrame) -> dict[str, str]:
    """Return the hash of every collection's test split that is among predictions.

    Returns
    -------
    dict of str to str
        Collection → SHA-256 over the ids of its test articles. A run's own ``split_hash`` covers all collections that
        it read, so that two runs tested alike but trained on different collections would not share it.
    """
    if predictions.empty:  # and perhaps without columns
        return {}
    opened = predictions[predictions["split"] == "test"]
    return {
        str(name): sha256(to_json(sorted(set(part["article_id"]))))
        for name, part in opened.groupby("collection", sort=False)
    }


def record_openings(runs: Path, run: str, predictions: pd.DataFrame) -> None:
    """Append a line for each test split among predictions to the ledger in the folder of runs.

    All lines go in one write to the end of the file, so that runs that finish together lose none.

    Parameters
    ----------
    runs : Path
        The folder that holds run directories.
    run : str
        Name of the run, with its hash: the same config on the same data counts once.
    predictions : DataFrame
        With ``article_id``, ``collection`` and ``split``.
    """
    date = datetime.now(UTC).isoformat(timespec="seconds")
    lines = "".join(
        to_json({"split_hash": digest, "collection": name, "run": run, "date": date}) + "\n"
        for name, digest in opened_splits(predictions).items()
    )
    if not lines:
        return
    runs.mkdir(parents=True, exist_ok=True)
    ledger = os.open(runs / OPENINGS, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
    try:
        os.write(ledger, lines.encode())
    finally:
        os.close(ledger)


def count_openings(runs: Path, predictions: pd.DataFrame) -> dict[str, int] | None:
    """Count the different runs that opened each test split among predictions; None where there is no ledger.

    Lines that cannot be read are passed over: a ledger that somebody cut must not stop a training.

    Returns
    -------
    dict of str to int, or None
        Collection → number of runs.
    """
    if not (runs / OPENINGS).is_file():
        return None
    rows = [row for _, row in read_jsonl_lines(runs / OPENINGS) if isinstance(row, dict)]
    return {
        name: len({row.get("run") for row in rows if row.get("split_hash") == digest})
        for name, digest in opened_splits(predictions).items()
    }
