"""Scores with their intervals, as columns of a table and as dots of a figure: told apart by shape as well as colour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stance.plots import INK, LINES, MUTED, STYLE, figure_to_svg

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ROW, MARGIN = 0.23, 1.3  # inches: a row of text of 8pt with air, and all that is above and below the rows
APART = 0.3  # of a row, between two dots that share it


@dataclass(frozen=True)
class Mark:
    """What a kind of dot means, and how it is drawn: ``hue`` is a place in `stance.plots.LINES`."""

    meaning: str
    hue: int
    shape: str
    filled: bool = True


@dataclass(frozen=True)
class Row:
    """A name and its dots, each a cell (``value, low, high``) and a mark; a row without dots heads those below it."""

    name: str
    dots: tuple[tuple[Mapping[str, float | None], Mark], ...] = ()


def flat(row: Mapping[str, Any]) -> dict[str, Any]:
    """Give every cell of a row three columns: its value by the cell's name, and its ends by ``_low`` and ``_high``."""
    columns: dict[str, Any] = {}
    for key, value in row.items():
        if isinstance(value, Mapping):
            columns |= {key: value["value"], f"{key}_low": value["low"], f"{key}_high": value["high"]}
        else:
            columns[key] = value
    return columns


def draw_intervals(
    rows: Sequence[Row], *, title: str, label: str, line: float | None = None, ax: Axes | None = None
) -> Axes:
    """Draw scores between 0 and 1, the first row at the top.

    Parameters
    ----------
    rows : sequence of Row
        A dot whose value is None is left out; one whose ends are None stands without its interval.
    title, label : str
        Stand above the figure and under its axis.
    line : float, optional
        A score to compare with, drawn from top to bottom.
    ax : matplotlib axes, optional
        Where to draw; a new figure, not tied to pyplot, where none is given.
    """
    import matplotlib as mpl  # slow to import

    with mpl.rc_context(STYLE):
        axes = _new_axes(rows) if ax is None else ax
        if line is not None:
            axes.axvline(line, color=INK, linewidth=1, linestyle=(0, (4, 3)), zorder=1, label=f"overall ({line:.2f})")
        known: set[str] = set()
        for place, row in enumerate(rows):
            for number, (cell, mark) in enumerate(row.dots):
                at = place + APART * (number - (len(row.dots) - 1) / 2)
                _draw_dot(axes, at, cell, mark, "" if mark.meaning in known else mark.meaning)
                known |= {mark.meaning} if cell["value"] is not None else set()
        _name_rows(axes, rows)
        _finish(axes, title, label)
    return axes


def axes_to_svg(axes: Axes | None) -> str:
    """Render the figure that axes stand in as one ``<svg>`` element; no axes, no picture."""
    figure = axes.get_figure(root=True) if axes else None
    return figure_to_svg(figure) if figure else ""


def _new_axes(rows: Sequence[Row]) -> Axes:
    from matplotlib.figure import Figure

    height = ROW * sum(max(1, 0.75 * len(row.dots)) for row in rows)
    return Figure(figsize=(7.2, MARGIN + height), layout="constrained").add_subplot()


def _draw_dot(axes: Axes, at: float, cell: Mapping[str, float | None], mark: Mark, meaning: str) -> None:
    value, low, high = cell["value"], cell["low"], cell["high"]
    if value is None:
        return
    colour = LINES[mark.hue][0]
    if low is not None and high is not None:
        axes.plot([low, high], [at, at], color=colour, linewidth=1.4, solid_capstyle="butt", zorder=2)
    fill: dict[str, Any] = {"markerfacecolor": colour if mark.filled else "white", "markeredgecolor": colour}
    axes.plot([value], [at], mark.shape, markersize=6, zorder=3, clip_on=False, label=meaning or "_", **fill)


def _name_rows(axes: Axes, rows: Sequence[Row]) -> None:
    names = axes.set_yticks(range(len(rows)), [row.name for row in rows])
    for tick, row in zip(names, rows, strict=True):
        tick.label1.set_fontweight("normal" if row.dots else "bold")
    axes.set_ylim(max(len(rows), 1) - 0.4, -0.6)


def _finish(axes: Axes, title: str, label: str) -> None:
    axes.set(xlim=(0, 1), xlabel=label)
    axes.grid(axis="x", color="#dde1e7", linewidth=0.8)
    axes.set_axisbelow(True)
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0, labelsize=8)
    axes.tick_params(axis="y", pad=8)  # a dot at 0 must not hide the end of a name
    axes.set_title(title, loc="left", fontsize=10.5, fontweight="bold", pad=30)
    if axes.get_legend_handles_labels()[0]:
        place: dict[str, Any] = {"loc": "lower left", "bbox_to_anchor": (0, 1), "ncols": 4, "borderaxespad": 0.2}
        axes.legend(frameon=False, fontsize=8, labelcolor=MUTED, handletextpad=0.3, columnspacing=1.2, **place)
