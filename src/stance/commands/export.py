"""``stance export``: hand a run to another tool."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from stance.commands.options import RunPath
from stance.commands.terminal import say


def export(
    run: RunPath,
    to: Annotated[Literal["mlflow"], typer.Option(help="The tool.")],
    uri: Annotated[
        str | None, typer.Option(help="MLflow store, such as sqlite:///mlflow.db; its own default where not given.")
    ] = None,
    experiment: Annotated[str, typer.Option(help="Name of the MLflow experiment.")] = "stance",
) -> None:
    """Export a run to MLflow: config, scores, origin and reports; prints the MLflow run's id.

    Exporting a run again brings it up to date.
    """
    from stance.runs import load_run
    from stance.tracking import export_to_mlflow

    exported = export_to_mlflow(load_run(run), uri, experiment)
    done = "exported" if exported.new else "brought up to date"
    say(f"{done} in {to}: {exported.uri}, experiment {exported.experiment!r}")
    print(exported.run_id)  # noqa: T201 - the one line of data that this command gives
