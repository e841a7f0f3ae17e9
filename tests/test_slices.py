import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.codebook import load_codebook
from stance.plots import figure_to_svg
from stance.slices import BETTER, RESAMPLES, SMALL, UNCLEAR, WORSE, Slices, holm, score_slices

CODEBOOK = load_codebook()


def _predictions(n=200, articles=40, right=0.7, seed=0, **columns):
    """Make predictions that are right by chance, all alike in every trait but those given."""
    rng = np.random.default_rng(seed)
    chosen = rng.random(n) < np.broadcast_to(right, n)
    frame = pd.DataFrame({"article_id": [f"a{i % articles}" for i in range(n)], "motive": "direct_talks"})
    frame["stance"] = "supportive"
    frame["predicted_motive"] = np.where(chosen, "direct_talks", "none")
    frame["predicted_stance"] = np.where(chosen, "supportive", "neutral")
    same = {"outlet": "The Lamp", "year": 2018, "genre": "opinion", "words": 25}
    traits = dict.fromkeys(("quote", "hedged", "agreed", "headed"), False)
    return frame.assign(**(same | traits | columns))


def _by(rows, by):
    return {row["value"]: row for row in rows if row["by"] == by}


def test_a_much_worse_slice_is_found_and_its_rest_is_better():
    hedged = np.arange(200) % 4 == 0
    rows = score_slices(_predictions(right=np.where(hedged, 0.2, 0.9), hedged=hedged), CODEBOOK, seed=0)
    yes, no = _by(rows, "hedged")["yes"], _by(rows, "hedged")["no"]
    assert (yes["finding"], no["finding"]) == (WORSE, BETTER)
    assert (yes["n_statements"], no["n_statements"]) == (50, 150)
    assert np.isclose(yes["difference"]["value"], -no["difference"]["value"])
    apart = yes["headline"]["joint_accuracy"]["value"] - no["headline"]["joint_accuracy"]["value"]
    assert np.isclose(yes["difference"]["value"], apart, atol=1e-5)
    assert yes["difference"]["low"] < yes["difference"]["value"] < yes["difference"]["high"] < 0
    # The two are one comparison, and no other trait differs.
    assert yes["comparisons"] == 1
    assert yes["p"] == no["p"] == yes["p_adjusted"] < 0.05


def test_slices_that_differ_by_chance_alone_are_mostly_not_found():
    findings = []
    for seed in range(8):
        rng = np.random.default_rng(100 + seed)
        columns = {name: rng.random(200) < 0.5 for name in ("quote", "hedged", "headed")}
        columns["year"] = rng.choice([2016, 2017, 2018], 200)
        findings += [row["finding"] for row in score_slices(_predictions(seed=seed, **columns), CODEBOOK, seed=0)]
    assert findings.count(UNCLEAR) > 0.97 * len(findings)


def test_a_trait_that_all_share_is_no_slice():
    assert score_slices(_predictions(), CODEBOOK, seed=0) == []
    assert score_slices(_predictions(0, 1), CODEBOOK, seed=0) == []


def test_few_statements_or_articles_say_nothing_even_if_all_are_wrong():
    few = np.arange(200) < 20
    rows = score_slices(_predictions(right=np.where(few, 0, 1), hedged=few), CODEBOOK, seed=0)
    yes, no = _by(rows, "hedged")["yes"], _by(rows, "hedged")["no"]
    assert (yes["small"], no["small"]) == (True, False)
    assert yes["finding"] == no["finding"] == SMALL  # nothing to compare the large one to
    assert yes["p"] is None
    assert yes["comparisons"] == 0
    assert yes["difference"]["value"] == -1
    alone = score_slices(_predictions(200, 2, hedged=np.arange(200) % 2 == 0), CODEBOOK, seed=0)
    assert all(row["small"] and row["finding"] == SMALL for row in alone)
    assert alone[0]["difference"]["low"] is None


def test_outlets_with_few_statements_share_a_slice():
    outlet = np.array(["Reuters"] * 100 + ["BBC"] * 91 + ["Tiny"] * 5 + [""] * 4)
    rows = _by(score_slices(_predictions(outlet=outlet), CODEBOOK, seed=0), "outlet")
    assert {value: row["n_statements"] for value, row in rows.items()} == {"Reuters": 100, "BBC": 91, "other": 9}
    assert list(rows)[-1] == "other"


def test_unknown_years_and_agreement_from_a_file_are_told_apart_from_known_ones():
    frame = _predictions(4, 4, year=[2003, 2017, 2025, None], agreed=[True, False, None, None])
    frame["agreed"] = frame["agreed"].astype(object)
    assert frame["year"].dtype == float
    rows = score_slices(frame, CODEBOOK, seed=0)
    assert list(_by(rows, "year")) == ["up to 2016", "2017", "2021 on", "unknown"]
    assert {value: row["n_statements"] for value, row in _by(rows, "agreed").items()} == {"yes": 1, "no": 1}


def test_one_seed_gives_the_same_bytes_whatever_the_order_of_rows():
    frame = _predictions(hedged=np.arange(200) % 3 == 0)
    first = json.dumps(score_slices(frame, CODEBOOK, seed=1), allow_nan=False)
    assert json.dumps(score_slices(frame, CODEBOOK, seed=1), allow_nan=False) == first
    compared = [
        (row["p"], row["difference"]) for row in score_slices(frame.sample(frac=1, random_state=0), CODEBOOK, seed=1)
    ]
    assert compared == [(row["p"], row["difference"]) for row in json.loads(first)]


def test_holm_as_worked_by_hand():
    assert np.allclose(holm([0.01, 0.04, 0.03, 0.005]), [0.03, 0.06, 0.06, 0.02])
    assert holm([]) == []


def test_even_after_a_hundred_comparisons_a_difference_could_be_found():
    assert 2 / (1 + RESAMPLES) * 100 < 0.05


@given(st.lists(st.floats(0, 1), max_size=30))
def test_holm_never_lowers_a_p_nor_changes_their_order(p):
    adjusted = np.asarray(holm(p))
    assert np.all(adjusted >= np.asarray(p) - 1e-6)
    assert np.all(adjusted <= np.minimum(1, np.asarray(p) * len(p)) + 1e-6)
    order = np.argsort(p, kind="stable")
    assert np.all(np.diff(adjusted[order]) >= 0)


@settings(deadline=None, max_examples=25)
@given(st.data())
def test_any_predictions_give_plain_data_whose_parts_add_up(data):
    n = data.draw(st.integers(1, 40))
    draw = lambda strategy: data.draw(st.lists(strategy, min_size=n, max_size=n))  # noqa: E731
    frame = _predictions(
        n,
        data.draw(st.integers(1, 10)),
        outlet=draw(st.sampled_from(["", "A", "B"])),
        genre=draw(st.sampled_from(["", "opinion", "other"])),
        year=draw(st.sampled_from([None, 1950, 2017, 2030])),
        words=draw(st.integers(0, 300)),
        quote=draw(st.booleans()),
        agreed=pd.Series(draw(st.sampled_from([True, False, None])), dtype=object),
    )
    rows = score_slices(frame, CODEBOOK, seed=0)
    json.dumps(rows, allow_nan=False)
    for by in {row["by"] for row in rows} - {"agreed"}:
        assert sum(row["n_statements"] for row in rows if row["by"] == by) == n


def test_the_table_and_the_picture_hold_every_slice():
    hedged = np.arange(200) % 4 == 0
    outlet = np.where(hedged, "<b>Loud & Co</b>", "The Standing Committee on External Security of the Assembly")
    rows = score_slices(_predictions(right=np.where(hedged, 0.2, 0.9), outlet=outlet), CODEBOOK, seed=0)
    slices = Slices.from_evaluation({"slices": rows, "headline": {"joint_accuracy": {"value": 0.7}}})
    frame = slices.frame()
    assert len(frame) == 2
    assert {"by", "value", "joint_accuracy", "joint_accuracy_low", "difference_high", "finding"} <= set(frame.columns)
    page = slices._repr_html_()
    assert "<b>" not in page
    assert "&lt;b&gt;Loud &amp; Co" in page
    assert slices._repr_html_() == page
    assert slices.plot() is slices
    labels = slices.ax_.get_yticklabels()
    assert labels[0].get_text() == "outlet"
    assert min(text.get_fontsize() for text in [*labels, *slices.ax_.get_legend().get_texts()]) >= 8
    assert "worse than the rest" in figure_to_svg(slices.ax_.get_figure())


@pytest.mark.parametrize("rows", [[], None])
def test_no_slices_are_an_empty_table(rows):
    slices = Slices(rows or [])
    assert slices.frame().empty
    assert "<svg" in slices._repr_html_()
