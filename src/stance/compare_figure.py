"""The figure of a comparison: every difference with its interval, beside a line at zero."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from stance.plots import INK, LINES, STYLE

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def draw_differences(data: Mapping[str, Any], ax: Axes | None = None) -> Axes:
    """Draw the headline differences of a comparison, a row a metric, grouped by evaluation, first on top.

    Parameters
    ----------
    data : mapping
        See `stance.compare.Comparison`.
    ax : Axes, optional
        Where to draw; without one, on a figure of its own that is not tied to pyplot.
    """
    import matplotlib as mpl  # slow to import
    from matplotlib.figure import Figure

    evaluations = data["evaluations"]
    with mpl.rc_context(STYLE):
        if ax is None:
            rows = sum(len(each["headline"]) + 1 for each in evaluations)
            ax = Figure(figsize=(6.4, 1.3 + 0.22 * rows), layout="constrained").add_subplot()
        names, heights, y = [], [], 0
        for each in evaluations:
            names.append(f"{each['collection']} {each['split']} ({each['n_statements']:,})")
            heights.append(y)
            for number, (metric, row) in enumerate(each["headline"].items()):
                y += 1
                _draw_row(ax, y, row, LINES[number % len(LINES)][0])
                names.append(metric.replace("_", " ").replace("macro f1", "macro-F1"))
                heights.append(y)
            y += 1
        ax.axvline(0, color=INK, linewidth=1)
        ax.set_yticks(heights, names)
        _dress(ax, data)
    return ax


def _draw_row(ax: Axes, y: int, row: Mapping[str, Any], colour: str) -> None:
    """Draw one difference: filled where its interval shows one, hollow where it does not."""
    cell = row["difference"]
    if cell["value"] is None:
        return
    fill = colour if row["verdict"].endswith("better") else "white"
    if cell["low"] is not None:
        ax.plot([cell["low"], cell["high"]], [y, y], color=colour, linewidth=1.8)
    ax.plot(cell["value"], y, "o", markersize=6, markeredgecolor=colour, markerfacecolor=fill)


def _dress(ax: Axes, data: Mapping[str, Any]) -> None:
    ax.invert_yaxis()
    for label in ax.get_yticklabels():
        if "(" in label.get_text():
            label.set_fontweight("bold")
    ax.set_xlabel("Difference, B \N{MINUS SIGN} A, with 95% interval (filled: it does not hold 0)")
    ax.set_title(f"A {data['a']['run']}\nB {data['b']['run']}", loc="left", fontsize=9, pad=12)
    ax.grid(axis="x", color="#dde1e7", linewidth=0.8)
    ax.set_axisbelow(True)
    ax.spines[:].set_visible(False)
    ax.tick_params(length=0, labelsize=8)
