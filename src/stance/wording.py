"""How scores, counts and names are written for people: in reports and comparisons, in tables and on the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

MINUS, DASH = "\N{MINUS SIGN}", "\N{EN DASH}"


def format_score(value: float | None, digits: int = 2) -> str:
    """Two digits, or a dash for what is undefined."""
    return DASH if value is None else f"{value:.{digits}f}"


def format_signed(value: float | None) -> str:
    """Two digits with a sign that lines up; what rounds to zero has none."""
    if value is None:
        return DASH
    text = f"{value:+.2f}".replace("-", MINUS)
    return text[1:] if text[1:] == "0.00" else text


def format_interval(cell: Mapping[str, Any], *, signed: bool = False) -> str:
    """``[low, high]``, or nothing where there is no interval."""
    show = format_signed if signed else format_score
    return "" if cell["low"] is None else f"[{show(cell['low'])}, {show(cell['high'])}]"


def format_cell(cell: Mapping[str, Any], digits: int = 2) -> str:
    """Write a score, and its interval where it has one: ``0.61 [0.55, 0.66]``."""
    value, low, high = (format_score(cell[key], digits) for key in ("value", "low", "high"))
    return value if cell["low"] is None else f"{value} [{low}, {high}]"


def format_count(number: int, noun: str) -> str:
    """Say how many, the noun in the plural where it should be."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def format_duration(seconds: float) -> str:
    """Minutes and seconds."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{seconds:.1f} s"


def format_place(row: Mapping[Any, Any]) -> str:
    """Name the article, and the characters of it that the statement is, where these are known."""
    known = row.get("start") is not None and row.get("end") is not None
    return f"{row['article_id']}" + (f", characters {row['start']:.0f}{DASH}{row['end']:.0f}" if known else "")


def metric_name(metric: str) -> str:
    """``motive_macro_f1`` as people write it."""
    return metric.replace("_", " ").replace("macro f1", "macro-F1")
