"""``stance codebook``: check and render a codebook."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stance.commands.options import Output
from stance.commands.terminal import write


def codebook(
    file: Annotated[Path | None, typer.Argument(help="Codebook file; the North Korea codebook by default.")] = None,
    output: Output = None,
) -> None:
    """Check a codebook and render the page that annotators read."""
    from stance.codebook import load_codebook, render_codebook

    write(render_codebook(load_codebook(file)).encode(), output)
