import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mapped import CODEBOOK, PAIRS, rates

from stance.prevalence import MIN_STATEMENTS, pairs_of, true_counts

CELLS = [(*pair, status) for pair in PAIRS for status in ("ok", "abstain")]
COUNTS = st.dictionaries(st.sampled_from(CELLS), st.integers(1, 400), min_size=1)


def values(found):
    return {pair: found.cell(lambda m, s, pair=pair: (m, s) == pair) for pair in found.pairs}


def test_the_null_motive_has_one_stance():
    assert pairs_of(CODEBOOK) == tuple(PAIRS)


@settings(max_examples=20, deadline=None)
@given(COUNTS)
def test_counts_are_never_negative_and_sum_to_what_there_is(predicted):
    found = true_counts(predicted, rates(), CODEBOOK, at_least=1)
    assert (found.draws >= 0).all()
    assert (found.draws.sum(axis=1) == sum(predicted.values())).all()
    cells = values(found).values()
    assert sum(cell["value"] for cell in cells) == pytest.approx(sum(predicted.values()))
    assert all(cell["low"] <= cell["high"] for cell in cells)


@settings(max_examples=10, deadline=None)
@given(COUNTS, st.randoms())
def test_the_order_of_statements_does_not_matter(predicted, random):
    items = list(predicted.items())
    random.shuffle(items)
    one, other = (true_counts(each, rates(), CODEBOOK, at_least=1) for each in (predicted, dict(items)))
    assert np.array_equal(one.draws, other.draws)


def test_few_statements_are_not_corrected():
    assert true_counts({("talks", "pro", "ok"): MIN_STATEMENTS - 1}, rates(), CODEBOOK) is None
    assert true_counts({("talks", "pro", "ok"): MIN_STATEMENTS}, rates(), CODEBOOK) is not None
    assert true_counts({}, rates(), CODEBOOK) is None


def test_a_model_that_does_not_err_is_believed():
    predicted = {("talks", "pro", "ok"): 300, ("pride", "con", "ok"): 200, ("none", "neutral", "ok"): 500}
    found = values(true_counts(predicted, rates(right=100_000), CODEBOOK))
    assert found["talks", "pro"]["value"] == pytest.approx(300, abs=5)
    assert found["pride", "con"]["value"] == pytest.approx(200, abs=5)


def test_what_is_predicted_for_another_is_given_back():
    # Half of what doubts the talks is predicted to assert them; nothing else is ever mistaken.
    known = rates(right=100_000)
    for status in ("ok", "abstain"):
        known.counts["talks", "con", "talks", "pro", status] = 100_000
    predicted = {("talks", "pro", "ok"): 1_000, ("talks", "con", "ok"): 500, ("none", "neutral", "ok"): 500}
    found = values(true_counts(predicted, known, CODEBOOK))
    assert found["talks", "con"]["value"] == pytest.approx(1_000, abs=60)
    assert found["talks", "pro"]["value"] == pytest.approx(500, abs=60)
    assert found["none", "neutral"]["value"] == pytest.approx(500, abs=5)


def test_intervals_hold_the_truth_where_labels_are_about_as_common_as_usual():
    rng = np.random.default_rng(0)
    known, held, asked = rates(right=30, wrong=2), 0, 0
    for _ in range(20):
        true = rng.multinomial(300, rng.dirichlet(np.full(len(PAIRS), 20)))
        predicted = {}
        for pair, n in zip(PAIRS, true, strict=True):
            cells = [(cell[2:], count) for cell, count in known.counts.items() if cell[:2] == pair]
            share = np.array([count for _, count in cells]) / sum(count for _, count in cells)
            for (cell, _), drawn in zip(cells, rng.multinomial(n, share), strict=True):
                predicted[cell] = predicted.get(cell, 0) + int(drawn)
        found = values(true_counts({k: n for k, n in predicted.items() if n}, known, CODEBOOK))
        held += sum(found[pair]["low"] <= n <= found[pair]["high"] for pair, n in zip(PAIRS, true, strict=True))
        asked += len(PAIRS)
    assert held / asked > 0.9
