"""A comparison on the terminal: the scores of every evaluation, and the details of the first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from stance.compare_report import (
    EXPLAINED,
    MCNEMAR_EXPLAINED,
    WITHHELD,
    difference,
    evaluation_name,
    labels_of,
    number,
    probability,
    setting,
    signed,
)
from stance.wording import format_place, metric_name

COUNTS = ("n", "A only", "B only")  # columns of whole numbers
STYLE_OF = {"A better": "red", "B better": "green"}


def terminal_comparison(data: Mapping[str, Any]) -> Group:
    """Lay a comparison out for 80 columns or more.

    Parameters
    ----------
    data : mapping
        See `stance.compare.Comparison.to_dict`.
    """
    first, *others = data["evaluations"]
    heading = Text.assemble(("A ", "bold"), data["a"]["run"], ("\nB ", "bold"), data["b"]["run"])
    parts: list[RenderableType] = [heading, *(_scores(each) for each in data["evaluations"])]
    parts += [
        _note(f"not compared: {each['collection']} {each['split']}: {each['reason']}") for each in data["skipped"]
    ]
    parts += [_note(EXPLAINED), *(_differences(*part) for part in data["differences"].items() if part[1])]
    parts += [_mcnemar(data["evaluations"]), _note(MCNEMAR_EXPLAINED), _labels(first, data["labels"])]
    parts += _flips(first, data["labels"])
    if others:
        named = ", ".join(f"--split {each['collection']}:{each['split']}" for each in others)
        parts.append(_note(f"Labels and flips of the other evaluations: {named}."))
    return Group(*parts)


def _table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str | Text]], *, prose: bool = False) -> Table:
    """Lay out a table; ``prose`` holds sentences, so its first column wraps and its rows stand apart."""
    table = Table(
        title=Text(f"\n{title}", style="bold"),
        title_justify="left",
        box=None,
        pad_edge=False,
        padding=(0, 2, int(prose), 0),
    )
    for at, column in enumerate(columns):
        justify: Literal["right", "left"] = "right" if column in COUNTS else "left"
        table.add_column(column, justify=justify, header_style="dim", overflow="fold", no_wrap=at == 0 and not prose)
    for row in rows:
        # What comes from files is text, never rich's markup.
        table.add_row(*(cell if isinstance(cell, Text) else Text(cell) for cell in row))
    return table


def _differences(part: str, rows: Sequence[Mapping[str, Any]]) -> Table:
    cells = [[row["key"], setting(row, "a"), setting(row, "b")] for row in rows]
    return _table(f"What differs: {part}", ("key", "A", "B"), cells)


def _scores(evaluation: Mapping[str, Any]) -> Table:
    rows: list[list[str | Text]] = [
        [
            metric_name(metric),
            number(row["a"]["value"]),
            number(row["b"]["value"]),
            difference(row["difference"]),
            Text(row["verdict"], style=STYLE_OF.get(row["verdict"], "")),
        ]
        for metric, row in evaluation["headline"].items()
    ]
    return _table(evaluation_name(evaluation), ("score", "A", "B", "B \N{MINUS SIGN} A", "verdict"), rows)


def _mcnemar(evaluations: Sequence[Mapping[str, Any]]) -> Table:
    rows = [
        [
            f"{each['collection']} {each['split']}",
            "both" if name == "joint" else name,
            f"{row['a_right']:,}",
            f"{row['b_right']:,}",
            probability(row["p"]),
        ]
        for each in evaluations
        for name, row in each["mcnemar"].items()
    ]
    columns = ("evaluation", "right", "A only", "B only", "p")
    return _table("Right by one run only: McNemar's exact test", columns, rows)


def _labels(evaluation: Mapping[str, Any], names: Mapping[str, Mapping[str, str]]) -> Table:
    rows = [
        [
            f"{axis}: {names[axis][row['label']]}",
            f"{row['n']:,}",
            number(row["a"]),
            number(row["b"]),
            signed(row["difference"]),
        ]
        for axis, scores in evaluation["labels"].items()
        for row in scores
    ]
    title = f"F1 of every label: {evaluation['collection']} {evaluation['split']}"
    return _table(title, ("label", "n", "A", "B", "B \N{MINUS SIGN} A"), rows)


def _flips(evaluation: Mapping[str, Any], names: Mapping[str, Mapping[str, str]]) -> list[RenderableType]:
    parts: list[RenderableType] = []
    shown = []
    for right, wrong in (("A", "B"), ("B", "A")):
        found = evaluation["flips"][f"{right.lower()}_right"]
        shown += found["statements"]
        rows = [
            [
                row["text"] or format_place(row),
                labels_of(row, "", names),
                f"{labels_of(row, f'{wrong.lower()}_', names)} ({row['proba']:.2f})",
            ]
            for row in found["statements"]
        ]
        title = f"{right} right on both axes, {wrong} wrong: {found['n']:,}"
        parts.append(_table(title, ("statement", "gold", f"{wrong} says"), rows, prose=True))
    return [*parts, _note(WITHHELD)] if any(row["text"] is None for row in shown) else parts


def _note(text: str) -> Text:
    return Text(f"\n{text}", style="dim")
