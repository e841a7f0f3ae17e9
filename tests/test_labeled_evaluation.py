import pytest

from stance.labeled_evaluation import evaluate_labels


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
