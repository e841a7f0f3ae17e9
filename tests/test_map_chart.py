import io

import pytest
from mapped import CODEBOOK, rates, table
from rich.console import Console

from stance.motive_map import motive_map

CELLS = [("talks", "pro", "ok")] * 30 + [("talks", "con", "abstain")] * 9 + [("pride", "pro", "abstain")] * 5
OUTSIDE = [("talks", "pro", "out_of_domain")] * 2


def printed(found, width=80, **console):
    out = io.StringIO()
    Console(file=out, width=width, **console).print(found.chart())
    return out.getvalue()


@pytest.mark.parametrize("width", [80, 100, 200])
@pytest.mark.parametrize("known", [None, rates()])
def test_bars_and_numbers_fit_the_terminal_and_share_one_line(width, known):
    text = printed(motive_map(table(CELLS * 20), CODEBOOK, known), width)
    bars = [line for line in text.splitlines() if "│" in line]
    assert len({line.index("│") for line in bars}) == 1
    assert max(map(len, text.splitlines())) <= width
    assert len(bars) == (3 if known is None else 5)  # a heading, two motives, and below each what is corrected


def test_doubt_is_left_support_right_and_what_is_held_back_shaded():
    text = printed(motive_map(table(CELLS + OUTSIDE), CODEBOOK))
    talks = next(line for line in text.splitlines() if line.startswith("Talks"))
    left, right = talks.split("│")
    assert "0+9 ░" in left
    assert "█" not in left
    assert right.startswith("█")
    assert right.endswith(" 30")
    assert "2 out of domain" in text


def test_the_smallest_count_is_seen():
    text = printed(motive_map(table([("talks", "pro", "ok")] * 5_000 + [("pride", "con", "ok")]), CODEBOOK))
    assert "1 █│" in text


def test_nothing_needs_colour():
    found = motive_map(table(CELLS), CODEBOOK)
    assert "\x1b[" not in printed(found, force_terminal=True, no_color=True, color_system=None)
    assert "█" in printed(found, force_terminal=True, color_system=None)


def test_a_terminal_without_blocks_gets_plain_letters():
    class Ascii(io.StringIO):
        encoding = "ascii"

    out = Ascii()
    Console(file=out, width=80).print(motive_map(table(CELLS * 2), CODEBOOK, rates()).chart())
    assert out.getvalue().isascii()
    assert ".|#" in out.getvalue()
    assert "~" in out.getvalue()


def test_no_statement_is_said():
    assert "no statements found" in printed(motive_map(table([]), CODEBOOK))
