"""Figures for reports, as SVG text that stays the same bytes from run to run and can stand inside a page."""

from __future__ import annotations

import hashlib
import io
import re
import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS = "Blues"  # one hue, light to dark: read alike by every kind of colour vision, and in grey print
INK, MUTED = "#1c2430", "#5d6672"
LINES: tuple[tuple[str, Any], ...] = (
    ("#1d5fa6", "-"),
    ("#c2571a", (0, (6, 2))),
    ("#5d6672", (0, (2, 2))),
    ("#1d5fa6", (0, (1, 1.5))),
    ("#c2571a", (0, (6, 2, 1, 2))),
    ("#5d6672", "-"),
)
LABEL_WIDTH = 18  # characters of a label's name before it wraps
# DejaVu travels with matplotlib and Verdana has its widths, so the text fits whatever the reader has installed.
STYLE: dict[Any, Any] = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans", "Verdana", "Helvetica", "Arial"],
    "font.size": 9,
    "text.color": INK,
    "axes.labelcolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "text.parse_math": False,  # a label named "$" is no formula
    "svg.fonttype": "none",
    "svg.hashsalt": "stance",
}


def confusion_figure(matrix: Sequence[Sequence[int]], labels: Sequence[str], title: str) -> Figure:
    """Draw a confusion matrix: a colour for the share of a gold label's statements, the count printed in each cell.

    Parameters
    ----------
    matrix : sequence of int sequences, shape (labels, labels)
        Gold labels in rows, predicted labels in columns.
    labels : sequence of str
        Readable names, in the order of the matrix.
    title : str
        Stands above the matrix.

    Returns
    -------
    matplotlib.figure.Figure
        Not tied to pyplot: nothing to close, no global state.

    Raises
    ------
    ValueError
        If the matrix is not as long and as wide as ``labels``.
    """
    import matplotlib as mpl  # slow to import
    from matplotlib.figure import Figure

    counts = np.asarray(matrix, dtype=int)
    if counts.shape != (len(labels), len(labels)):
        raise ValueError(f"a confusion matrix of {len(labels)} labels cannot have the shape {counts.shape}")
    size = 2.1 + 0.62 * len(labels)  # inches: room for the names, then a cell a label
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(size + 0.4, size), layout="constrained")
        axes = figure.add_subplot()
        _draw_cells(axes, counts)
        _name_axes(axes, counts, labels)
        axes.set_title(title, loc="left", fontsize=10.5, fontweight="bold", pad=12)
    return figure


def risk_coverage_figure(curves: Sequence[Mapping[str, Any]], title: str) -> Figure:
    """Draw the share of wrong predictions against the share that is kept, the surest first: a line an evaluation.

    Parameters
    ----------
    curves : sequence of mappings
        Each with ``name``, and ``coverage`` and ``risk``, lists of one length, coverage ascending.
    title : str
        Stands above the curves.
    """
    import matplotlib as mpl  # slow to import
    from matplotlib.figure import Figure

    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(6.4, 3.6), layout="constrained")
        axes = figure.add_subplot()
        for number, curve in enumerate(curves):
            # Told apart without colour too.
            colour, dashes = LINES[number % len(LINES)]
            axes.plot(
                curve["coverage"], curve["risk"], color=colour, linestyle=dashes, linewidth=1.8, label=curve["name"]
            )
        axes.set(xlim=(0, 1), ylim=(0, None), xlabel="Coverage (share kept, the surest first)")
        axes.set_ylabel("Risk (share not right on both axes)")
        clear(axes)
        axes.legend(frameon=False, fontsize=8, loc="upper left", handlelength=3)
        axes.set_title(title, loc="left", fontsize=10.5, fontweight="bold", pad=12)
    return figure


def reliability_figure(bins: Sequence[Mapping[str, Any]], title: str) -> Figure:
    """Draw a reliability diagram: share right against mean proba, with the number of statements below.

    Parameters
    ----------
    bins : sequence of mappings
        As `stance.metrics.reliability_bins` gives them: ``low, high, n, confidence, accuracy``.
    title : str
        Stands above the diagram.
    """
    import matplotlib as mpl  # slow to import
    from matplotlib.figure import Figure

    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(3.5, 3.9), layout="constrained")
        top, bottom = figure.subplots(2, 1, sharex=True, height_ratios=[4, 1])
        top.plot([0, 1], [0, 1], color=MUTED, linewidth=1, linestyle=(0, (3, 3)))
        filled = [each for each in bins if each["n"]]
        confidence, accuracy = ([each[key] for each in filled] for key in ("confidence", "accuracy"))
        top.plot(confidence, accuracy, color=LINES[0][0], linewidth=0.8)
        # The area of a point is its share of the statements, so that a lone one does not shout.
        most = max((each["n"] for each in filled), default=1)
        sizes = [8 + 60 * each["n"] / most for each in filled]
        top.scatter(confidence, accuracy, sizes, color=LINES[0][0], zorder=3, clip_on=False)
        top.set(xlim=(0, 1), ylim=(0, 1), ylabel="Share right")
        middles, widths = [(b["low"] + b["high"]) / 2 for b in bins], [0.9 * (b["high"] - b["low"]) for b in bins]
        bottom.bar(middles, [each["n"] for each in bins], widths, color="#a9c9ea")
        bottom.set(xlabel="Stated proba", ylabel="n")
        for axes in (top, bottom):
            clear(axes)
        top.set_title(title, loc="left", fontsize=10.5, fontweight="bold", pad=10)
    return figure


def clear(axes: Axes, grid: Literal["both", "x", "y"] = "both") -> None:
    """Leave only what helps to read a value: a pale grid behind the data, small labels, no frame and no ticks."""
    axes.grid(axis=grid, color="#dde1e7", linewidth=0.8)
    axes.set_axisbelow(True)
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0, labelsize=8)


def figure_to_svg(figure: Figure) -> str:
    """Render a figure as one ``<svg>`` element to be put into an HTML page.

    It takes the width it is given, down to three quarters of its own; is byte-equal for equal figures; and refers to
    nothing outside itself. Neither its ids nor its style rules reach the rest of the page.
    """
    import matplotlib as mpl  # slow to import

    buffer = io.StringIO()
    with mpl.rc_context(STYLE):
        nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        figure.savefig(buffer, format="svg", metadata=nothing, transparent=True)
    svg = buffer.getvalue()
    svg = svg[svg.index("<svg") :]  # without the XML prolog and DOCTYPE, which HTML does not allow inside
    svg = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>", "", svg, flags=re.DOTALL)
    svg = re.sub(r"\s+", " ", svg).replace("> <", ">\n<")
    return _with_own_ids(_fluid(svg, figure.get_figwidth())).strip() + "\n"


def _draw_cells(axes: Axes, counts: np.ndarray) -> None:
    """Colour and print every cell; mesh rather than image, so that the SVG holds shapes and no bitmap."""
    totals = counts.sum(axis=1, keepdims=True)
    shares = np.divide(counts, totals, out=np.zeros(counts.shape), where=totals > 0)
    mesh = axes.pcolormesh(shares, cmap=COLOURS, vmin=0, vmax=1, edgecolors="white", linewidth=2, clip_on=False)
    fills = mesh.to_rgba(shares.ravel()).reshape(*shares.shape, 4)
    for (row, column), count in np.ndenumerate(counts):
        colour = _ink_on(fills[row, column]) if count else MUTED
        weight = "bold" if count and row == column else "normal"
        axes.text(column + 0.5, row + 0.5, str(count), ha="center", va="center", color=colour, fontweight=weight)
    axes.invert_yaxis()
    axes.set_aspect("equal")


def _name_axes(axes: Axes, counts: np.ndarray, labels: Sequence[str]) -> None:
    names = [textwrap.fill(label, LABEL_WIDTH) for label in labels]
    middles = np.arange(len(labels)) + 0.5
    axes.set_xticks(middles, names, rotation=45, ha="right", rotation_mode="anchor", linespacing=1.1)
    rows = [f"{name} ({n})" for name, n in zip(names, counts.sum(axis=1), strict=True)]
    axes.set_yticks(middles, rows, linespacing=1.1)
    axes.set_xlabel("Predicted")
    axes.set_ylabel("Gold (statements)")
    axes.tick_params(length=0, labelsize=8)
    axes.spines[:].set_visible(False)


def _ink_on(fill: np.ndarray) -> str:
    """White or black text, whichever contrasts more with an RGBA fill: at least 4.5 to 1 by WCAG 2, on any fill."""
    channels = np.asarray(fill[:3], dtype=float)
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    luminance = float(linear @ [0.2126, 0.7152, 0.0722])
    return "white" if 1.05 / (luminance + 0.05) > (luminance + 0.05) / 0.05 else "black"


def _fluid(svg: str, inches: float) -> str:
    """Swap the fixed size for a width limit, and matplotlib's CSS rule for all elements for inherited style."""
    head, rest = svg.split(">", 1)
    widths = f"width:100%;min-width:{inches * 72:.0f}px;max-width:{inches * 96:.0f}px"  # smaller, nobody reads the text
    style = f"{widths};height:auto;stroke-linejoin:round;stroke-linecap:butt"
    return re.sub(r' (width|height)="[^"]*"', "", head) + f' style="{style}">{rest}'


def _with_own_ids(svg: str) -> str:
    """Drop ids that nothing refers to, and prefix the others with a hash of the picture."""
    used = set(re.findall(r'(?:href="#|url\(#)([^")]+)', svg))
    prefix = "f" + hashlib.sha256(svg.encode()).hexdigest()[:8]
    svg = re.sub(r' id="([^"]+)"', lambda m: f' id="{prefix}-{m[1]}"' if m[1] in used else "", svg)
    return re.sub(r'(href="#|url\(#)', rf"\g<1>{prefix}-", svg)
