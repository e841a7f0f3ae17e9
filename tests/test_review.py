from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from conftest import DOUBTS, EVENTS, TALKS, TREATY
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.annotations import Annotation
from stance.fast import FastClassifier
from stance.review import disputed, reviewable, self_confidence, suspects, votes_of

KINDS = {
    ("direct_talks", "supportive"): TALKS,
    ("direct_talks", "skeptical"): DOUBTS,
    ("peace_treaty", "supportive"): TREATY,
    ("none", "neutral"): EVENTS,
}


def predicted(codebook, given, proba, predicted=None):
    """Frame of predictions: given pairs, and {axis: rows of proba}; labels without a proba have 0."""
    frame = pd.DataFrame(given, columns=["motive", "stance"])
    every = {
        f"proba_{axis}_{label}": [row.get(label, 0.0) for row in proba[axis]]
        for axis in codebook.axes
        for label in codebook.labels(axis)
    }
    best = {f"predicted_{axis}": [max(row, key=row.get) for row in proba[axis]] for axis in codebook.axes}
    ids = [f"s{number}" for number in range(len(frame))]
    place = {"statement_id": ids, "article_id": "a", "collection": "own", "split": "train", "start": 0, "end": 9}
    return frame.assign(**place, **every, **best, joint_proba=0.5)


def out_of_fold(codebook, frame, folds=5):
    """Predictions of every statement by a classifier that did not learn from it."""
    parts = []
    for fold in range(folds):
        held_out = frame.index % folds == fold
        model = FastClassifier(codebook, temperature={"motive": 0.3, "stance": 0.3})
        model.fit(frame[~held_out])
        part = frame[held_out]
        decision = model.decide(model.scores(part))
        columns = {
            f"proba_{axis}_{label}": decision.proba[axis][:, at]
            for axis in codebook.axes
            for at, label in enumerate(codebook.labels(axis))
        }
        best = {f"predicted_{axis}": getattr(decision, axis) for axis in codebook.axes}
        parts.append(part.assign(**columns, **best))
    return pd.concat(parts).sort_index()


def test_planted_errors_come_first(codebook):
    rng = np.random.default_rng(0)
    rows = [
        (f"{text} {EVENTS[number % 3].split()[-1]}", *pair)
        for pair, texts in KINDS.items()
        for text in texts
        for number in range(34)
    ]
    frame = pd.DataFrame(rows, columns=["text", "motive", "stance"]).sample(frac=1, random_state=0, ignore_index=True)
    planted = rng.choice(len(frame), len(frame) // 20, replace=False)
    for row in planted:
        others = [pair for pair in KINDS if pair[0] != frame["motive"][row]]
        frame.loc[row, ["motive", "stance"]] = others[rng.integers(len(others))]
    place = {"article_id": "a", "collection": "own", "split": "train", "start": 0, "end": 9}
    frame = frame.assign(previous="", following="", heading="", statement_id=frame.index.astype(str), **place)
    found = suspects(out_of_fold(codebook, frame), codebook)
    wrong = found["statement_id"].isin(planted.astype(str))
    assert wrong.head(len(planted)).mean() >= 0.9  # 0.05 by chance
    truth = frame.iloc[planted[0]]["text"]
    suggested = found[found["statement_id"] == str(planted[0])].iloc[0]
    assert any(truth.startswith(text) for text in KINDS[suggested["suggested_motive"], suggested["suggested_stance"]])


def test_a_label_the_model_believes_is_not_suspected(codebook):
    sure = {"motive": {"direct_talks": 0.9, "none": 0.1}, "stance": {"supportive": 0.9, "neutral": 0.1}}
    doubtful = {"motive": {"none": 0.9, "direct_talks": 0.1}, "stance": {"neutral": 0.9, "supportive": 0.1}}
    pair, null = ("direct_talks", "supportive"), ("none", "neutral")
    proba = {axis: [sure[axis]] * 3 + [doubtful[axis]] * 4 for axis in codebook.axes}
    frame = predicted(codebook, [pair] * 3 + [null] * 3 + [pair], proba)
    found = suspects(frame, codebook)
    assert list(found["statement_id"]) == ["s6"]
    assert found.loc[0, ["given_motive", "suggested_motive"]].tolist() == ["direct_talks", "none"]
    assert found.loc[0, "self_confidence"] == pytest.approx(0.1 * 0.1)


def test_less_belief_than_that_label_has_on_average_is_needed(codebook):
    weak = {"motive": {"direct_talks": 0.4, "none": 0.6}, "stance": {"supportive": 1.0}}
    frame = predicted(
        codebook, [("direct_talks", "supportive")] * 3, {axis: [weak[axis]] * 3 for axis in codebook.axes}
    )
    assert suspects(frame, codebook, "motive").empty


def test_either_axis_raises_a_joint_suspicion(codebook):
    motive = [{"direct_talks": 0.9, "none": 0.1}] * 4
    stance = [{"supportive": 0.9, "skeptical": 0.1}] * 2 + [{"skeptical": 0.9, "supportive": 0.1}] * 2
    stances = ["supportive", "supportive", "skeptical", "supportive"]
    frame = predicted(codebook, [("direct_talks", each) for each in stances], {"motive": motive, "stance": stance})
    assert list(suspects(frame, codebook, "joint")["statement_id"]) == ["s3"]
    assert list(suspects(frame, codebook, "stance")["statement_id"]) == ["s3"]
    assert suspects(frame, codebook, "motive").empty


def test_the_null_motive_is_believed_as_much_as_its_pair(codebook):
    proba = {"motive": [{"none": 0.5, "direct_talks": 0.5}], "stance": [{"neutral": 0.6, "supportive": 0.4}]}
    assert self_confidence(predicted(codebook, [("none", "neutral")], proba), codebook) == [0.5]
    frame = predicted(codebook, [("direct_talks", "supportive")], proba)
    assert self_confidence(frame, codebook) == pytest.approx([0.2])
    assert self_confidence(frame, codebook, "stance") == [0.4]


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 2), st.integers(0, 2**16)), max_size=12))
def test_suspects_are_ranked_and_never_predicted_as_given(codebook, rows):
    labels = {axis: codebook.labels(axis) for axis in codebook.axes}
    given_, proba = [], {axis: [] for axis in codebook.axes}
    for motive, stance, seed in rows:
        given_.append((labels["motive"][motive], labels["stance"][stance]))
        rng = np.random.default_rng(seed)
        for axis in codebook.axes:
            proba[axis].append(dict(zip(labels[axis], rng.dirichlet(np.ones(len(labels[axis]))), strict=True)))
    found = suspects(predicted(codebook, given_, proba), codebook)
    assert found["self_confidence"].is_monotonic_increasing
    assert found["self_confidence"].between(0, 1).all()
    same = (found["given_motive"] == found["suggested_motive"]) & (found["given_stance"] == found["suggested_stance"])
    assert not same.any()


def test_test_labels_are_not_reviewed(codebook):
    proba = {"motive": [{"none": 1.0}] * 2, "stance": [{"neutral": 1.0}] * 2}
    frame = predicted(codebook, [("none", "neutral")] * 2, proba)
    with pytest.raises(ValueError, match="test split"):
        suspects(frame.assign(split=["train", "test"]), codebook)
    run = SimpleNamespace(out_of_fold=frame.iloc[:1], predictions=frame.assign(split=["test", "validation"]))
    assert list(reviewable(run)["statement_id"]) == ["s0", "s1"]
    assert list(reviewable(run)["split"]) == ["train", "validation"]


def test_disputed_statements_have_every_vote_beside_consensus_label_and_prediction(codebook):
    proba = {"motive": [{"none": 1.0}] * 3, "stance": [{"neutral": 1.0}] * 3}
    frame = predicted(codebook, [("none", "neutral")] * 3, proba)
    votes = [
        ("s0", "a1", "none", "neutral"),
        ("s0", "a2", "none", "neutral"),
        ("s1", "a1", "direct_talks", "supportive"),
        ("s1", "a2", "direct_talks", "skeptical"),
        ("s1", "a3", "direct_talks", "skeptical"),
        ("s2", "a1", "none", "neutral"),
        ("elsewhere", "a1", "none", "neutral"),
        ("elsewhere", "a2", "direct_talks", "neutral"),
    ]
    annotations = [Annotation(*vote) for vote in votes]
    (row,) = disputed(annotations, frame, codebook).to_dict(orient="records")
    assert row["statement_id"] == "s1"
    assert row["votes"] == {
        "a1": "direct_talks/supportive",
        "a2": "direct_talks/skeptical",
        "a3": "direct_talks/skeptical",
    }
    assert (row["consensus"], row["label"], row["predicted"]) == (
        "direct_talks/skeptical",
        "none/neutral",
        "none/neutral",
    )
    assert list(votes_of(annotations)["s1"]) == ["a1", "a2", "a3"]
    assert disputed([], frame, codebook).empty
