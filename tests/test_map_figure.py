import re

import pytest
from mapped import CODEBOOK, rates, table

from stance.map_figure import map_png, map_svg
from stance.motive_map import motive_map

CELLS = [("talks", "pro", "ok")] * 30 + [("talks", "con", "abstain")] * 9 + [("pride", "pro", "abstain")] * 15
DETAILS = {
    "source": [f"Speaker {n % 12}" for n in range(54)],
    "outlet": "The Harbour Post",
    "date": [f"20{10 + n % 3 * 2}-0{n % 9 + 1}" for n in range(54)],
}
WAYS = (None, "source", "outlet", "year", "month", "article")


def drawn():
    return motive_map(table(CELLS, **DETAILS), CODEBOOK, rates())


@pytest.mark.parametrize("by", WAYS)
def test_equal_maps_are_equal_bytes(by):
    assert map_svg(drawn(), by) == map_svg(drawn(), by)


def test_png_is_the_same_twice():
    assert map_png(drawn()) == map_png(drawn())
    assert map_png(drawn()).startswith(b"\x89PNG")


@pytest.mark.parametrize("by", WAYS)
def test_nothing_can_be_drawn(by):
    nothing = motive_map(table([], source="", outlet="", date=""), CODEBOOK, rates())
    assert map_svg(nothing, by).startswith("<svg")


def test_it_says_what_it_shows():
    svg = map_svg(drawn())
    assert 'role="img"' in svg
    label = re.search(r'aria-label="([^"]*)"', svg)[1]
    assert "Talks: 30 pro, 9 con" in label
    assert "Pride: 15 pro, 0 con" in label


def test_a_name_cannot_break_out_of_the_picture():
    label = CODEBOOK.to_dict()
    label["axes"][0]["labels"][0]["name"] = '"><script>alert(1)</script>'
    svg = map_svg(motive_map(table(CELLS), type(CODEBOOK).from_dict(label)))
    assert "<script" not in svg


def test_groups_beyond_the_largest_are_said_to_be_left_out():
    assert "3 more not shown" in map_svg(drawn(), "source")


def test_years_without_a_statement_keep_their_place():
    figure = drawn().figure("year")
    names = [label.get_text() for label in figure.axes[0].get_xticklabels()]
    assert names == ["2010", "2011", "2012", "2013", "2014"]


def test_a_notebook_shows_the_figure():
    assert drawn()._repr_html_().startswith("<svg")
