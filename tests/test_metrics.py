import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import confusion_matrix, f1_score, precision_recall_fscore_support

from stance.codebook import Codebook
from stance.metrics import (
    cluster_bootstrap,
    confusion,
    evaluate,
    evaluate_labels,
    expected_calibration_error,
    joint_accuracy,
    macro_f1,
    per_label,
)

LABELS = ("b", "a", "c", "d")  # not in alphabetical order: the caller's order must win
PAIRS = st.lists(st.tuples(st.sampled_from(LABELS), st.sampled_from(LABELS)), min_size=1, max_size=60)


def _codebook():
    def axis(name, *labels):
        made = [{"id": label, "name": label.title(), "definition": "."} for label in labels]
        return {
            "id": name,
            "question": "?",
            "instructions": ".",
            "null_label": labels[-1],
            "target": "t",
            "labels": made,
        }

    axes = [axis("motive", "talks", "pride", "none"), axis("stance", "pro", "con", "neutral")]
    return Codebook.from_dict({"name": "tiny", "version": "1", "title": "t", "unit": "u", "axes": axes})


CODEBOOK = _codebook()


def _frame(n=120, articles=20, seed=0, right=0.6):
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {"statement_id": [f"s{i}" for i in range(n)], "article_id": rng.integers(0, articles, n).astype(str)}
    )
    for axis in CODEBOOK.axes:
        labels = CODEBOOK.labels(axis)
        frame[axis] = rng.choice(labels, n)
        frame[f"predicted_{axis}"] = np.where(rng.random(n) < right, frame[axis], rng.choice(labels, n))
        frame[f"{axis}_proba"] = rng.uniform(0.4, 1, n)
    return frame


def _constant(frame, motive="talks", stance="pro"):
    return frame.assign(predicted_motive=motive, predicted_stance=stance)


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


def test_a_label_without_statements_keeps_its_row_and_has_no_scores():
    assert per_label(["a"], ["a"], ("a", "b"))[1] == {
        "label": "b",
        "precision": None,
        "recall": None,
        "f1": None,
        "n": 0,
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


@pytest.mark.parametrize("proba", [1.2, -0.1, np.nan])
def test_a_proba_outside_0_to_1_is_an_error(proba):
    with pytest.raises(ValueError, match="between 0 and 1"):
        expected_calibration_error(["a"], ["a"], [proba])


def _mean(summed):
    return summed[..., :1] / summed[..., 1:]


def test_bootstrap_of_independent_rows_agrees_with_theory():
    rows = np.random.default_rng(0).normal(5, 2, 400)
    value, low, high = cluster_bootstrap(np.column_stack([rows, np.ones(400)]), _mean, seed=0)
    half = 1.96 * rows.std() / 20
    assert value[0] == pytest.approx(rows.mean())
    assert low[0] == pytest.approx(rows.mean() - half, abs=0.03)
    assert high[0] == pytest.approx(rows.mean() + half, abs=0.03)


def test_intervals_are_wider_where_statements_of_an_article_agree():
    # 20 articles of 10 statements, all right or all wrong, against the same statements each in its own article.
    right = np.repeat(np.tile([1.0, 0.0], 10), 10)
    alone = np.column_stack([right, np.ones(200)])
    together = alone.reshape(20, 10, 2).sum(axis=1)
    widths = [np.subtract(*cluster_bootstrap(counts, _mean, seed=0)[:0:-1])[0] for counts in (together, alone)]
    assert widths[0] > 2.5 * widths[1]  # theory: the square root of 10


def test_one_article_gives_no_interval():
    value, low, high = cluster_bootstrap(np.array([[3.0, 4.0]]), _mean, seed=0)
    assert value[0] == 0.75
    assert np.isnan(low[0])
    assert np.isnan(high[0])


def test_evaluate_agrees_with_the_plain_functions():
    frame = _frame()
    result = evaluate(frame, CODEBOOK)
    assert (result["n_statements"], result["n_articles"]) == (120, frame["article_id"].nunique())
    for axis in CODEBOOK.axes:
        gold, predicted, labels = frame[axis], frame[f"predicted_{axis}"], CODEBOOK.labels(axis)
        assert result["headline"][f"{axis}_macro_f1"]["value"] == pytest.approx(
            macro_f1(gold, predicted, labels), abs=1e-6
        )
        assert result["axes"][axis]["accuracy"] == pytest.approx((gold == predicted).mean(), abs=1e-6)
        assert result["axes"][axis]["confusion"] == confusion(gold, predicted, labels)
        assert result["axes"][axis]["labels"] == per_label(gold, predicted, labels)
    joint = joint_accuracy(frame["motive"], frame["predicted_motive"], frame["stance"], frame["predicted_stance"])
    assert result["headline"]["joint_accuracy"]["value"] == pytest.approx(joint, abs=1e-6)


def test_evaluate_resamples_as_a_loop_over_articles_would():
    frame = _frame(n=60, articles=8)
    groups = [rows for _, rows in frame.groupby("article_id", sort=False)]
    drawn = np.random.default_rng(3).multinomial(len(groups), np.full(len(groups), 1 / len(groups)), size=2_000)[:300]
    scores = []
    for times in drawn:
        rows = pd.concat([group for group, n in zip(groups, times, strict=True) for _ in range(n)])
        scores.append(f1_score(rows["motive"], rows["predicted_motive"], average="macro", zero_division=np.nan))
    interval = evaluate(frame, CODEBOOK, seed=3)["headline"]["motive_macro_f1"]
    assert np.quantile(scores, [0.025, 0.975]) == pytest.approx([interval["low"], interval["high"]], abs=0.02)


def test_evaluate_is_json_without_nan_and_equal_for_one_seed():
    frame = _frame()
    first, again, other = (
        json.dumps(evaluate(frame, CODEBOOK, seed=seed, baselines={"constant": _constant(frame)}), allow_nan=False)
        for seed in (1, 1, 2)
    )
    assert first == again
    assert first != other


def test_order_of_statements_does_not_matter():
    frame = _frame()
    shuffled = frame.sort_values("article_id", kind="stable")
    assert evaluate(frame, CODEBOOK)["axes"] == evaluate(shuffled, CODEBOOK)["axes"]


def test_difference_to_a_baseline_is_paired():
    frame = _frame()
    same = evaluate(frame, CODEBOOK, baselines={"itself": frame})["baselines"]["itself"]["difference"]
    assert all(cell == {"value": 0.0, "low": 0.0, "high": 0.0} for cell in same.values())
    result = evaluate(frame, CODEBOOK, baselines={"constant": _constant(frame)})
    own, base = result["headline"], result["baselines"]["constant"]
    for metric, cell in base["difference"].items():
        assert cell["value"] == pytest.approx(own[metric]["value"] - base["headline"][metric]["value"], abs=2e-6)
        assert 0 < cell["low"] < cell["value"] < cell["high"]


def test_a_baseline_does_not_change_the_model_s_interval():
    frame = _frame()
    alone, beside = evaluate(frame, CODEBOOK), evaluate(frame, CODEBOOK, baselines={"constant": _constant(frame)})
    assert alone["headline"] == beside["headline"]


@pytest.mark.parametrize("change", [lambda frame: frame[::-1], lambda frame: frame[:-1]])
def test_a_baseline_of_other_statements_is_an_error(change):
    frame = _frame()
    with pytest.raises(ValueError, match="baseline 'x' must predict the same statements"):
        evaluate(frame, CODEBOOK, baselines={"x": change(frame)})


@pytest.mark.parametrize("rows", [0, 1])
def test_evaluate_of_hardly_anything(rows):
    frame = _frame()[:rows]
    result = evaluate(frame, CODEBOOK, baselines={"constant": _constant(frame)})
    json.dumps(result, allow_nan=False)
    assert result["n_statements"] == result["n_articles"] == rows
    for cell in result["headline"].values():
        assert (cell["value"] is None) == (rows == 0)
        assert cell["low"] is None
    assert [row["label"] for row in result["axes"]["motive"]["labels"]] == list(CODEBOOK.labels("motive"))


def _three_systems():
    gold = ["a", "b", "a", "b", "a", "b", "a", "b"]
    return gold, {"model": gold, "same": gold, "worse": ["a"] * 8}


def test_systems_on_one_axis_are_scored_beside_the_first():
    gold, systems = _three_systems()
    found = evaluate_labels(gold, systems, ["a", "b"], range(8))
    assert (found["n_rows"], found["n_clusters"]) == (8, 8)
    assert found["systems"]["model"]["macro_f1"] == {"value": 1.0, "low": 1.0, "high": 1.0}
    assert "difference" not in found["systems"]["model"]
    assert found["systems"]["same"]["difference"] == {"value": 0.0, "low": 0.0, "high": 0.0}
    worse = found["systems"]["worse"]
    assert worse["macro_f1"]["value"] == pytest.approx(1 / 3, abs=1e-6)
    assert worse["difference"]["value"] == pytest.approx(2 / 3, abs=1e-6)
    assert worse["difference"]["low"] > 0.5
    assert [row["recall"] for row in worse["labels"]] == [1.0, 0.0]


def test_rows_of_one_cluster_are_drawn_together():
    gold, systems = _three_systems()
    rows = evaluate_labels(gold, systems, ["a", "b"], range(8))["systems"]["worse"]["difference"]
    pairs = evaluate_labels(gold, systems, ["a", "b"], [0, 0, 1, 1, 2, 2, 3, 3])["systems"]["worse"]["difference"]
    assert pairs["low"] == pairs["value"] == pairs["high"]  # every cluster holds the same
    assert rows["low"] < rows["value"] < rows["high"]


def test_one_cluster_has_no_interval():
    gold, systems = _three_systems()
    found = evaluate_labels(gold, systems, ["a", "b"], [0] * 8)["systems"]["worse"]
    assert found["difference"]["low"] is None
    assert found["macro_f1"]["value"] is not None
