import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as oracle
from tiny_predictions import CODEBOOK, predictions

from stance.axis_scores import axis_answers, joint_answers, joint_labels
from stance.bootstrap import bootstrap_cells
from stance.metrics import brier_score, confusion, expected_calibration_error, log_loss, per_label, reliability_bins


def _block(answers, frame, seed=0):
    (cells,) = bootstrap_cells([answers.measure()], frame["article_id"], seed=seed)
    return answers.block(cells)


def _axis(frame, axis="motive"):
    return _block(axis_answers(frame, axis, CODEBOOK.labels(axis)), frame)


def _joint(frame):
    return _block(joint_answers(frame, CODEBOOK), frame)


def _cells(node):
    """Every cell in a block."""
    if isinstance(node, dict) and node.keys() == {"value", "low", "high"}:
        return [node]
    inner = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    return [cell for each in inner for cell in _cells(each)]


def test_a_block_agrees_with_the_plain_functions():
    frame, labels = predictions(), CODEBOOK.labels("motive")
    gold, predicted = frame["motive"], frame["predicted_motive"]
    proba = frame[[f"proba_motive_{label}" for label in labels]]
    block = _axis(frame)
    expected = {
        "accuracy": (gold == predicted).mean(),
        "log_loss": log_loss(gold, proba, labels),
        "brier": brier_score(gold, proba, labels),
        "ece": expected_calibration_error(gold, predicted, frame["motive_proba"]),
    }
    assert {name: block[name]["value"] for name in expected} == pytest.approx(expected, abs=1e-6)
    macro = oracle.precision_recall_fscore_support(gold, predicted, average="macro", zero_division=0)[:3]
    assert [block["macro"][name]["value"] for name in ("precision", "recall", "f1")] == pytest.approx(macro, abs=1e-6)
    plain = [
        {key: value["value"] if isinstance(value, dict) else value for key, value in row.items()}
        for row in block["labels"]
    ]
    assert plain == per_label(gold, predicted, labels)
    assert block["confusion"] == confusion(gold, predicted, labels)
    assert block["reliability"] == reliability_bins(gold, predicted, frame["motive_proba"])


@settings(max_examples=30)  # each resamples three times
@given(st.integers(0, 50), st.integers(2, 40), st.integers(2, 12))
def test_every_interval_is_in_order(seed, n, articles):
    frame = predictions(n, articles, seed)
    for block in (_axis(frame), _axis(frame, "stance"), _joint(frame)):
        for cell in _cells(block):
            assert (cell["low"] is None) == (cell["high"] is None)
            assert cell["low"] is None or cell["value"] is not None
            assert cell["low"] is None or cell["low"] <= cell["high"]


def test_joint_labels_pair_the_null_motive_with_the_null_stance_alone():
    named = ("talks/pro", "talks/con", "talks/neutral", "pride/pro", "pride/con", "pride/neutral", "none/neutral")
    assert joint_labels(CODEBOOK) == named


def test_both_axes_as_one_are_scored_by_the_event_that_both_are_right():
    frame = predictions()
    right = (frame["motive"] == frame["predicted_motive"]) & (frame["stance"] == frame["predicted_stance"])
    block = _joint(frame)
    assert block["accuracy"]["value"] == pytest.approx(right.mean(), abs=1e-6)
    assert block["log_loss"]["value"] == pytest.approx(oracle.log_loss(right, frame["joint_proba"]), abs=1e-6)
    assert block["brier"]["value"] == pytest.approx(oracle.brier_score_loss(right, frame["joint_proba"]), abs=1e-6)
    error = expected_calibration_error(right, np.ones(len(right), dtype=bool), frame["joint_proba"])
    assert block["ece"]["value"] == pytest.approx(error, abs=1e-6)
    assert sum(row["n"] for row in block["labels"]) == sum(row["n"] for row in block["reliability"]) == 120
    assert "confusion" not in block


def test_a_label_without_statements_keeps_its_row():
    frame = predictions()
    frame = frame[(frame["motive"] != "pride") & (frame["predicted_motive"] != "pride")]
    row = _axis(frame)["labels"][1]
    nothing = {"value": None, "low": None, "high": None}
    assert row == {"label": "pride", **dict.fromkeys(("precision", "recall", "f1"), nothing), "n": 0, "n_predicted": 0}


def test_unknown_proba_leave_their_scores_undefined():
    frame = predictions()
    frame = frame.drop(columns=[column for column in frame if column.startswith("proba_") or column == "joint_proba"])
    for block, unknown in ((_axis(frame), ("log_loss", "brier")), (_joint(frame), ("log_loss", "brier", "ece"))):
        assert [block[name]["value"] for name in unknown] == [None] * len(unknown)
        assert block["accuracy"]["low"] is not None
    assert _axis(frame)["ece"]["value"] is not None
    assert _joint(frame)["reliability"] == []


def test_log_loss_resamples_as_a_loop_over_articles_would():
    frame, labels = predictions(60, 8), CODEBOOK.labels("motive")
    groups = [rows for _, rows in frame.groupby("article_id")]
    drawn = np.random.default_rng(0).multinomial(len(groups), np.full(len(groups), 1 / len(groups)), size=2_000)
    columns = [f"proba_motive_{label}" for label in labels]
    sums = np.array([log_loss(rows["motive"], rows[columns], labels) * len(rows) for rows in groups])
    resampled = (drawn @ sums) / (drawn @ np.array([len(rows) for rows in groups]))
    cell = _axis(frame)["log_loss"]
    assert [cell["low"], cell["high"]] == pytest.approx(np.quantile(resampled, [0.025, 0.975]), abs=1e-6)
