"""``stance runs``: the leaderboard of a folder of runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from stance.commands.options import Output
from stance.commands.terminal import console_of, say, write

if TYPE_CHECKING:
    from stance.leaderboard import Leaderboard


def runs(
    folder: Annotated[
        Path | None, typer.Argument(help="Folder of run directories; experiments/runs here or above by default.")
    ] = None,
    on: Annotated[
        str | None, typer.Option(metavar="COLLECTION:SPLIT", help="Default: what most runs evaluate first.")
    ] = None,
    sort: Annotated[
        Literal["joint_accuracy", "motive", "stance", "created", "name"],
        typer.Option(help="The best score, or the newest, stands first."),
    ] = "joint_accuracy",
    reverse: Annotated[bool, typer.Option("--reverse", help="Sort the other way round.")] = False,
    limit: Annotated[int | None, typer.Option(min=1, help="Show this many.")] = None,
    format_: Annotated[
        Literal["table", "json", "csv", "markdown"], typer.Option("--format", help="json and csv hold every digit.")
    ] = "table",
    output: Output = None,
) -> None:
    """Compare the runs in a folder on one collection and split, with 95 % intervals.

    Folders that sum up several seeds or a search are left out: each run of theirs has a folder of its own.
    """
    from stance.leaderboard import list_runs

    found = list_runs(folder, on)
    for line in found.unreadable():
        say(f"not read: {line}")
    board = found.sorted(sort, reverse=reverse).head(limit)
    if format_ in {"json", "csv"}:  # data alone; what to know of it goes to people
        for line in board.notes():
            say(f"note: {line}")
    write(_encode(board, format_).encode(), output)


def _encode(board: Leaderboard, format_: str) -> str:
    from stance.storage import to_json

    if format_ == "json":
        return to_json(list(board.rows), indent=1) + "\n"
    if format_ == "csv":
        return str(board.frame().to_csv(index=False, lineterminator="\n"))
    return board.to_markdown() if format_ == "markdown" else _terminal(board)


def _terminal(board: Leaderboard) -> str:
    from rich.table import Table
    from rich.text import Text

    header, rows = board.cells()
    table = Table(
        title=board.title, title_justify="left", box=None, padding=(0, 1), collapse_padding=True, header_style="bold"
    )
    for name in header:
        table.add_column(name, justify="right" if name in {"n", "seed"} else "left", no_wrap=True)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    console = console_of(stderr=False)
    with console.capture() as captured:
        console.print(table if rows else board.title)
        for line in board.notes():
            console.print(Text(line, style="dim"))
    return captured.get()
