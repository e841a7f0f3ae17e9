import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.codebook import load_codebook
from stance.paired import compare_predictions, mcnemar, verdict

CODEBOOK = load_codebook()
SWAPPED = {"A better": "B better", "B better": "A better"}


def predictions(seed, n=60, articles=15, right=0.6):
    """Gold labels by a fixed seed, predicted ones by ``seed``."""
    gold, own = np.random.default_rng(0), np.random.default_rng(seed)
    frame = pd.DataFrame({"statement_id": [f"s{i:03d}" for i in range(n)]})
    frame["article_id"] = [f"article-{i % articles:02d}" for i in range(n)]
    frame["start"], frame["end"] = np.arange(n) * 100, np.arange(n) * 100 + 80
    for axis in CODEBOOK.axes:
        labels = CODEBOOK.labels(axis)
        frame[axis] = gold.choice(labels, n)
        frame[f"predicted_{axis}"] = np.where(own.random(n) < right, frame[axis], own.choice(labels, n))
        frame[f"{axis}_proba"] = own.uniform(0.3, 1, n).round(6)
    return frame


def test_a_system_against_itself_differs_in_nothing():
    found = compare_predictions(predictions(1), predictions(1), CODEBOOK)
    for row in found["headline"].values():
        assert row["difference"] == {"value": 0.0, "low": 0.0, "high": 0.0}
        assert row["verdict"] == "no clear difference"
    assert all(row["p"] == 1.0 for row in found["mcnemar"].values())
    assert {row["difference"] for rows in found["labels"].values() for row in rows} <= {0.0, None}
    assert [each["n"] for each in found["flips"].values()] == [0, 0]


@given(st.integers(1, 10_000), st.integers(1, 10_000), st.sampled_from([12, 40]), st.sampled_from([1, 3, 12]))
@settings(max_examples=25, deadline=None)
def test_swapping_the_systems_turns_every_sign_and_mirrors_the_flips(one, other, n, articles):
    a, b = predictions(one, n, articles), predictions(other, n, articles)
    there, back = compare_predictions(a, b, CODEBOOK), compare_predictions(b, a, CODEBOOK)
    for metric, row in there["headline"].items():
        turned = back["headline"][metric]
        assert (row["a"], row["b"]) == (turned["b"], turned["a"])
        assert turned["verdict"] == SWAPPED.get(row["verdict"], row["verdict"])
        for end, opposite in (("value", "value"), ("low", "high"), ("high", "low")):
            value, other_end = row["difference"][end], turned["difference"][opposite]
            assert (value is None) == (other_end is None)
            assert value is None or value == pytest.approx(-other_end, abs=2e-6)  # both were rounded to 6 digits
    for name, row in there["mcnemar"].items():
        turned = back["mcnemar"][name]
        assert (row["a_right"], row["b_right"], row["p"]) == (turned["b_right"], turned["a_right"], turned["p"])
    for mine, yours in (("a_right", "b_right"), ("b_right", "a_right")):
        rows = [mirrored(row) for row in there["flips"][mine]["statements"]]
        assert rows == back["flips"][yours]["statements"]


def mirrored(row):
    swap = {"a_": "b_", "b_": "a_"}
    return {swap.get(key[:2], key[:2]) + key[2:] if key != "article_id" else key: value for key, value in row.items()}


def test_mcnemar_is_the_exact_two_sided_binomial_test_on_discordant_pairs():
    # 2 against 8: 2 * (C(10,0) + C(10,1) + C(10,2)) / 2**10 = 112 / 1024, by hand.
    a = [True] * 2 + [False] * 8 + [True] * 5 + [False] * 4
    b = [False] * 2 + [True] * 8 + [True] * 5 + [False] * 4
    assert mcnemar(a, b) == {"a_right": 2, "b_right": 8, "p": pytest.approx(112 / 1024)}
    assert mcnemar([True, False], [True, False])["p"] == 1.0
    assert mcnemar([], [])["p"] == 1.0


def test_the_joint_discordant_counts_are_the_flips():
    found = compare_predictions(predictions(1), predictions(2), CODEBOOK)
    joint, flips = found["mcnemar"]["joint"], found["flips"]
    assert (joint["a_right"], joint["b_right"]) == (flips["a_right"]["n"], flips["b_right"]["n"])
    assert joint["a_right"]
    assert joint["b_right"]


def test_flips_are_right_on_both_axes_on_one_side_only_and_the_surest_error_comes_first():
    a, b = predictions(1), predictions(2)
    rows = compare_predictions(a, b, CODEBOOK, texts={"s000": "Known."})["flips"]["a_right"]["statements"]
    for row in rows:
        assert all(row[axis] == row[f"a_{axis}"] for axis in CODEBOOK.axes)
        assert any(row[axis] != row[f"b_{axis}"] for axis in CODEBOOK.axes)
        own = b[b["statement_id"] == row["statement_id"]].iloc[0]
        assert row["proba"] == max(own[f"{x}_proba"] for x in CODEBOOK.axes if own[x] != own[f"predicted_{x}"])
        assert (row["text"] is None) == (row["statement_id"] != "s000")
    assert [row["proba"] for row in rows] == sorted((row["proba"] for row in rows), reverse=True)


def test_label_differences_are_none_where_a_label_is_nowhere():
    a, b = predictions(1, n=4), predictions(2, n=4)
    rows = compare_predictions(a, b, CODEBOOK)["labels"]["motive"]
    assert [row["label"] for row in rows] == list(CODEBOOK.labels("motive"))
    assert any(row["difference"] is None for row in rows)
    for row in rows:
        if row["difference"] is not None:
            assert row["difference"] == pytest.approx(row["b"] - row["a"], abs=2e-6)


@pytest.mark.parametrize(
    ("low", "high", "articles", "expected"),
    [
        (0.01, 0.1, 20, "B better"),
        (-0.1, -0.01, 20, "A better"),
        (-0.1, 0.1, 20, "no clear difference"),
        (0.0, 0.1, 20, "no clear difference"),
        (0.01, 0.1, 9, "too few articles"),
        (None, None, 1, "too few articles"),
    ],
)
def test_verdict(low, high, articles, expected):
    assert verdict({"value": 0.0, "low": low, "high": high}, articles) == expected


def test_a_clearly_better_system_is_called_so():
    found = compare_predictions(predictions(1, n=200, right=0.2), predictions(2, n=200, right=0.95), CODEBOOK)
    assert {row["verdict"] for row in found["headline"].values()} == {"B better"}
