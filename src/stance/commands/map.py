"""``stance map``: articles or predictions in, the motive map out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from stance.commands.options import Output
from stance.commands.terminal import console_of, say, write
from stance.errors import StanceError, did_you_mean

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console

    from stance.motive_map import MotiveMap
    from stance.predict import Model

SUFFIXES = {
    ".txt": "chart", ".csv": "csv", ".json": "json", ".svg": "svg", ".png": "png", ".graphml": "graphml",
}  # fmt: skip
MOST_CHARTS = 12  # groups that are printed one below the other


def map_(
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="INPUT...",
            help="Articles, as `stance predict` reads them, or tables that `stance predict --details -o` wrote.",
        ),
    ],
    by: Annotated[
        Literal["source", "outlet", "year", "month", "article"] | None, typer.Option(help="A map for each of these.")
    ] = None,
    sort: Annotated[
        Literal["support", "doubt", "net", "statements", "codebook"],
        typer.Option(help="Rank motives by statements that assert them, that doubt them, the difference, all, or not."),
    ] = "support",
    model: Annotated[
        str, typer.Option(help="fast, accurate or a run directory; for tables, the one that predicted them.")
    ] = "fast",
    format_: Annotated[
        Literal["chart", "table", "csv", "json", "svg", "png", "graphml", "dna"] | None,
        typer.Option("--format", help="Default: by the suffix of -o, else a chart. dna: event list for DNA 3."),
    ] = None,
    network: Annotated[
        Literal["congruence", "conflict", "subtract"] | None,
        typer.Option(help="For graphml: sources tied by motives they agree on, disagree on, or the difference."),
    ] = None,
    abstained: Annotated[
        bool, typer.Option("--abstained", help="For graphml and dna: statements that are held back too.")
    ] = False,
    output: Output = None,
) -> None:
    """Map which motives articles assert and doubt, and how often.

    Counts are corrected for the model's errors where there are 50 statements or more. graphml and dna hold who asserts
    or doubts which motive; neutral statements make no tie.
    """
    from stance.motive_map import motive_map
    from stance.predict import load_model

    chosen = format_ or _format_of(output)
    _check_options(chosen, by, network, abstained=abstained)
    loaded = load_model(model)
    table = _table(inputs, loaded)
    found = motive_map(table, loaded.codebook, loaded.rates, sort=sort)
    write(_encode(found, chosen, by, network, abstained=abstained), output)


def _format_of(output: Path | None) -> str:
    suffix = output.suffix.lower() if output and str(output) != "-" else ""
    if suffix and suffix not in SUFFIXES:
        rule = f"no format is known by the suffix {suffix!r}"
        raise StanceError(rule, where=output, remedy=f"{did_you_mean(suffix, SUFFIXES)} Or name one by --format.")
    return SUFFIXES.get(suffix, "chart")


def _check_options(chosen: str, by: str | None, network: str | None, *, abstained: bool) -> None:
    """Refuse options that a format would not heed."""
    is_network = chosen in {"graphml", "dna"}
    if by and is_network:
        raise StanceError(f"--format {chosen} is of all statements together", where="--by", remedy="Leave --by out.")
    if network and chosen != "graphml":
        raise StanceError(f"--format {chosen} is no network", where="--network", remedy="Give --format graphml.")
    if abstained and not is_network:
        rule = f"--format {chosen} always shows what is held back, apart"
        raise StanceError(rule, where="--abstained", remedy="Leave it out.")


def _table(inputs: list[str], model: Model) -> pd.DataFrame:
    """Predictions of all inputs: read where they are there, made where an input is an article."""
    import pandas as pd

    from stance.inputs import read_inputs
    from stance.prediction_tables import is_predictions, read_predictions

    ready = [each for each in inputs if is_predictions(Path(each))]
    articles = [each for each in inputs if each not in ready]
    tables = [read_predictions(Path(each)) for each in ready]
    if articles:
        tables.append(model.predict(read_inputs(articles), details=True))
    table = pd.concat(tables, ignore_index=True) if len(tables) > 1 else tables[0]
    keys = [name for name in ("article_id", "statement_index") if name in table]
    if len(keys) == 2 and (twice := table[table.duplicated(keys)]["article_id"]).size:
        rule = f"statements of article {twice.iloc[0]!r} stand there twice"
        raise StanceError(rule, where=", ".join(inputs), remedy="Give every article once.")
    return table


def _encode(found: MotiveMap, chosen: str, by: str | None, network: str | None, *, abstained: bool) -> bytes:
    """Return the map as the bytes of a file, or of what a terminal shows."""
    from stance.discourse_network import project, source_motive_network, to_event_list, to_graphml
    from stance.map_figure import map_png, map_svg
    from stance.storage import to_json

    if chosen == "csv":
        return bytes(found.to_frame(by).round(4).to_csv(index=False, lineterminator="\n").encode())
    if chosen == "json":
        return (to_json(found.to_dict(by), indent=1) + "\n").encode()
    if chosen in {"svg", "png"}:
        return map_svg(found, by).encode() if chosen == "svg" else map_png(found, by)
    if chosen == "graphml":
        graph = source_motive_network(found, abstained=abstained)
        return to_graphml(project(graph, network) if network else graph)
    if chosen == "dna":
        return to_event_list(found, abstained=abstained)
    return _printed(found, chosen, by)


def _printed(found: MotiveMap, chosen: str, by: str | None) -> bytes:
    from rich.text import Text

    from stance.map_chart import MapChart

    console = console_of(stderr=False)
    with console.capture() as captured:
        if chosen == "table":
            _print_table(console, found, by)
        elif by is None:
            console.print(found.chart())
        else:
            groups = list(found.groups(by).values())
            for group in groups[:MOST_CHARTS]:
                console.print(MapChart(group, brief=True))
                console.print()
            console.print(Text(found.correction, style="dim"))
            if len(groups) > MOST_CHARTS:
                say(f"note: {len(groups) - MOST_CHARTS} more by {by} are not shown; --format csv has all")
    return captured.get().encode()


def _print_table(console: Console, found: MotiveMap, by: str | None) -> None:
    from rich.table import Table
    from rich.text import Text

    stances = found.codebook.labels("stance")
    shown = Table(box=None, padding=(0, 1), header_style="bold", expand=False)
    for name in (*([by] if by else []), "motive"):
        shown.add_column(name, overflow="fold")
    for name in (*stances, "held back", "share", *(f"{stance} ≈" for stance in found.leanings)):
        shown.add_column(name, justify="right")
    for name, part in (found.groups(by) if by else {"": found}).items():
        for row in part.rows:
            cells = [str(row[stance]) for stance in stances] + [str(row["abstained"]), f"{row['share']:.0%}"]
            cells += [_interval(row["corrected"][s]) if row["corrected"] else "–" for s in found.leanings]
            shown.add_row(*(Text(each) for each in ([name] if by else [])), Text(row["name"]), *cells)
    console.print(shown)
    console.print(Text(found.correction, style="dim"))


def _interval(cell: dict[str, float]) -> str:
    return f"{cell['value']:.0f} ({cell['low']:.0f}–{cell['high']:.0f})"
