"""``stance floor``: hold a run against the scores it may not fall below, or set these by it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stance.commands.options import RunPath
from stance.commands.terminal import relative, say
from stance.errors import RunError

if TYPE_CHECKING:
    from stance.floors import Floors
    from stance.runs import Run

FAILED = 3  # exit code of a quality gate


def floor(
    run: RunPath,
    set_: Annotated[bool, typer.Option("--set", help="Create or raise the floors by this run.")] = False,
    lower: Annotated[bool, typer.Option("--lower", help="Set them by this run even where that lowers one.")] = False,
    reason: Annotated[str | None, typer.Option(help="Why a floor is lowered; it stays in the file's history.")] = None,
    floors: Annotated[
        Path | None, typer.Option(help="File of floors. Default: experiments/floors.json here or above.")
    ] = None,
) -> None:
    """Check that no headline score of a run is below its floor; exit code 3 where one is, or no floor fits.

    Floors hold for one experiment on one state of the data: where the data changed, look at the scores and --set anew.
    """
    from stance.floors import load_floors
    from stance.runs import load_run
    from stance.storage import only_writer

    if lower != bool(reason and reason.strip()):
        raise typer.BadParameter("--lower and --reason TEXT go together")
    found, loaded = load_floors(floors), load_run(run)
    if not reason and not set_:
        _check(found, loaded)
        return
    with only_writer(found.path):
        found = load_floors(floors)  # as the one before us left them
        _changed(found, found.lower(loaded, reason.strip()) if reason else found.set(loaded))


def _check(floors: Floors, run: Run) -> None:
    try:
        below = [str(each) for each in floors.check(run)]
    except RunError as error:  # no floor fits: a gate without a bar is not passed
        below = [str(error)]
    for line in below:
        say(line)
    if below:
        raise typer.Exit(FAILED)
    say("no score is below its floor")


def _changed(floors: Floors, changed: list[str]) -> None:
    if changed:
        floors.write()
    for line in [*changed, f"wrote {relative(floors.path)}"] if changed else ["no floor changes"]:
        say(line)
