"""Scores with their intervals, as columns of a table and as dots of a figure: told apart by shape as well as colour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stance.plots import INK, LINES, MUTED, STYLE, clear, figure_to_svg
from stance.wording import metric_name

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Headline = Mapping[str, Mapping[str, float | None]]  # metric → cell
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


def as_columns(row: Mapping[str, Any]) -> dict[str, Any]:
    """Give every cell of a row three columns: its value by the cell's name, and its ends by ``_low`` and ``_high``."""
    columns: dict[str, Any] = {}
    for key, value in row.items():
        if isinstance(value, Mapping):
            columns |= {key: value["value"], f"{key}_low": value["low"], f"{key}_high": value["high"]}
        else:
            columns[key] = value
    return columns


def draw_intervals(
    rows: Sequence[Row],
    *,
    title: str,
    label: str,
    line: tuple[float, str] | None = None,
    span: tuple[float, float] | None = (0, 1),
    ax: Axes | None = None,
) -> Axes:
    """Draw scores with their intervals, the first row at the top.

    Parameters
    ----------
    rows : sequence of Row
        A dot whose value is None is left out; one whose ends are None stands without its interval.
    title, label : str
        Stand above the figure and under its axis.
    line : (float, str), optional
        A score to compare with, drawn from top to bottom, and its name in the legend; ``""`` for none.
    span : (float, float), optional
        Ends of the axis; None to fit what is drawn.
    ax : matplotlib axes, optional
        Where to draw; a new figure, not tied to pyplot, where none is given.
    """
    import matplotlib as mpl  # slow to import

    with mpl.rc_context(STYLE):
        axes = _new_axes(rows) if ax is None else ax
        if line is not None:
            axes.axvline(line[0], color=INK, linewidth=1, linestyle=(0, (4, 3)), zorder=1, label=line[1] or "_")
        known: set[str] = set()
        for place, row in enumerate(rows):
            for number, (cell, mark) in enumerate(row.dots):
                at = place + APART * (number - (len(row.dots) - 1) / 2)
                _draw_dot(axes, at, cell, mark, "" if mark.meaning in known else mark.meaning)
                known |= {mark.meaning} if cell["value"] is not None else set()
        _name_rows(axes, rows)
        if span is not None:
            axes.set_xlim(span)
        _finish(axes, title, label)
    return axes


def draw_headlines(groups: Mapping[str, Mapping[str, Headline]], ax: Axes | None = None) -> Axes:
    """Draw headline scores by group and system, where a system is the model or what stands beside it.

    The first system stands out. Without ``ax``, on a pyplot figure, which a notebook shows by itself.
    """
    first, *others = dict.fromkeys(name for systems in groups.values() for name in systems)
    marks = {first: Mark(first, 0, "o")} | {name: Mark(name, 2, "xds+"[at % 4]) for at, name in enumerate(others)}
    rows = []
    for group, systems in groups.items():
        rows.append(Row(group))
        for metric in systems[first]:
            dots = tuple((headline[metric], marks[name]) for name, headline in systems.items())
            rows.append(Row(metric_name(metric), dots))
    axes = shown_axes(rows) if ax is None else ax
    return draw_intervals(rows, title="Headline scores", label="Score, with its 95% interval over articles", ax=axes)


def shown_axes(rows: Sequence[Row]) -> Axes:
    """Return axes with room for the rows on a pyplot figure, which a notebook shows by itself."""
    from matplotlib import pyplot  # slow to import

    return pyplot.figure(figsize=_size(rows), layout="constrained").add_subplot()


def axes_to_svg(axes: Axes | None) -> str:
    """Render the figure that axes stand in as one ``<svg>`` element; no axes, no picture."""
    figure = axes.get_figure(root=True) if axes else None
    return figure_to_svg(figure) if figure else ""


def _new_axes(rows: Sequence[Row]) -> Axes:
    from matplotlib.figure import Figure

    return Figure(figsize=_size(rows), layout="constrained").add_subplot()


def _size(rows: Sequence[Row]) -> tuple[float, float]:
    """Inches."""
    return 7.2, MARGIN + ROW * sum(max(1, 0.75 * len(row.dots)) for row in rows)


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
    axes.set_xlabel(label)
    clear(axes, "x")
    axes.tick_params(axis="y", pad=8)  # a dot at 0 must not hide the end of a name
    axes.set_title(title, loc="left", fontsize=10.5, fontweight="bold", pad=30)
    if axes.get_legend_handles_labels()[0]:
        place: dict[str, Any] = {"loc": "lower left", "bbox_to_anchor": (0, 1), "ncols": 4, "borderaxespad": 0.2}
        axes.legend(frameon=False, fontsize=8, labelcolor=MUTED, handletextpad=0.3, columnspacing=1.2, **place)
