import numpy as np
import pandas as pd
from test_report import CODEBOOK, FRAMES

from stance.reliability import choose_abstention, reliability, risk_at, risk_coverage


def test_risk_counts_the_wrong_among_the_surest():
    curve = risk_coverage([0.9, 0.8, 0.7, 0.6], [True, False, True, False])
    assert curve["coverage"] == [0.25, 0.5, 0.75, 1.0]
    assert np.allclose(curve["risk"], [0, 1 / 2, 1 / 3, 1 / 2], atol=1e-6)
    assert np.isclose(curve["aurc"], np.mean([0, 1 / 2, 1 / 3, 1 / 2]), atol=1e-6)
    assert [risk_at(curve, c) for c in (1.0, 0.5)] == [0.5, 0.5]


def test_zero_statements_have_no_curve():
    assert risk_coverage([], []) == {"coverage": [], "risk": [], "aurc": None}
    assert risk_at(risk_coverage([], []), 0.8) is None


def _frame(collection, split, n, batch=""):
    frame = FRAMES[0].head(n).assign(collection=collection, split=split, batch=batch)
    return frame.assign(joint_proba=frame["motive_proba"] * frame["stance_proba"])


def test_calibration_is_told_before_and_after():
    frame = _frame("newswire", "validation", 100)
    frame = frame.assign(**{f"{axis}_proba_uncalibrated": 1.0 for axis in CODEBOOK.axes})
    found = reliability(frame, CODEBOOK)
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
