"""The motive map as a figure: one map, one a group side by side, or each motive over time."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from stance.plots import INK, LABEL_WIDTH, LINES, MUTED, STYLE, clear, figure_to_svg

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from stance.motive_map import MotiveMap

SUPPORT, DOUBT = (
    LINES[0][0],
    LINES[1][0],
)  # blue and orange: told apart by every kind of colour vision, and by their side
ROW = 0.42  # inches that a motive takes
MOST_GROUPS = 9  # small maps that one figure holds; smaller groups are left out, and it says so
COLUMNS = 3  # of small maps, or of motives over time
TIMES = ("year", "month")
MOST_TICKS = 8


def map_figure(map_: MotiveMap, by: str | None = None) -> Figure:
    """Draw a map: doubt to the left, support to the right; what the model holds back is hatched.

    Parameters
    ----------
    map_ : MotiveMap
        What to draw.
    by : str, optional
        As `MotiveMap.groups` takes it. Years and months give one panel a motive, with time from left to right; others
        one small map a group, the largest nine, on one scale.

    Returns
    -------
    matplotlib.figure.Figure
        Not tied to pyplot.
    """
    import matplotlib as mpl  # slow to import

    with mpl.rc_context(STYLE):
        if by is None:
            return _one(map_)
        return _over_time(map_, by) if by in TIMES else _small_maps(map_, by)


def map_svg(map_: MotiveMap, by: str | None = None) -> str:
    """Draw a map as one ``<svg>`` element that says what it shows to those who cannot see it."""
    svg = figure_to_svg(map_figure(map_, by))
    said = escape(alt_text(map_), quote=True)
    return svg.replace("<svg ", f'<svg role="img" aria-label="{said}" ', 1)


def map_png(map_: MotiveMap, by: str | None = None) -> bytes:
    """Draw a map as PNG, its description inside; equal maps are equal bytes."""
    import matplotlib as mpl  # slow to import

    out = io.BytesIO()
    with mpl.rc_context(STYLE):
        described = {"Software": None, "Description": alt_text(map_).encode("ascii", "replace").decode()}
        map_figure(map_, by).savefig(out, format="png", dpi=160, metadata=described)
    return out.getvalue()


def alt_text(map_: MotiveMap) -> str:
    """Say in words what a map shows."""
    support, doubt = (*map_.leanings, "")[:2]
    said = [
        f"{row['name']}: {_whole(row, support)} {support}" + (f", {_whole(row, doubt)} {doubt}" if doubt else "")
        for row in map_.rows
        if row["statements"]
    ]
    return f"Statements by motive, {map_.totals['in_domain']} in domain. {'; '.join(said) or 'None has a motive'}."


def _one(map_: MotiveMap) -> Figure:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7.4, 1.7 + ROW * len(map_.rows)), layout="constrained")
    axes = figure.add_subplot()
    _draw(axes, map_, map_.rows)
    _name_rows(axes, map_.rows)
    _label(figure, map_, map_.title)
    return figure


def _small_maps(map_: MotiveMap, by: str) -> Figure:
    from matplotlib.figure import Figure

    groups = map_.groups(by)
    shown = dict(list(groups.items())[:MOST_GROUPS])
    columns = min(COLUMNS, max(len(shown), 1))
    lines = -(-len(shown) // columns) or 1
    size = (2.2 + 2.2 * columns, 1.5 + lines * (0.45 + 0.25 * len(map_.rows)))
    figure = Figure(figsize=size, layout="constrained")
    panels = figure.subplots(lines, columns, sharex=True, sharey=True, squeeze=False).ravel()
    order = [row["motive"] for row in map_.rows]
    for axes, (name, part) in zip(panels, shown.items(), strict=False):
        _draw(axes, part, sorted(part.rows, key=lambda row: order.index(row["motive"])), whiskers=False)
        axes.set_title(
            f"{textwrap.shorten(name, 28, placeholder='…')} ({part.totals['in_domain']})", loc="left", fontsize=8
        )
    _hide(panels, len(shown), columns)
    _name_rows(panels[0], map_.rows, width=34)
    rest = len(groups) - len(shown)
    _label(
        figure,
        map_,
        f"Statements by {by}" + (f", the {len(shown)} with most motives ({rest} more not shown)" if rest else ""),
    )
    return figure


def _over_time(map_: MotiveMap, by: str) -> Figure:
    from matplotlib.figure import Figure

    groups = {name: part for name, part in map_.groups(by).items() if name[:1].isdigit()}
    rows = {name: {row["motive"]: row for row in part.rows} for name, part in groups.items()}
    lines = -(-len(map_.rows) // COLUMNS)
    figure = Figure(figsize=(8.6, 1.3 + 1.35 * lines), layout="constrained")
    panels = figure.subplots(lines, COLUMNS, sharex=True, sharey=True, squeeze=False).ravel()
    times = _every(list(groups), by)
    for axes, motive in zip(panels, map_.rows, strict=False):
        found = [rows[time][motive["motive"]] if time in rows else {} for time in times]
        _stack(axes, map_, found, range(len(times)), upright=True)
        axes.set_title(textwrap.shorten(motive["name"], 46, placeholder="…"), loc="left", fontsize=7.5)
        step = max(1, -(-len(times) // MOST_TICKS))
        axes.set_xticks(range(0, len(times), step), times[::step], rotation=45 if by == "month" else 0)
        axes.axhline(0, color=INK, linewidth=0.8)
        clear(axes, grid="y")
        axes.yaxis.set_major_formatter(_unsigned)
    _hide(panels, len(map_.rows), COLUMNS)
    undated = sum(part.totals["in_domain"] for name, part in map_.groups(by).items() if name not in groups)
    _label(
        figure,
        map_,
        f"Statements by {by}" + (f" ({undated} statements without one are not shown)" if undated else ""),
        upright=True,
    )
    return figure


def _hide(panels: Any, used: int, columns: int) -> None:
    """Hide panels that nothing is drawn in; those above them then bear the numbers of their column."""
    for axes in panels[used:]:
        axes.set_visible(False)
    for axes in panels[max(0, len(panels) - columns - (len(panels) - used)) : used]:
        axes.tick_params(labelbottom=True)


def _every(times: Sequence[str], by: str) -> list[str]:
    """Years or months from the first to the last, those without a statement too: gaps are to be seen."""
    if not times:
        return []
    if by == "year":
        return [f"{year:04}" for year in range(int(times[0]), int(times[-1]) + 1)]
    first, last = (int(time[:4]) * 12 + int(time[5:7]) - 1 for time in (times[0], times[-1]))
    return [f"{at // 12:04}-{at % 12 + 1:02}" for at in range(first, last + 1)]


def _draw(axes: Axes, map_: MotiveMap, rows: Sequence[Mapping[str, Any]], *, whiskers: bool = True) -> None:
    """Draw one map, the first row at the top."""
    from matplotlib.ticker import MaxNLocator

    places = range(len(rows))
    _stack(axes, map_, rows, places)
    if whiskers:
        for place, row in zip(places, rows, strict=True):
            _whiskers(axes, map_, row, place)
    axes.axvline(0, color=INK, linewidth=0.8)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    clear(axes, grid="x")
    axes.xaxis.set_major_formatter(_unsigned)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))


def _stack(
    axes: Axes, map_: MotiveMap, rows: Sequence[Mapping[str, Any]], places: Sequence[int], *, upright: bool = False
) -> None:
    """Draw the bars of both sides: solid what the model stands by, hatched beyond it what it holds back."""
    bars: Any = axes.bar if upright else axes.barh
    start, size = ("bottom", "width") if upright else ("left", "height")
    for stance, side, colour in zip(map_.leanings, (1, -1), (SUPPORT, DOUBT), strict=False):
        kept = [side * row.get(stance, 0) for row in rows]
        held = [side * row.get(f"abstained_{stance}", 0) for row in rows]
        bars(places, kept, color=colour, **{size: 0.62})
        pale: dict[str, Any] = {"facecolor": "white", "edgecolor": colour, "hatch": "//////", "linewidth": 0.6}
        bars(places, held, **{start: kept, size: 0.62}, **pale)


def _whiskers(axes: Axes, map_: MotiveMap, row: Mapping[str, Any], place: int) -> None:
    """Draw corrected counts with their intervals over the bars."""
    for stance, side in zip(map_.leanings, (1, -1), strict=False):
        if row["corrected"]:
            cell = row["corrected"][stance]
            axes.plot([side * cell["low"], side * cell["high"]], [place, place], color=INK, linewidth=1.1, zorder=3)
            fill: dict[str, Any] = {"markerfacecolor": "white", "markeredgecolor": INK, "zorder": 4}
            axes.plot(side * cell["value"], place, marker="o", markersize=4.5, **fill)


def _name_rows(axes: Axes, rows: Sequence[Mapping[str, Any]], width: int = LABEL_WIDTH + 8) -> None:
    axes.set_yticks(range(len(rows)), [textwrap.fill(row["name"], width) for row in rows], linespacing=1.05)


def _label(figure: Figure, map_: MotiveMap, title: str, *, upright: bool = False) -> None:
    """Name the sides and the marks, and say what was counted."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    names = [map_.codebook.label("stance", stance).name.lower() for stance in map_.leanings[:2]]
    ways = ("up", "down") if upright else ("right", "left")
    marks: list[Any] = [
        Patch(facecolor=colour, label=f"{name} ({way})")
        for name, colour, way in zip(names, (SUPPORT, DOUBT), ways, strict=False)
    ]
    marks.append(Patch(facecolor="white", edgecolor=MUTED, hatch="//////", linewidth=0.6, label="held back"))
    single = len(figure.axes) == 1
    if single and any(row["corrected"] for row in map_.rows):
        dot: dict[str, Any] = {
            "color": INK,
            "marker": "o",
            "markersize": 4.5,
            "markerfacecolor": "white",
            "linewidth": 1.1,
        }
        marks.append(Line2D([], [], label="corrected, 95% interval", **dot))
    figure.legend(handles=marks, loc="outside lower center", ncols=len(marks), frameon=False, fontsize=8)
    figure.suptitle(
        title or "Motives: statements that assert or doubt them", x=0.01, ha="left", fontsize=10.5, fontweight="bold"
    )
    if single:
        outside = map_.totals["out_of_domain"]
        left_out = f"; {outside} out of domain are not counted" if outside else ""
        figure.axes[0].set_xlabel(f"Statements, of {map_.totals['in_domain']} in domain{left_out}", fontsize=8)
    elif upright:
        figure.supylabel("Statements", fontsize=8)


def _unsigned(value: float, _: object) -> str:
    return f"{abs(value):g}"


def _whole(row: Mapping[str, Any], stance: str) -> int:
    return int(row[stance] + row[f"abstained_{stance}"])
