"""Tables as people read them in a notebook: a score and its interval in one cell, two digits, text to the left."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from stance.wording import DASH, format_cell

if TYPE_CHECKING:
    import pandas as pd
    from pandas.io.formats.style import Styler

LEFT, TOP = "text-align: left", "vertical-align: top; white-space: normal"
LONG = 60  # characters of a text that must not be crushed by the columns beside it


def readable(frame: pd.DataFrame, digits: int = 2) -> Styler:
    """Style a table for reading; the frame itself stays as it is.

    Parameters
    ----------
    frame : DataFrame
        Columns ``x``, ``x_low`` and ``x_high`` become one, as in `with_intervals`. An index without a name is hidden.
    digits : int
        After the point, in every number that has one.

    Returns
    -------
    Styler
        All text in it is escaped, which pandas' own default does not do.
    """
    from pandas.api.types import is_numeric_dtype

    shown = with_intervals(frame, digits)
    unnamed = not any(shown.index.names)
    shown = shown.reset_index(drop=True) if unnamed else shown
    words: Any = [name for name in shown.columns if not is_numeric_dtype(shown[name])]
    long = [name for name in words if shown[name].astype(str).str.len().max() > LONG]
    style = shown.style.format(
        dict.fromkeys(words, _breakable), precision=digits, na_rep=DASH, thousands=",", escape="html"
    )
    style = style.format_index(lambda name: str(name).replace("_", " "), axis=1, escape="html")
    style = style.set_properties(subset=words, **{"text-align": "left"})
    style = style.set_properties(subset=long, **{"min-width": "20em"})
    style = style.set_table_styles([{"selector": "th", "props": f"{LEFT}; {TOP}"}, {"selector": "td", "props": TOP}])
    return style.hide(axis="index") if unnamed else style


def _breakable(value: object) -> str:
    """Let a long label break at its underscores; the text comes escaped, and copied it is as before."""
    return re.sub(r"(?<=[_/])(?=\w)", "<wbr>", str(value))


def folded(frame: pd.DataFrame) -> str:
    """Return a table as HTML that is folded away, to stand under a figure that shows the same numbers."""
    table = readable(frame).set_uuid("table").to_html()
    return f"<details><summary>The same numbers as a table</summary>{table}</details>"


def with_intervals(frame: pd.DataFrame, digits: int = 2) -> pd.DataFrame:
    """Write each score into one cell with its interval, as ``0.70 [0.59, 0.77]``.

    Parameters
    ----------
    frame : DataFrame
        A score is a column ``x`` beside ``x_low`` and ``x_high``, which are dropped. What is undefined is a dash, and
        a score without ends stands alone.
    digits : int
        After the point.
    """
    scores = [name for name in frame.columns if {f"{name}_low", f"{name}_high"} <= set(frame.columns)]
    cells = {name: [_cell(row, digits) for row in frame[_ends(name)].to_numpy(float)] for name in scores}
    return frame.assign(**cells).drop(columns=[end for name in scores for end in _ends(name)[1:]])


def _ends(name: str) -> list[str]:
    return [name, f"{name}_low", f"{name}_high"]


def _cell(score: Iterable[float], digits: int) -> str:
    known = (None if math.isnan(each) else each for each in score)
    return format_cell(dict(zip(("value", "low", "high"), known, strict=True)), digits)
