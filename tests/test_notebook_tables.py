import math

import pandas as pd
import pytest

from stance.notebook_tables import folded, readable, with_intervals

SCORES = pd.DataFrame({"label": ["a"], "f1": [0.70269], "f1_low": [0.5919], "f1_high": [0.7703], "n": [1234]})


def test_a_score_and_its_interval_share_a_cell():
    shown = with_intervals(SCORES)
    assert list(shown.columns) == ["label", "f1", "n"]
    assert shown["f1"].tolist() == ["0.70 [0.59, 0.77]"]
    assert with_intervals(SCORES, digits=3)["f1"].tolist() == ["0.703 [0.592, 0.770]"]


@pytest.mark.parametrize("nothing", [None, math.nan])
def test_what_is_undefined_is_a_dash_and_a_score_may_stand_alone(nothing):
    assert with_intervals(SCORES.assign(f1_low=nothing, f1_high=nothing))["f1"].tolist() == ["0.70"]
    assert with_intervals(SCORES.assign(f1=nothing, f1_low=nothing, f1_high=nothing))["f1"].tolist() == ["–"]


def test_a_lone_end_is_a_column_like_any_other():
    frame = pd.DataFrame({"low": [1], "x_low": [0.5], "x": [1.0]})
    assert with_intervals(frame).equals(frame)


def test_text_is_escaped_and_numbers_are_short():
    page = readable(
        pd.DataFrame({"a_<b>": ["<script>x_y</script>", None], "p": [0.123456, None], "n": [1234, 5]})
    ).to_html()
    assert "<script>" not in page
    assert "&lt;script&gt;x_<wbr>y&lt;/<wbr>script&gt;" in page
    assert "a &lt;b&gt;" in page
    assert ">0.12<" in page
    assert ">1,234<" in page
    assert page.count(">–<") == 2


def test_an_index_is_shown_where_it_has_a_name():
    frame = pd.DataFrame({"n": [1, 2]}, index=["first", "second"])
    assert "first" not in readable(frame).to_html()
    assert "first" in readable(frame.rename_axis("place")).to_html()
    twice = pd.concat([SCORES, SCORES])
    assert readable(twice).to_html().count("0.70 [0.59, 0.77]") == 2


def test_an_empty_frame_is_an_empty_table():
    assert "<table" in readable(pd.DataFrame()).to_html()
    assert "label" in readable(SCORES.iloc[:0]).to_html()


def test_a_folded_table_is_the_same_bytes_again():
    assert folded(SCORES) == folded(SCORES)
    assert folded(SCORES).startswith("<details>")
