"""Which run a notebook shows: the one that is named, else the newest of an experiment."""

from __future__ import annotations

import os
from pathlib import Path

from stance.errors import RunError, StanceError
from stance.runs import Run, load_run, open_run


def latest_run(folder: Path | str, name: str = "default", *, variable: str = "STANCE_RUN") -> Run:
    """Open the run that an environment variable names, else an experiment's newest.

    Parameters
    ----------
    folder : path
        Holds run directories; those of another format and half-written ones are passed over.
    name : str
        Of the experiment.
    variable : str
        The environment variable that may name a run directory.

    Raises
    ------
    RunError
        If the experiment has no run there that can be read, or what the variable names is no run.
    """
    if named := os.environ.get(variable):
        return load_run(named)
    found = [run for path in sorted(Path(folder).glob(f"{name}-????????")) if (run := _readable(path))]
    if not found:
        remedy = f"Train one: stance train experiments/configs/{name}.yaml. Or name a run directory by {variable}."
        raise RunError(f"no run of the experiment {name!r} to show", where=folder, remedy=remedy)
    return load_run(max(found, key=lambda run: str(run.manifest.get("created", ""))).path)


def _readable(path: Path) -> Run | None:
    try:
        return open_run(path)
    except StanceError:
        return None
