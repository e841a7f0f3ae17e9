import pytest
from tiny_predictions import CODEBOOK, constant, predictions

from stance.annotations import Annotation
from stance.ceiling import ceiling
from stance.evaluation import evaluate

NAMES = ("motive_macro_f1", "stance_macro_f1", "joint_accuracy")


def _votes(frame, annotator, prefix=""):
    columns = (frame["statement_id"], frame[f"{prefix}motive"], frame[f"{prefix}stance"])
    return [Annotation(id_, annotator, motive, stance) for id_, motive, stance in zip(*columns, strict=True)]


def test_annotators_who_agree_are_a_ceiling_of_1_and_the_share_is_the_model_s_score():
    frame = predictions()
    found = ceiling(frame, _votes(frame, "one") + _votes(frame, "two"), CODEBOOK)
    scores = evaluate(frame, CODEBOOK)["headline"]
    for name in NAMES:
        assert found[name] == {"value": 1.0, "low": 1.0, "high": 1.0, "share": scores[name]["value"]}
    assert (found["n_statements"], found["n_annotators"]) == (120, 2)


def test_annotators_are_scored_as_a_model_would_be_and_in_either_order():
    frame = predictions()
    one, two = _votes(frame, "one"), _votes(frame, "two", "predicted_")
    found = ceiling(frame, one + two, CODEBOOK, seed=3)
    assert found == ceiling(frame, two + one, CODEBOOK, seed=3)
    scores = evaluate(frame, CODEBOOK, seed=3)["headline"]
    assert {name: found[name] for name in NAMES} == {name: scores[name] | {"share": 1.0} for name in NAMES}


def test_statements_read_once_do_not_count_for_the_model_either():
    frame = predictions()
    read = frame.head(50)
    found = ceiling(frame, _votes(frame, "one") + _votes(read, "two"), CODEBOOK)
    assert found == ceiling(read, _votes(read, "one") + _votes(read, "two"), CODEBOOK)
    assert found["n_statements"] == 50


def test_a_vote_that_was_asked_for_later_changes_nothing():
    frame = predictions()
    votes = _votes(frame, "one") + _votes(frame, "two", "predicted_")
    assert ceiling(frame, [*votes, *_votes(constant(frame), "three", "predicted_")], CODEBOOK) == ceiling(
        frame, votes, CODEBOOK
    )


def test_no_statement_read_by_two_has_no_ceiling():
    frame = predictions()
    assert ceiling(frame, _votes(frame, "one"), CODEBOOK) is None
    assert ceiling(frame.head(0), [], CODEBOOK) is None


def test_annotators_who_never_agree_have_no_share():
    frame = predictions().assign(motive="talks", stance="pro")
    votes = _votes(frame, "one") + _votes(frame.assign(motive="pride", stance="con"), "two")
    found = ceiling(frame, votes, CODEBOOK)
    assert found["joint_accuracy"] == {"value": 0.0, "low": 0.0, "high": 0.0, "share": None}


def test_an_unknown_label_is_an_error():
    frame = predictions()
    votes = _votes(frame.assign(motive="pony"), "one") + _votes(frame, "two")
    with pytest.raises(ValueError, match="'pony' is not one of the labels"):
        ceiling(frame, votes, CODEBOOK)
