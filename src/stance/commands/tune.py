"""``stance tune``: search settings on held-out statements."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stance.commands.options import Texts
from stance.commands.terminal import Progress, relative, say


def tune(
    config: Annotated[Path, typer.Argument(help="Experiment config with a section search.")],
    set_: Annotated[
        list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Override a key: search.trials=20")
    ] = None,
    texts: Texts = None,
) -> None:
    """Try the settings of the config's section search on held-out statements; prints the options that make the best.

    Finished trials are kept: after an interrupt, the same command goes on. The test split is never predicted.
    """
    from stance.search import SEARCH_MD
    from stance.search import tune as search

    with Progress() as progress:
        found = search(config, overrides=set_ or (), texts=texts, progress=progress)
    say(f"all trials: {relative(found.path / SEARCH_MD)}")
    print(found.overrides)  # noqa: T201
