"""``stance predict``: articles or statements in, a table out."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from stance.commands.collect import collect, tell_all
from stance.commands.options import Output
from stance.commands.page import page
from stance.commands.terminal import console_of, write
from stance.errors import StanceError

if TYPE_CHECKING:
    from stance.batches import Rejected, Unit
    from stance.collection import Engine
    from stance.predict import Model


def predict(
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="INPUT...",
            help="Articles (text, Markdown, HTML, PDF, Word, mails, saved pages), feeds, collections (JSON Lines, CSV, "
            "Parquet), folders, patterns such as '**/*.pdf', or addresses of web pages; - is standard input.",
        ),
    ],
    model: Annotated[str, typer.Option(help="fast (ships with stance), accurate, or a run directory.")] = "fast",
    unit: Annotated[Literal["article", "statement"], typer.Option(help="What each input holds.")] = "article",
    format_: Annotated[
        Literal["table", "jsonl", "csv", "parquet", "html"] | None,
        typer.Option("--format", help="html is a page to read. Default: by the suffix of -o, else a table."),
    ] = None,
    proba: Annotated[bool, typer.Option("--proba", help="Add the proba of every label.")] = False,
    details: Annotated[
        bool, typer.Option("--details", help="Add the source's affiliation and the article's outlet, date and title.")
    ] = False,
    explain_skipped: Annotated[
        bool, typer.Option("--explain-skipped", help="List what is no statement, and why, instead of predicting.")
    ] = False,
    output: Output = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes. Default: one for each core.")] = None,
    cluster: Annotated[str | None, typer.Option(help="Predict on a Dask cluster, as tcp://HOST:8786.")] = None,
    anew: Annotated[bool, typer.Option("--anew", help="Discard what another job left unfinished at FILE.")] = False,
) -> None:
    """Predict motive and stance of every statement.

    With --unit statement, inputs are JSON Lines, CSV or Parquet with a field
    text (and optionally id, previous, following, heading); one row comes back
    for each, in order.

    Inputs may be larger than memory. An interrupted command with -o FILE goes
    on where it stopped when it is given again. Records that cannot be read are
    set aside in FILE.rejected.jsonl: the exit code is 0 if some were predicted,
    and 1 if none.
    """
    from stance.predict import load_model

    chosen = format_ or _format_of(output)
    if details and unit == "statement":
        raise typer.BadParameter("goes with articles, of which it tells", param_hint="--details")
    if chosen == "html" and unit == "statement":
        raise typer.BadParameter("a page shows articles", param_hint="--format")
    if explain_skipped:
        _explain_skipped(inputs, unit, chosen, output)
        return
    loaded = load_model(model)
    if chosen in ("table", "html"):
        write(_readable(loaded, inputs, unit) if chosen == "table" else page(loaded, inputs), output)
        return
    from stance.collection import predict_collection

    engine = _cluster(cluster) if cluster else None
    run = partial(predict_collection, loaded, inputs, unit=unit, proba=proba, details=details, format=chosen)
    collect(partial(run, workers=workers, engine=engine, anew=anew), inputs, output, chosen)


def _format_of(output: Path | None) -> str:
    from stance.tables import FORMATS, format_of

    chosen = (format_of(output) if output else None) or "table"
    if chosen == "table" and output is not None and output.suffix.lower() not in {"", ".txt"}:
        remedy = f"Known suffixes: .{', .'.join(FORMATS[1:])}, and .txt for a table to read."
        raise StanceError(f"no format is known by the suffix {output.suffix!r}", where=output, remedy=remedy)
    return chosen


def _cluster(address: str) -> Engine:
    from stance.dask_engine import on_cluster

    return partial(on_cluster, address=address)


def _readable(model: Model, inputs: Sequence[str], unit: Unit) -> bytes:
    """Return tables for a person to read, one an article."""
    from rich.text import Text

    from stance.batches import cut
    from stance.collection import listed
    from stance.parts import predict_batch
    from stance.tables import terminal_table

    console = console_of(stderr=False)
    accepted, statements = 0, 0
    rejected: list[Rejected] = []
    with console.capture() as captured:
        for batch in cut(listed(inputs), unit):
            table = predict_batch(model, batch, unit=unit, proba=False, details=False)
            accepted, statements = accepted + len(batch.records), statements + len(table)
            rejected += batch.rejected
            for article_id, part in table.groupby("article_id", sort=False):
                console.print(Text(f"\n{article_id}  {len(part)} statements\n", style="bold"))
                console.print(terminal_table(part, model.codebook))
        if not statements:
            console.print("no statements found", highlight=False)
    tell_all(rejected, accepted)
    return captured.get().encode()


def _explain_skipped(inputs: Sequence[str], unit: str, chosen: str, output: Path | None) -> None:
    from stance.inputs import read_inputs
    from stance.skipped import skipped_frame, skipped_report
    from stance.tables import encode

    if unit == "statement" or chosen == "html":
        raise typer.BadParameter(
            "lists, as a table or as data, what is skipped of articles", param_hint="--explain-skipped"
        )
    articles = read_inputs(inputs)
    if chosen != "table":
        write(encode(skipped_frame(articles), chosen), output)
        return
    write("\n".join(map(skipped_report, articles)).encode(), output)
