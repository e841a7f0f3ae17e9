"""Options that several commands take."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Texts = Annotated[
    Path | None,
    typer.Option(
        help="Folder with the text of others, laid out as data/raw/sources.jsonl says. Default: $STANCE_TEXTS."
    ),
]
Output = Annotated[Path | None, typer.Option("-o", "--output", help="File to write; - is standard output.")]
Data = Annotated[Path, typer.Option(help="The data folder.")]
RunPath = Annotated[Path, typer.Argument(metavar="RUN", help="Run directory.")]
