"""Tables of predictions: on a terminal, as JSON Lines, CSV or Parquet."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stance.codebook import Codebook
from stance.storage import to_json

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

FORMATS = ("table", "jsonl", "csv", "parquet", "html")  # html is the reading view, not a table
STYLES = ("green", "red")  # of the first and second stance that is not the null label
DIGITS = 4  # of a proba in text formats


def encode(table: pd.DataFrame, format: str) -> bytes:  # noqa: A002 - the command's option is called so
    """Return a table of predictions as the bytes of a file; ``format`` is jsonl, csv or parquet."""
    if format == "parquet":
        out = io.BytesIO()
        table.to_parquet(out, index=False)
        return out.getvalue()
    rounded = table.round(DIGITS)
    if format == "csv":
        return bytes(rounded.to_csv(index=False, lineterminator="\n").encode())
    return "".join(to_json(row) + "\n" for row in rounded.to_dict(orient="records")).encode()


def format_of(path: Path) -> str | None:
    """Return the format that a file's suffix names, if any."""
    suffix = path.suffix.lower().removeprefix(".")
    return suffix if suffix in FORMATS else None


def terminal_table(table: pd.DataFrame, codebook: Codebook) -> Table:
    """Return one article's predictions for a person to read: headings between statements, no motive left blank."""
    from rich.table import Table
    from rich.text import Text

    shown = Table(box=None, padding=(0, 1), show_edge=False, header_style="bold", expand=False)
    shown.add_column("#", justify="right", style="dim")
    shown.add_column("statement", ratio=6, min_width=30)
    shown.add_column("who says it", ratio=2)
    shown.add_column("motive", min_width=14, max_width=26)
    shown.add_column("p", justify="right")
    shown.add_column("stance", min_width=10)
    leanings = [label for label in codebook.labels("stance") if label != codebook.null_label("stance")]
    styles = dict(zip(leanings, STYLES, strict=False))
    heading = ""
    row: Any  # a named tuple whose fields are the table's columns
    for row in table.itertuples():
        if row.heading != heading:
            heading = row.heading
            shown.add_row("", Text(heading, style="bold underline"), end_section=False)
        nothing = row.motive == codebook.null_label("motive")
        style = "dim" if nothing else styles.get(row.stance, "")
        held_back = "" if row.status == "ok" else f" ({row.status})"
        shown.add_row(
            str(row.statement_index + 1),
            Text(row.text, style="dim" if nothing else ""),
            Text(row.source, style="dim"),
            Text("–" if nothing else codebook.label("motive", row.motive).name, style=style),
            Text(f"{row.motive_proba:.2f}", style="dim"),
            Text(("–" if nothing else row.stance) + held_back, style=style),
        )
    return shown
