import pandas as pd
from hypothesis import given
from hypothesis import strategies as st
from tiny_predictions import CODEBOOK, predictions

from stance.examples import CONFUSED, RIGHT, SHOWN, choose_examples
from stance.reliability import right_on_both


def chosen(frame, shown=()):
    examples = choose_examples(frame, CODEBOOK, shown)
    return examples, frame.iloc[[each.index for each in examples]]


@given(seed=st.integers(0, 1_000), n=st.integers(0, 80), known=st.floats(0, 1))
def test_none_is_shown_twice_and_no_group_is_longer_than_said(seed, n, known):
    frame = predictions(n, seed=seed)
    examples, rows = chosen(frame, set(frame["statement_id"][: int(known * n)]))
    assert rows["statement_id"].is_unique
    for reason, most in SHOWN.items():
        assert sum(each.reason == reason for each in examples) <= most


def test_right_ones_are_right_and_all_others_wrong():
    examples, rows = chosen(predictions(200))
    right = right_on_both(rows, CODEBOOK)
    assert [each.reason == RIGHT for each in examples] == list(right)
    assert {each.reason for each in examples} == set(SHOWN)


def test_the_surest_error_comes_first_unless_its_text_is_hidden():
    frame = predictions(200)
    wrong = frame[~right_on_both(frame, CODEBOOK)]
    first = frame.iloc[chosen(frame, set(frame["statement_id"]))[0][0].index]
    proba = [wrong[f"{axis}_proba"].where(wrong[axis] != wrong[f"predicted_{axis}"], 0) for axis in CODEBOOK.axes]
    assert first["statement_id"] == wrong.loc[pd.concat(proba, axis=1).max(axis=1).idxmax(), "statement_id"]
    others = set(frame["statement_id"]) - {first["statement_id"]}
    assert frame.iloc[chosen(frame, others)[0][0].index]["statement_id"] != first["statement_id"]


def test_confusions_show_many_pairs_of_labels_not_one_often():
    examples, rows = chosen(predictions(300))
    some = rows[[each.reason == CONFUSED for each in examples]]
    pairs = {
        (axis, row[axis], row[f"predicted_{axis}"])
        for row in some.to_dict("records")
        for axis in CODEBOOK.axes
        if row[axis] != row[f"predicted_{axis}"]
    }
    assert len(pairs) >= 6
