"""A comparison as Markdown for a pull request, as HTML for a notebook and as a figure, all of `Comparison.to_dict`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from jinja2 import Environment
from markupsafe import Markup

from stance.bootstrap import RESAMPLES
from stance.intervals import Mark, Row, axes_to_svg, draw_intervals
from stance.paired import A_BETTER, B_BETTER, NO_DIFFERENCE, TOO_FEW
from stance.render import escape_markdown, make_environment
from stance.storage import to_json
from stance.wording import DASH, MINUS, format_cell, format_count, format_place, format_score, metric_name

if TYPE_CHECKING:
    from matplotlib.axes import Axes

HASH = re.compile(r"[0-9a-f]{40,64}")
HASH_SHOWN = 12  # digits, as git shows a commit: enough to tell two apart
EXPLAINED = (
    f"Differences are B minus A. The brackets hold a 95% interval: the articles are drawn again {RESAMPLES:,} times, "
    "at random and with repeats, the same ones for A and B. A run is called better where the interval of the "
    "difference does not hold 0; the verdicts are not corrected for their number. The interval covers the luck of "
    "which articles were tested, not the luck of training."
)
MCNEMAR_EXPLAINED = (
    "McNemar's exact test asks whether the statements that only one run has right could have fallen so by chance. It "
    "ignores that statements of one article resemble one another, so trust the intervals before its p."
)
WITHHELD = "Where only a place is given, the text belongs to its publisher and is not reproduced."
MARKS = {
    A_BETTER: Mark(A_BETTER, 1, "v"),
    B_BETTER: Mark(B_BETTER, 0, "^"),
    NO_DIFFERENCE: Mark(NO_DIFFERENCE, 2, "o", filled=False),
    TOO_FEW: Mark(TOO_FEW, 2, "D", filled=False),
}
DIGITS = 3  # of a score: differences are small
number, interval = partial(format_score, digits=DIGITS), partial(format_cell, digits=DIGITS)


def render_markdown(data: Mapping[str, Any]) -> str:
    """Render a comparison as GitHub-flavoured Markdown: scores first, the rest folded."""
    environment = _with_filters(make_environment(autoescape=False, finalize=escape_markdown), data)
    return environment.get_template("compare.md.jinja").render(data, summary=summary(data))


def render_html(data: Mapping[str, Any]) -> str:
    """Render a comparison as a piece of HTML, with the figure in it."""
    environment = _with_filters(make_environment(autoescape=True), data)
    picture = Markup(axes_to_svg(draw_differences(data)))
    return environment.get_template("compare.html.jinja").render(data, summary=summary(data), picture=picture)


def draw_differences(data: Mapping[str, Any], ax: Axes | None = None) -> Axes:
    """Draw the headline differences beside a line at zero, a row a metric; see `stance.intervals.draw_intervals`."""
    rows = []
    for each in data["evaluations"]:
        rows.append(Row(f"{each['collection']} {each['split']} ({each['n_statements']:,})"))
        for metric, row in each["headline"].items():
            rows.append(Row(metric_name(metric), ((row["difference"], MARKS[row["verdict"]]),)))
    title, label = f"A {data['a']['run']}\nB {data['b']['run']}", f"Difference, B {MINUS} A, with its 95% interval"
    return draw_intervals(rows, title=title, label=label, line=(0, ""), span=None, ax=ax)


def summary(data: Mapping[str, Any]) -> str:
    """Say in a sentence what came out on the first evaluation."""
    first = data["evaluations"][0]
    parts = []
    for metric, row in first["headline"].items():
        change = f"{number(row['a']['value'])} → {number(row['b']['value'])}"
        parts.append(f"{metric_name(metric)} {change} ({difference(row['difference'])}): {row['verdict']}")
    return f"On {evaluation_name(first)}: {'; '.join(parts)}."


def evaluation_name(evaluation: Mapping[str, Any]) -> str:
    """Name an evaluation with its size."""
    statements = format_count(evaluation["n_statements"], "statement")
    articles = format_count(evaluation["n_articles"], "article")
    return f"{evaluation['collection']} {evaluation['split']}, {statements} of {articles}"


def signed(value: float | None) -> str:
    """Write a difference with three digits; one that rounds to zero keeps its sign, as a verdict may rest on it."""
    if value is None:
        return DASH
    return f"{value:+.3f}".replace("-", MINUS) if value else "0.000"


def difference(cell: Mapping[str, Any]) -> str:
    """Write a difference with its interval where it has one."""
    return signed(cell["value"]) + ("" if cell["low"] is None else f" [{signed(cell['low'])}, {signed(cell['high'])}]")


def probability(p: float) -> str:
    """Write a p value; below 0.001 it does not matter how small it is."""
    return "< 0.001" if p < 0.001 else f"{p:.3f}"


def setting(row: Mapping[str, Any], side: str) -> str:
    """Write one side of a difference in settings; a hash shortened."""
    if side not in row:
        return "absent"
    value = row[side]
    text = value if isinstance(value, str) and value else to_json(value)
    return text[:HASH_SHOWN] if HASH.fullmatch(text) else text


def labels_of(row: Mapping[str, Any], prefix: str, names: Mapping[str, Mapping[str, str]]) -> str:
    """Name a statement's labels: gold with no prefix, ``a_`` and ``b_`` for what a run says."""
    return " / ".join(names[axis][row[f"{prefix}{axis}"]] for axis in names)


def _with_filters(environment: Environment, data: Mapping[str, Any]) -> Environment:
    environment.filters.update(
        name=evaluation_name, metric=metric_name, number=number, signed=signed, interval=interval, place=format_place
    )
    environment.filters.update(difference=difference, probability=probability, setting=setting)
    environment.globals.update(
        labels_of=lambda row, prefix: labels_of(row, prefix, data["labels"]),
        explained=EXPLAINED,
        mcnemar_explained=MCNEMAR_EXPLAINED,
        withheld=WITHHELD,
    )
    return environment
