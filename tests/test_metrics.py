import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as oracle
from sklearn.metrics import confusion_matrix, f1_score, precision_recall_fscore_support

from stance.metrics import (
    brier_score,
    confusion,
    expected_calibration_error,
    joint_accuracy,
    log_loss,
    macro_f1,
    per_label,
    reliability_bins,
)

LABELS = ("b", "a", "c", "d")  # not in alphabetical order: the caller's order must win
PAIRS = st.lists(st.tuples(st.sampled_from(LABELS), st.sampled_from(LABELS)), min_size=1, max_size=60)


@given(PAIRS)
def test_scores_agree_with_scikit_learn(pairs):
    gold, predicted = zip(*pairs, strict=True)
    expected = f1_score(gold, predicted, labels=LABELS, average="macro", zero_division=np.nan)
    assert macro_f1(gold, predicted, LABELS) == pytest.approx(expected)
    assert confusion(gold, predicted, LABELS) == confusion_matrix(gold, predicted, labels=LABELS).tolist()


@given(PAIRS)
def test_per_label_agrees_with_scikit_learn(pairs):
    gold, predicted = zip(*pairs, strict=True)
    rows = per_label(gold, predicted, LABELS)
    expected = precision_recall_fscore_support(gold, predicted, labels=LABELS, zero_division=np.nan)
    assert [row["label"] for row in rows] == list(LABELS)
    for key, column in zip(("precision", "recall", "f1", "n"), expected, strict=True):
        own = [np.nan if row[key] is None else row[key] for row in rows]
        np.testing.assert_allclose(own, column, atol=1e-6)
    assert [row["n_predicted"] for row in rows] == [predicted.count(label) for label in LABELS]


def test_a_label_without_statements_keeps_its_row_and_has_no_scores():
    assert per_label(["a"], ["a"], ("a", "b"))[1] == {
        "label": "b",
        "precision": None,
        "recall": None,
        "f1": None,
        "n": 0,
        "n_predicted": 0,
    }


def test_a_label_never_predicted_has_no_precision_and_f1_zero():
    row = per_label(["a", "b"], ["a", "a"], ("a", "b"))[1]
    assert (row["precision"], row["recall"], row["f1"], row["n"]) == (None, 0.0, 0.0, 1)


def test_macro_f1_counts_a_label_that_is_only_predicted_as_zero():
    assert macro_f1(["a", "a"], ["a", "c"], LABELS) == pytest.approx((2 / 3 + 0) / 2)


@pytest.mark.parametrize("score", [per_label, macro_f1, confusion])
def test_an_unknown_label_is_an_error(score):
    with pytest.raises(ValueError, match="'z' is not one of the labels"):
        score(["a"], ["z"], LABELS)
    with pytest.raises(ValueError, match="1 gold labels, but 2 predicted"):
        score(["a"], ["a", "a"], LABELS)


def test_zero_statements_have_no_scores():
    assert np.isnan(macro_f1([], [], LABELS))
    assert np.isnan(joint_accuracy([], [], [], []))
    assert np.isnan(expected_calibration_error([], [], []))
    assert np.isnan(log_loss([], np.empty((0, 4)), LABELS))
    assert np.isnan(brier_score([], np.empty((0, 4)), LABELS))
    assert reliability_bins([], [], []) == []
    assert confusion([], [], ("a", "b")) == [[0, 0], [0, 0]]
    assert [row["n"] for row in per_label([], [], LABELS)] == [0, 0, 0, 0]


def test_joint_accuracy_needs_both_axes_right():
    assert joint_accuracy(["a", "a", "b"], ["a", "a", "a"], ["x", "y", "x"], ["x", "x", "x"]) == pytest.approx(1 / 3)


def test_calibration_error_of_a_worked_example():
    # One bin holds 0.9 and 0.9 with one right (gap 0.4, weight 1/2); one holds 0.6 and 0.6, both right (gap 0.4).
    error = expected_calibration_error(list("aaaa"), list("abaa"), [0.9, 0.9, 0.6, 0.6])
    assert error == pytest.approx(0.4)


@given(st.lists(st.tuples(st.booleans(), st.floats(0, 1)), min_size=1, max_size=50))
def test_calibration_error_agrees_with_a_loop_over_bins(rows):
    right, proba = (np.array(column) for column in zip(*rows, strict=True))
    edges = np.arange(16) / 15
    expected = 0.0
    for index in range(15):
        inside = (np.ceil(proba * 15) == index + 1) | ((index == 0) & (proba == edges[0]))
        if inside.any():
            expected += inside.mean() * abs(proba[inside].mean() - right[inside].mean())
    gold = np.where(right, "a", "b")
    assert expected_calibration_error(gold, ["a"] * len(gold), proba) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("score", [expected_calibration_error, reliability_bins])
@pytest.mark.parametrize("proba", [1.2, -0.1, np.nan])
def test_a_proba_outside_0_to_1_is_an_error(score, proba):
    with pytest.raises(ValueError, match="between 0 and 1"):
        score(["a"], ["a"], [proba])


def test_bins_hold_what_the_calibration_error_sums_up():
    rows = reliability_bins(list("aaaaa"), list("abaaa"), [0.9, 0.9, 0.6, 0.6, 0.0])
    assert rows == [
        {"low": 0.0, "high": 0.066667, "n": 1, "confidence": 0.0, "accuracy": 1.0},
        {"low": 0.533333, "high": 0.6, "n": 2, "confidence": 0.6, "accuracy": 1.0},
        {"low": 0.866667, "high": 0.933333, "n": 2, "confidence": 0.9, "accuracy": 0.5},
    ]
    error = sum(row["n"] * abs(row["confidence"] - row["accuracy"]) for row in rows) / 5
    assert expected_calibration_error(list("aaaaa"), list("abaaa"), [0.9, 0.9, 0.6, 0.6, 0.0]) == pytest.approx(error)


def _proba(n, seed=0):
    return np.random.default_rng(seed).dirichlet(np.ones(len(LABELS)), n)


@given(st.lists(st.sampled_from(LABELS), min_size=1, max_size=40), st.integers(0, 10))
def test_log_loss_and_brier_score_agree_with_scikit_learn(gold, seed):
    proba = _proba(len(gold), seed)
    names = sorted(LABELS)  # scikit-learn takes columns in alphabetical order
    columns = proba[:, [LABELS.index(name) for name in names]]
    expected = oracle.log_loss(gold, np.clip(columns, 1e-6, None), labels=names)
    assert log_loss(gold, proba, LABELS) == pytest.approx(expected, abs=1e-5)
    assert brier_score(gold, proba, LABELS) == pytest.approx(oracle.brier_score_loss(gold, columns, labels=names))


def test_a_stored_proba_of_0_costs_as_much_as_one_of_a_millionth():
    assert log_loss(["a"], [[0.0, 1.0]], ("a", "b")) == pytest.approx(-np.log(1e-6))
    assert log_loss(["b"], [[0.0, 1.0]], ("a", "b")) == 0.0


def test_brier_score_runs_from_0_to_2():
    assert brier_score(["a", "b"], [[1, 0], [0, 1]], ("a", "b")) == 0.0
    assert brier_score(["a", "b"], [[0, 1], [1, 0]], ("a", "b")) == 2.0
    assert brier_score(["a"], [[0.5, 0.5]], ("a", "b")) == 0.5


@pytest.mark.parametrize("score", [log_loss, brier_score])
def test_a_proba_of_an_unknown_label_is_an_error(score):
    with pytest.raises(ValueError, match="'z' is not one of the labels"):
        score(["z"], _proba(1), LABELS)
