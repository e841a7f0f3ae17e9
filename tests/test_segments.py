import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.segments import MAX_TOKENS, Segments, by_length, encode_statements, pad


class Words:
    """A tokenizer that numbers words by their length."""

    def token_to_id(self, token):
        return {"[CLS]": 1, "[SEP]": 2}[token]

    def encode_batch(self, texts, add_special_tokens):
        assert not add_special_tokens
        return [type("Encoding", (), {"ids": [10 + len(word) for word in text.split()]}) for text in texts]


def frame(**fields):
    return pd.DataFrame([{"text": "", "previous": "", "following": "", "heading": ""} | fields])


def encode(context=("previous", "following", "heading"), **fields):
    return encode_statements(Words(), frame(**fields), context)[0]


def test_heading_previous_statement_and_following_stand_in_that_order():
    found = encode(text="a bb", previous="ccc", following="dddd", heading="eeeee")
    assert found.ids == [1, 15, 2, 13, 2, 11, 12, 2, 14, 2]
    assert found.ids[found.start : found.end] == [11, 12, 2]


def test_only_the_named_context_is_read():
    assert encode((), text="a", previous="bb", heading="ccc").ids == [1, 2, 2, 11, 2]
    assert encode(("previous",), text="a", previous="bb", heading="ccc").ids == [1, 2, 12, 2, 11, 2]


words = st.text(alphabet="ab ", max_size=900)


@given(words, words, words, words)
def test_no_input_is_too_long_and_the_statement_is_always_there(text, previous, following, heading):
    found = encode(text=text, previous=previous, following=following, heading=heading)
    assert len(found.ids) <= MAX_TOKENS
    assert found.start < found.end <= len(found.ids)
    assert found.ids[found.end - 1] == 2


def test_the_words_nearest_the_statement_are_kept_of_what_went_before():
    found = encode(text="a " * 96, previous="far " * 50 + "nearest")
    assert found.ids[found.start - 2] == 10 + len("nearest")


def test_batches_are_padded_and_hold_statements_of_like_length():
    segments = [Segments([1] * n, 0, n) for n in (5, 1, 4, 2)]
    batches = by_length(segments, 2)
    assert [rows.tolist() for rows in batches] == [[1, 3], [2, 0]]
    arrays = pad([segments[row] for row in batches[0]])
    assert arrays["input_ids"].tolist() == [[1, 0], [1, 1]]
    assert arrays["attention_mask"].sum() == arrays["segment"].sum() == 3


@pytest.mark.parametrize("length", [50_000])
def test_a_statement_as_long_as_a_book_is_cut(length):
    assert len(encode(text="a" * length).ids) <= MAX_TOKENS
