"""The motive map on a terminal: a bar a motive, doubt to the left of the line and support to the right."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stance.tables import STYLES

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions
    from rich.text import Text

    from stance.motive_map import MotiveMap

WIDEST = 110  # columns; longer bars say no more
NAME = 30  # columns of a motive's name at most, before it wraps
LEAST = 16  # columns of a side: room for a corrected count with its interval
MOST_COLUMNS = 3  # that one statement takes: five statements should not look like many


@dataclass(frozen=True)
class MapChart:
    """Bars of a map: solid what the model stands by, shaded what it holds back. No colour is needed to read it."""

    map: MotiveMap
    brief: bool = False  # one of several: what holds of them all is said once, by whoever prints them

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        """Yield the lines for a terminal's width and letters."""
        from rich.text import Text

        plain = options.ascii_only or options.legacy_windows
        solid, shade, line = ("#", ".", "|") if plain else ("█", "░", "│")
        layout = _layout(self.map, min(options.max_width, WIDEST))
        if self.map.title:
            yield Text(self.map.title, style="bold")
        if not self.map.totals["statements"]:
            yield Text("no statements found")
            return
        yield self._heading(layout, line)
        for row in self.map.rows:
            yield from _bars(row, self.map, layout, (solid, shade, line))
        said, ranked = sentences(self.map, shade)
        for sentence in [said] if self.brief else [said, ranked, self.map.correction]:
            yield Text(sentence.replace("≈", "~") if plain else sentence, style="dim")

    def _heading(self, layout: _Layout, line: str) -> Text:
        from rich.text import Text

        names = [
            self.map.codebook.label("stance", stance).name.lower() for stance in (*self.map.leanings, "")[:2] if stance
        ]
        right, left = (*names, "")[:2]
        text = Text(" " * (layout.name + 1))
        return text.append(f"{left} ".rjust(layout.left), STYLES[1]).append(line).append(f" {right}", STYLES[0])


@dataclass(frozen=True)
class _Layout:
    """Columns of the name and of either side, and how many of them a statement takes."""

    name: int
    left: int
    right: int
    scale: float


def sentences(map_: MotiveMap, shade: str) -> tuple[str, str]:
    """Say what was counted, what was left out, and how motives are ranked."""
    totals, held = map_.totals, sum(row["abstained"] for row in map_.rows)
    said = f"{totals['statements']:,} statements of {totals['articles']:,} article{'s' * (totals['articles'] != 1)}: "
    said += f"{map_.with_motive:,} with a motive ({held:,} of them held back: {shade}), {totals['no_motive']:,} without"
    outside = totals["out_of_domain"]
    said += f"; {outside:,} out of domain, not counted." if outside else "."
    ranked = {
        "support": "by the statements that assert them", "doubt": "by the statements that doubt them",
        "net": "by support less doubt", "statements": "by all their statements", "codebook": "in the codebook's order",
    }[map_.sort]  # fmt: skip
    return said, f"Motives are ranked {ranked}. Kept + held back beside each bar."


def _layout(map_: MotiveMap, width: int) -> _Layout:
    """Share the width between both sides, so that a statement takes as much on either."""
    name = min(NAME, max(len(row["name"]) for row in map_.rows))
    room = max(width - name - 2, 2 * LEAST)
    most = [max(_drawn(row, stance) for row in map_.rows) for stance in (*map_.leanings, "")[:2]]
    label = max(len(_label(row, stance)) for row in map_.rows for stance in map_.leanings[:2]) + 2
    scale = min((room - 2 * label) / max(sum(most), 1), (room - LEAST - label) / max(*most, 1), MOST_COLUMNS)
    left = min(max(LEAST, round(most[1] * scale) + label), room - LEAST)
    return _Layout(name, left, room - left, max(scale, 0.0))


def _bars(row: Mapping[str, Any], map_: MotiveMap, layout: _Layout, marks: tuple[str, str, str]) -> Iterator[Text]:
    """Yield a motive's lines: its bars, its corrected counts below them, and what its name still needs."""
    from rich.text import Text

    solid, shade, line = marks
    support, doubt = (*map_.leanings, "")[:2]
    right, left = (_bar(row, stance, layout.scale, solid, shade) for stance in (support, doubt))
    names = textwrap.wrap(row["name"], layout.name) or [""]
    text = Text(names[0].ljust(layout.name + 1))
    text.append(f"{_label(row, doubt)} ".rjust(layout.left - len(left)), "dim").append(left[::-1], STYLES[1])
    yield text.append(line).append(right, STYLES[0]).append(f" {_label(row, support)}".rstrip(), "dim")
    below = [_corrected(row, stance, marks) for stance in (doubt, support)]
    for number in range(1, max(len(names), 2 if row["corrected"] else 1)):
        cells = below if number == 1 and row["corrected"] else ["", ""]
        text = Text((names[number] if number < len(names) else "").ljust(layout.name + 1))
        yield text.append(f"{cells[0]} ".rjust(layout.left) + line + f" {cells[1]}".rstrip(), "dim")


def _bar(row: Mapping[str, Any], stance: str, scale: float, solid: str, shade: str) -> str:
    """Draw from the line outward; whatever there is takes a column at least."""
    kept, held = (row.get(name, 0) for name in (stance, f"abstained_{stance}"))
    whole, inner = round((kept + held) * scale), round(kept * scale)
    inner = max(inner, 1) if kept else 0
    return solid * inner + shade * (max(whole - inner, 1) if held else 0)


def _drawn(row: Mapping[str, Any], stance: str) -> int:
    return int(row.get(stance, 0) + row.get(f"abstained_{stance}", 0)) if stance else 0


def _label(row: Mapping[str, Any], stance: str) -> str:
    kept, held = row.get(stance, 0), row.get(f"abstained_{stance}", 0)
    return f"{kept}+{held}" if held else str(kept) if kept else ""


def _corrected(row: Mapping[str, Any], stance: str, marks: tuple[str, str, str]) -> str:
    if not row["corrected"] or not stance:
        return ""
    cell = row["corrected"][stance]
    about, dash = ("~", "-") if marks[0] == "#" else ("≈", "–")
    return f"{about}{cell['value']:.0f} ({cell['low']:.0f}{dash}{cell['high']:.0f})"
