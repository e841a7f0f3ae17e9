import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_report import CODEBOOK, FRAMES

from stance import reliability as module
from stance.bootstrap import draw_clusters
from stance.reliability import (
    aurc_cell,
    choose_abstention,
    reliability,
    risk_at,
    risk_coverage,
    selective_risk,
    weighted_aurc,
)


def test_risk_counts_the_wrong_among_the_surest():
    curve = risk_coverage([0.9, 0.8, 0.7, 0.6], [True, False, True, False])
    assert curve["coverage"] == [0.25, 0.5, 0.75, 1.0]
    assert np.allclose(curve["risk"], [0, 1 / 2, 1 / 3, 1 / 2], atol=1e-6)
    assert np.isclose(curve["aurc"], np.mean([0, 1 / 2, 1 / 3, 1 / 2]), atol=1e-6)
    assert [risk_at(curve, c) for c in (1.0, 0.5)] == [0.5, 0.5]


def test_zero_statements_have_no_curve():
    assert risk_coverage([], []) == {"coverage": [], "risk": [], "aurc": None}
    assert risk_at(risk_coverage([], []), 0.8) is None


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 4)), min_size=1, max_size=30))
def test_the_area_of_weighted_statements_is_that_of_repeated_ones(rows):
    wrong, times = (np.array(column) for column in zip(*rows, strict=True))
    repeated = np.repeat(wrong, times)
    if len(repeated):
        expected = selective_risk(np.arange(len(repeated), 0, -1), ~repeated).mean()
        assert weighted_aurc(wrong.astype(bool), times[None])[0] == pytest.approx(expected)


def _answers(n=60, articles=9):
    rng = np.random.default_rng(0)
    sure = rng.random(n)
    return sure, rng.random(n) < sure, rng.integers(0, articles, n)


def test_the_interval_of_the_area_is_that_of_a_loop_over_resamples(monkeypatch):
    sure, right, articles = _answers()
    found = aurc_cell(sure, right, articles, seed=2)
    order = np.argsort(-sure)
    areas = []
    for times in np.concatenate(list(draw_clusters(9, seed=2))):
        each = np.repeat(order, times[articles[order]])
        areas.append(selective_risk(np.arange(len(each), 0, -1), right[each]).mean())
    assert found["value"] == risk_coverage(sure, right)["aurc"]
    assert [found["low"], found["high"]] == pytest.approx(np.quantile(areas, [0.025, 0.975]), abs=1e-6)
    monkeypatch.setattr(module, "CHUNK", 1_000)
    assert aurc_cell(sure, right, articles, seed=2) == found


def test_the_area_of_hardly_anything_has_no_interval():
    assert aurc_cell([], [], []) == {"value": None, "low": None, "high": None}
    assert aurc_cell([0.9, 0.8], [True, False], ["a", "a"]) == {"value": 0.25, "low": None, "high": None}


def _frame(collection, split, n, batch=""):
    frame = FRAMES[0].head(n).assign(collection=collection, split=split, batch=batch)
    return frame.assign(joint_proba=frame["motive_proba"] * frame["stance_proba"])


def test_calibration_is_told_before_and_after():
    frame = _frame("newswire", "validation", 100)
    frame = frame.assign(**{f"{axis}_proba_uncalibrated": 1.0 for axis in CODEBOOK.axes})
    found = reliability(frame, CODEBOOK)
    assert found["risk_coverage"]["aurc_cell"]["value"] == found["risk_coverage"]["aurc"]
    wrong = (frame["motive"] != frame["predicted_motive"]).mean()
    assert np.isclose(found["calibration"]["motive"]["before"], wrong, atol=1e-6)
    assert found["calibration"]["motive"]["after"] != found["calibration"]["motive"]["before"]


def test_few_validation_statements_are_joined_by_natural_out_of_fold_ones():
    validation, test = _frame("newswire", "validation", 60), _frame("newswire", "test", 60)
    out_of_fold = pd.concat([_frame("newswire", "train", 50, "n"), _frame("newswire", "train", 40, "s")])
    predictions = pd.concat([validation, test])
    chosen, where = choose_abstention(predictions, out_of_fold, "newswire", 0.9, CODEBOOK)
    assert chosen.statements == 110
    assert where == "newswire validation (60) and newswire out-of-fold (50)"


def test_nothing_is_chosen_where_nothing_but_test_was_predicted():
    test = _frame("newswire", "test", 60)
    assert choose_abstention(test, test[:0], "newswire", 0.9, CODEBOOK) is None
