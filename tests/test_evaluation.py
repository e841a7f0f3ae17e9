import json

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import f1_score
from tiny_predictions import CODEBOOK, constant, predictions

from stance.evaluation import evaluate
from stance.metrics import joint_accuracy, macro_f1


def test_evaluate_agrees_with_the_plain_functions():
    frame = predictions()
    result = evaluate(frame, CODEBOOK)
    assert (result["n_statements"], result["n_articles"]) == (120, frame["article_id"].nunique())
    for axis in CODEBOOK.axes:
        gold, predicted, labels = frame[axis], frame[f"predicted_{axis}"], CODEBOOK.labels(axis)
        assert result["headline"][f"{axis}_macro_f1"]["value"] == pytest.approx(
            macro_f1(gold, predicted, labels), abs=1e-6
        )
    joint = joint_accuracy(frame["motive"], frame["predicted_motive"], frame["stance"], frame["predicted_stance"])
    assert result["headline"]["joint_accuracy"]["value"] == pytest.approx(joint, abs=1e-6)


def test_evaluate_resamples_as_a_loop_over_articles_would():
    frame = predictions(n=60, articles=8)
    groups = [rows for _, rows in frame.groupby("article_id", sort=False)]
    drawn = np.random.default_rng(3).multinomial(len(groups), np.full(len(groups), 1 / len(groups)), size=2_000)[:300]
    scores = []
    for times in drawn:
        rows = pd.concat([group for group, n in zip(groups, times, strict=True) for _ in range(n)])
        scores.append(f1_score(rows["motive"], rows["predicted_motive"], average="macro", zero_division=np.nan))
    interval = evaluate(frame, CODEBOOK, seed=3)["headline"]["motive_macro_f1"]
    assert np.quantile(scores, [0.025, 0.975]) == pytest.approx([interval["low"], interval["high"]], abs=0.02)


def test_evaluate_is_json_without_nan_and_equal_for_one_seed():
    frame = predictions()
    first, again, other = (
        json.dumps(evaluate(frame, CODEBOOK, seed=seed, baselines={"constant": constant(frame)}), allow_nan=False)
        for seed in (1, 1, 2)
    )
    assert first == again
    assert first != other


def test_order_of_statements_does_not_matter():
    frame = predictions()
    shuffled = frame.sample(frac=1, random_state=1)
    first, again = (evaluate(each, CODEBOOK, baselines={"constant": constant(each)}) for each in (frame, shuffled))
    assert first == again


def test_difference_to_a_baseline_is_paired():
    frame = predictions()
    same = evaluate(frame, CODEBOOK, baselines={"itself": frame})["baselines"]["itself"]["difference"]
    assert all(cell == {"value": 0.0, "low": 0.0, "high": 0.0} for cell in same.values())
    result = evaluate(frame, CODEBOOK, baselines={"constant": constant(frame)})
    own, base = result["headline"], result["baselines"]["constant"]
    for metric, cell in base["difference"].items():
        assert cell["value"] == pytest.approx(own[metric]["value"] - base["headline"][metric]["value"], abs=2e-6)
        assert 0 < cell["low"] < cell["value"] < cell["high"]


def test_a_baseline_does_not_change_the_model_s_interval():
    frame = predictions()
    alone, beside = evaluate(frame, CODEBOOK), evaluate(frame, CODEBOOK, baselines={"constant": constant(frame)})
    assert alone["headline"] == beside["headline"]


@pytest.mark.parametrize("change", [lambda frame: frame[::-1], lambda frame: frame[:-1]])
def test_a_baseline_of_other_statements_is_an_error(change):
    frame = predictions()
    with pytest.raises(ValueError, match="baseline 'x' must predict the same statements"):
        evaluate(frame, CODEBOOK, baselines={"x": change(frame)})


@pytest.mark.parametrize("rows", [0, 1])
def test_evaluate_of_hardly_anything(rows):
    frame = predictions()[:rows]
    result = evaluate(frame, CODEBOOK, baselines={"constant": constant(frame)})
    json.dumps(result, allow_nan=False)
    assert result["n_statements"] == result["n_articles"] == rows
    for cell in result["headline"].values():
        assert (cell["value"] is None) == (rows == 0)
        assert cell["low"] is None
    assert [row["label"] for row in result["axes"]["motive"]["labels"]] == list(CODEBOOK.labels("motive"))


def test_macro_f1_of_an_axis_is_its_headline():
    result = evaluate(predictions(), CODEBOOK)
    assert list(result["axes"]) == ["motive", "stance", "joint"]
    for axis in CODEBOOK.axes:
        assert result["axes"][axis]["macro"]["f1"] == result["headline"][f"{axis}_macro_f1"]
    assert result["axes"]["joint"]["accuracy"] == result["headline"]["joint_accuracy"]


def test_a_stance_toward_no_motive_is_an_error():
    frame = predictions()
    frame.loc[0, ["predicted_motive", "predicted_stance"]] = "none", "pro"
    with pytest.raises(ValueError, match="'none/pro' is not one of the labels"):
        evaluate(frame, CODEBOOK)
