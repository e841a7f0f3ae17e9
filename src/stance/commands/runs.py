"""``stance runs``: the leaderboard of a folder of runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from stance.commands.options import Output
from stance.commands.terminal import console_of, say, write

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from stance.leaderboard import Leaderboard

SUFFIXES = {".json": "json", ".csv": "csv", ".md": "markdown"}
NARROW = ("name", "n", "motive F1", "stance F1", "joint accuracy")  # what a window of 80 columns still holds


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
        Literal["table", "json", "csv", "markdown"] | None,
        typer.Option("--format", help="json and csv hold every digit. Default: by the suffix of -o, else a table."),
    ] = None,
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
    chosen = format_ or SUFFIXES.get(output.suffix.lower() if output else "", "table")
    if chosen in {"json", "csv"}:  # data alone; what to know of it goes to people
        for line in board.notes():
            say(f"note: {line}")
    write(_encode(board, chosen).encode(), output)


def _encode(board: Leaderboard, format_: str) -> str:
    from stance.storage import to_json

    if format_ == "json":
        return to_json(list(board.rows), indent=1) + "\n"
    if format_ == "csv":
        return str(board.frame().to_csv(index=False, lineterminator="\n"))
    return board.to_markdown() if format_ == "markdown" else terminal(board, console_of(stderr=False))


def terminal(board: Leaderboard, console: Console) -> str:
    """Lay the board out for a console; one too narrow for all columns gets the scores alone."""
    from rich.text import Text

    header, rows = board.cells()
    notes = board.notes()
    table = _table(board.title, header, rows)
    if console.measure(table, options=console.options.update(width=1000)).maximum > console.width:
        shown = [at for at, name in enumerate(header) if name in NARROW or name == "statements"]
        table = _table(board.title, [header[at] for at in shown], [[row[at] for at in shown] for row in rows])
        left_out = ", ".join(name for name in header if name not in NARROW and name != "statements")
        notes = [*notes, f"Not shown in so narrow a window: {left_out}."]
    with console.capture() as captured:
        console.print(table if rows else board.title)
        for line in notes:
            console.print(Text(line, style="dim"))
    return captured.get()


def _table(title: str, header: list[str], rows: list[list[str]]) -> Table:
    """Lay rows out so that a long name takes a second line and no score is ever cut."""
    from rich.table import Table
    from rich.text import Text

    table = Table(
        title=title, title_justify="left", box=None, padding=(0, 1), collapse_padding=True, header_style="bold"
    )
    for name in header:
        justify: Literal["right", "left"] = "right" if name in {"n", "seed"} else "left"
        table.add_column(name, justify=justify, no_wrap=name != "name", overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    return table
