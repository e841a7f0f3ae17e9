"""``stance check``: the methodological checks of a run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from stance.commands.options import RunPath, Texts
from stance.commands.terminal import say, write


def check_run(
    run: RunPath,
    against: Annotated[
        Path | None, typer.Option(metavar="RUN", help="Another run: is the gain over it more than noise?")
    ] = None,
    texts: Texts = None,
    all_: Annotated[bool, typer.Option("--all", help="Also list the checks that pass or do not apply.")] = False,
    format_: Annotated[Literal["text", "json"], typer.Option("--format", help="json lists every check.")] = "text",
) -> None:
    """Check a run for leaks, noise, swapped labels and other faults of method; exit 3 where there is an error."""
    from stance.checks import run_checks
    from stance.corpus import texts_folder
    from stance.run_facts import RunFacts
    from stance.runs import load_run
    from stance.storage import to_json

    other = load_run(against) if against else None
    outcomes = run_checks(RunFacts.of(load_run(run), texts_folder(texts), other))
    fired = [outcome for outcome in outcomes if outcome.state == "fires"]
    if format_ == "json":
        write((to_json([outcome.to_dict() for outcome in outcomes], indent=1) + "\n").encode(), None)
    else:
        for outcome in outcomes if all_ else fired:
            print(outcome)  # noqa: T201 - the outcomes are this command's data
    counts = {state: sum(each.state == state for each in outcomes) for state in ("passes", "not applicable")}
    errors = sum(outcome.severity == "error" for outcome in fired)
    say(
        f"{len(fired)} of {len(outcomes)} checks fire ({errors} errors); "
        f"{counts['passes']} pass, {counts['not applicable']} do not apply"
    )
    raise typer.Exit(3 if errors else 0)
