"""``stance train``: a config in, a run directory out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from stance.commands.options import Texts
from stance.commands.terminal import Progress, relative, say
from stance.errors import StanceError
from stance.wording import format_cell, metric_name


def train(
    config: Annotated[Path, typer.Argument(help="Experiment config, such as experiments/configs/default.yaml.")],
    set_: Annotated[
        list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Override a key: model.c=0.3")
    ] = None,
    seeds: Annotated[
        int | None, typer.Option(min=1, help="Train with this many seeds, and print the directory that sums them up.")
    ] = None,
    texts: Texts = None,
    as_: Annotated[
        str | None, typer.Option("--as", metavar="PRESET", help="Also keep the model for --model PRESET: accurate.")
    ] = None,
) -> None:
    """Train an experiment, evaluate it and write its report; prints the run directory.

    With --seeds, one run a seed from the config's seed on; a run that is there already is not trained again.
    """
    from stance.labeled_config import is_labeled_text
    from stance.presets import ACCURATE, keep_as
    from stance.runs import MODEL
    from stance.train import run_experiment

    if as_ not in {None, ACCURATE}:
        raise StanceError(f"no preset {as_!r} is made by training", where="--as", remedy=f"Known: {ACCURATE}.")
    if as_ and seeds:
        raise StanceError("--as keeps one model, and --seeds makes several", where="--as", remedy="Give one of them.")
    if is_labeled_text(config, set_ or ()):
        if as_ or seeds:
            rule = "an experiment on other labeled text takes neither"
            raise StanceError(rule, where="--as or --seeds", remedy="Leave the option out.")
        _train_labeled_text(config, set_ or [], texts)
        return
    if seeds is not None:
        _train_seeds(config, seeds, set_ or (), texts)
        return
    with Progress() as progress:
        run = run_experiment(config, overrides=set_ or (), texts=texts, progress=progress)
    for each in run.metrics["data"]["collections"]:
        if each["left_out"]:
            say(f"note: {each['name']}: {each['left_out']:,} labeled statements left out: {each['reason']}")
    for each in run.metrics["evaluations"]:
        scores = ", ".join(f"{metric_name(name)} {format_cell(cell)}" for name, cell in each["headline"].items())
        say(f"{each['collection']} {each['split']} (n={each['n_statements']}): {scores}")
    fired = [each for each in run.outcomes if each["state"] == "fires" and each["severity"] != "note"]
    for each in fired:
        say(f"{each['code']} {each['severity']} ({each['title']}): {each['what']}")
    if fired:
        say(f"what to do about these: stance check {relative(run.path)}")
    if as_:
        say(f"kept as {as_}: {keep_as(as_, run.path / MODEL)}")
    print(relative(run.path))  # noqa: T201 - the one line of data that this command gives


def _train_seeds(config: Path, n: int, overrides: Sequence[str], texts: Path | None) -> None:
    from stance.seeds import format_spread, run_seeds

    with Progress() as progress:
        found = run_seeds(config, n, overrides=overrides, texts=texts, progress=progress)
    for each in found.summary["evaluations"]:
        scores = ", ".join(f"{metric_name(name)} {format_spread(s)}" for name, s in each["scores"].items())
        say(f"{each['collection']} {each['split']} (n={each['n_statements']}): {scores}")
    print(relative(found.path))  # noqa: T201


def _train_labeled_text(config: Path, overrides: list[str], texts: Path | None) -> None:
    from stance.labeled_train import run_labeled_text

    with Progress() as progress:
        run = run_labeled_text(config, overrides=overrides, texts=texts, progress=progress)
    for note in run.metrics["data"]["notes"]:
        say(f"note: {note}")
    for each in run.metrics["evaluations"]:
        systems = (f"{name} {format_cell(own['macro_f1'])}" for name, own in each["systems"].items())
        say(f"{each['split']} (n={each['n_rows']}), macro-F1: {', '.join(systems)}")
    print(relative(run.path))  # noqa: T201 - the one line of data that this command gives
