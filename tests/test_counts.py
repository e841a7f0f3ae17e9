import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import precision_recall_fscore_support

from stance.counts import accuracy, encode_pair, label_counts, macro_scores, ratio

LABELS = ("b", "a", "c", "d")
PAIRS = st.lists(st.tuples(st.sampled_from(LABELS), st.sampled_from(LABELS)), min_size=1, max_size=60)


@given(PAIRS)
def test_macro_scores_agree_with_scikit_learn(pairs):
    gold, predicted = zip(*pairs, strict=True)
    counts = label_counts(*encode_pair(gold, predicted, LABELS), len(LABELS)).sum(axis=0)
    expected = precision_recall_fscore_support(gold, predicted, average="macro", zero_division=0)[:3]
    assert macro_scores(counts) == pytest.approx(expected)
    assert accuracy(counts) == pytest.approx(np.mean(np.array(gold) == np.array(predicted)))


def test_undefined_scores_of_used_labels_count_as_0_and_unused_labels_do_not_count():
    counts = label_counts(*encode_pair(["a", "b"], ["a", "c"], LABELS), len(LABELS)).sum(axis=0)
    assert macro_scores(counts) == pytest.approx([1 / 3, 1 / 3, 1 / 3])  # b is never predicted, c is never gold


def test_nothing_over_nothing_is_undefined():
    assert np.isnan(ratio(np.array(0.0), np.array(0.0)))
    assert np.isnan(macro_scores(np.zeros(12))).all()
