"""``stance predict``: articles or statements in, a table out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from stance.commands.options import Output
from stance.commands.terminal import console_of, write
from stance.errors import StanceError


def predict(
    inputs: Annotated[
        list[Path], typer.Argument(metavar="INPUT...", help="Articles, collections or folders; - is standard input.")
    ],
    model: Annotated[str, typer.Option(help="fast (ships with stance), accurate, or a run directory.")] = "fast",
    unit: Annotated[Literal["article", "statement"], typer.Option(help="What each input holds.")] = "article",
    format_: Annotated[
        Literal["table", "jsonl", "csv", "parquet"] | None,
        typer.Option("--format", help="Default: by the suffix of -o, else a table."),
    ] = None,
    proba: Annotated[bool, typer.Option("--proba", help="Add the proba of every label.")] = False,
    details: Annotated[
        bool, typer.Option("--details", help="Add the source's affiliation and the article's outlet, date and title.")
    ] = False,
    explain_skipped: Annotated[
        bool, typer.Option("--explain-skipped", help="List what is no statement, and why, instead of predicting.")
    ] = False,
    output: Output = None,
) -> None:
    """Predict motive and stance of every statement.

    With --unit statement, inputs are JSON Lines or CSV with a field text (and optionally id, previous, following,
    heading); one row comes back for each, in order.
    """
    from rich.text import Text

    from stance.inputs import predict_statements_in, read_inputs
    from stance.predict import load_model
    from stance.tables import FORMATS, encode, format_of, terminal_table

    chosen = format_ or (format_of(output) if output else None) or "table"
    if format_ is None and chosen == "table" and output is not None and output.suffix.lower() not in {"", ".txt"}:
        remedy = f"Known suffixes: .{', .'.join(FORMATS[1:])}, and .txt for a table to read."
        raise StanceError(f"no format is known by the suffix {output.suffix!r}", where=output, remedy=remedy)
    if explain_skipped:
        _explain_skipped(inputs, unit, chosen, output)
        return
    loaded = load_model(model)
    if unit == "statement":
        table = predict_statements_in(loaded, inputs, proba=proba)
    else:
        table = loaded.predict(read_inputs(inputs), proba=proba, details=details)
    if chosen != "table":
        write(encode(table, chosen), output)
        return
    console = console_of(stderr=False)
    with console.capture() as captured:
        for article_id, part in table.groupby("article_id", sort=False):
            console.print(Text(f"\n{article_id}  {len(part)} statements\n", style="bold"))
            console.print(terminal_table(part, loaded.codebook))
        if table.empty:
            console.print("no statements found", highlight=False)
    write(captured.get().encode(), output)


def _explain_skipped(inputs: list[Path], unit: str, chosen: str, output: Path | None) -> None:
    from stance.inputs import read_inputs
    from stance.skipped import skipped_frame, skipped_report
    from stance.tables import encode

    if unit == "statement":
        raise StanceError("statements are taken as they are: nothing is skipped", where="--explain-skipped")
    articles = read_inputs(inputs)
    if chosen != "table":
        write(encode(skipped_frame(articles), chosen), output)
        return
    write("\n".join(map(skipped_report, articles)).encode(), output)
