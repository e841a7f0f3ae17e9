"""``stance compare``: what one run gains over another."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from stance.commands.options import Output
from stance.commands.terminal import console_of, keep_out_of_runs, write

SUFFIXES = {".md": "markdown", ".json": "json"}


def compare(
    a: Annotated[Path, typer.Argument(metavar="A", help="Run directory.")],
    b: Annotated[Path, typer.Argument(metavar="B", help="Run directory; differences are B minus A.")],
    split: Annotated[
        str | None, typer.Option(metavar="COLLECTION:SPLIT", help="Compare on this one only, such as own:test.")
    ] = None,
    format_: Annotated[
        Literal["table", "markdown", "json"] | None,
        typer.Option("--format", help="Default: by the suffix of -o (.md, .json), else a table."),
    ] = None,
    texts: Annotated[
        Path | None, typer.Option(help="Folder with the text of others, to show it too: for your own reading only.")
    ] = None,
    flips: Annotated[int, typer.Option(min=0, help="How many flipped statements to show in each direction.")] = 10,
    output: Output = None,
) -> None:
    """Compare two runs on the statements that both were tested on: settings, scores with intervals, flips."""
    from stance.compare import compare_runs
    from stance.compare_report import render_markdown
    from stance.corpus import texts_folder
    from stance.storage import to_json

    keep_out_of_runs(texts, output, a, b)
    found = compare_runs(a, b, split=split, texts=texts_folder(texts) if texts else None)
    data = found.to_dict(flips)
    chosen = format_ or (SUFFIXES.get(output.suffix.lower()) if output else None) or "table"
    if chosen != "table":
        written = render_markdown(data) if chosen == "markdown" else to_json(data, indent=1) + "\n"
        write(written.encode(), output)
        return
    from stance.compare_table import terminal_comparison

    console = console_of(stderr=False)
    with console.capture() as captured:
        console.print(terminal_comparison(data))
    write(captured.get().encode(), output)
