"""Render a report: Markdown for diffs, and one HTML page that needs no network and no script to be read."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from stance.bootstrap import FEW_ARTICLES, RESAMPLES
from stance.intervals import axes_to_svg
from stance.marked import STYLE, mark
from stance.metrics import CALIBRATION_BINS, FEW_OF_LABEL
from stance.plots import confusion_figure, figure_to_svg, reliability_figure, risk_coverage_figure
from stance.probes import ProbeResults
from stance.slices import LEAST_STATEMENTS, Slices
from stance.wording import format_count, format_interval, format_score, format_signed

# What Markdown would read as markup inside a line. Underscores within words and lone brackets mean nothing to it.
MARKDOWN = re.compile(r"[\\`*<|~]|&(?=#?\w+;)|\](?=[(\[:])|(?<![^\W_])_|_(?![^\W_])")


def render_markdown(report: Mapping[str, Any]) -> str:
    """Render a report as GitHub-flavoured Markdown: a line a fact, so that two runs diff well."""
    environment = make_environment(autoescape=False, finalize=escape_markdown)
    return environment.get_template("report.md.jinja").render(report)


def render_html(report: Mapping[str, Any]) -> str:
    """Render a report as one HTML page. Its script only filters examples; without it, all are there to read."""
    environment = make_environment(autoescape=True)
    environment.filters.update(picture=_picture, curves=_curves, diagram=_diagram, marked=mark)
    environment.filters.update(slices_picture=_slices, probes_picture=_probes)
    return environment.get_template("report.html.jinja").render(report)


def render_examples(errors: Mapping[str, Any]) -> str:
    """Render the examples of a report alone, for a notebook: a list a reason, folded but for the first."""
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for example in errors["examples"]:
        groups.setdefault(example["reason"], []).append(example)
    environment = make_environment(autoescape=True)
    environment.filters.update(marked=mark)
    return environment.get_template("examples.html.jinja").render(errors=errors, groups=groups, style=STYLE)


def make_environment(*, autoescape: bool, finalize: Callable[[object], object] | None = None) -> Environment:
    """Return the templates of the package, with the number formats they share."""
    loader = PackageLoader("stance")
    environment = Environment(
        loader=loader,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=autoescape,
        finalize=finalize,
    )
    environment.filters.update(
        score=format_score, interval=format_interval, signed=format_signed, count=format_count, percent=_percent
    )
    environment.globals.update(resamples=RESAMPLES, bins=CALIBRATION_BINS, few=FEW_OF_LABEL)
    environment.globals.update(few_in_slice=(LEAST_STATEMENTS, FEW_ARTICLES))
    return environment


def _picture(axis: Mapping[str, Any]) -> Markup:
    """Inline SVG of an axis's confusion matrix. It is ours and escapes its own text, so the template may trust it."""
    names = [row["name"] for row in axis["labels"]]
    return Markup(figure_to_svg(confusion_figure(axis["confusion"], names, axis["name"].capitalize())))


def _curves(rows: list[Mapping[str, Any]]) -> Markup:
    """Inline SVG of risk against coverage; ours, as in `_picture`."""
    curves = [{"name": f"{row['name']} ({row['n']:,})", **row["curve"]} for row in rows]
    return Markup(figure_to_svg(risk_coverage_figure(curves, "Risk against coverage")))


def _diagram(axis: Mapping[str, Any]) -> Markup:
    """Inline SVG of an axis's reliability diagram; ours, as in `_picture`."""
    return Markup(figure_to_svg(reliability_figure(axis["reliability"], axis["name"].capitalize())))


def _slices(rows: list[Mapping[str, Any]], overall: float | None) -> Markup:
    """Inline SVG of joint accuracy by slice."""
    return Markup(axes_to_svg(Slices(rows, overall).plot().ax_))


def _probes(results: Mapping[str, Any]) -> Markup:
    """Inline SVG of the pass rates of the probes."""
    return Markup(axes_to_svg(ProbeResults(results).plot().ax_))


def escape_markdown(value: object) -> object:
    """Escape whatever a Markdown template prints, unless it is a number or marked as safe."""
    if isinstance(value, (int, float, Markup)):
        return value
    return MARKDOWN.sub(r"\\\g<0>", " ".join(str(value).split()))


def _percent(value: float) -> str:
    """CSS length of a score between 0 and 1."""
    return f"{100 * value:.1f}%"
