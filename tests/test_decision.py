import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from stance.decision import choose_threshold, decide, fit_temperature, softmax, statuses


@given(arrays(float, (5, 9), elements=st.floats(-50, 50)), arrays(float, (5, 9, 3), elements=st.floats(-50, 50)))
def test_no_motive_is_always_neutral_and_proba_are_proba(motive, stance):
    from stance.codebook import load_codebook

    codebook = load_codebook()
    decision = decide(softmax(motive), softmax(stance), codebook)
    for chosen_motive, chosen_stance in zip(decision.motive, decision.stance, strict=True):
        codebook.check(chosen_motive, chosen_stance)
    for axis in codebook.axes:
        assert np.allclose(decision.proba[axis].sum(axis=1), 1)
        assert (decision.proba[axis] >= 0).all()


def test_a_statement_without_motive_counts_toward_neutral(codebook):
    motive = np.array([[0.0] * 8 + [1.0], [0.4] + [0.0] * 7 + [0.6]])
    stance = np.tile([1.0, 0.0, 0.0], (2, 9, 1))
    decision = decide(motive, stance, codebook)
    assert decision.motive == ["none", "none"]
    assert decision.stance == ["neutral", "neutral"]
    assert np.allclose(decision.stance_proba, [1.0, 0.6])


def test_zero_rows_are_sound(codebook):
    decision = decide(np.empty((0, 9)), np.empty((0, 9, 3)), codebook)
    assert decision.motive == decision.stance == []


def test_temperature_recovers_the_scale_that_scores_were_stretched_by():
    generator = np.random.default_rng(0)
    scores = generator.normal(size=(4000, 3)) * 2
    gold = np.array([generator.choice(3, p=row) for row in softmax(scores)])
    assert abs(fit_temperature(scores, gold) - 1) < 0.1
    assert abs(fit_temperature(scores * 5, gold) - 5) < 0.5


def test_the_stance_is_the_one_toward_the_chosen_motive(codebook):
    motive = np.array([[0.6, 0.3] + [0.0] * 6 + [0.1]])
    stance = np.zeros((1, 9, 3))
    stance[0, 0] = [0.1, 0.8, 0.1]
    stance[0, 1:] = [0.9, 0.05, 0.05]
    decision = decide(motive, stance, codebook)
    assert decision.stance == ["skeptical"]
    assert np.allclose(decision.proba["stance"], [[0.6 * 0.1 + 0.3 * 0.9, 0.6 * 0.8 + 0.3 * 0.05, 0.175]])


def test_out_of_domain_comes_before_doubt():
    assert statuses(np.array([0.9, 0.2, 0.2]), [False, False, True], 0.3) == ["ok", "abstain", "out_of_domain"]
    assert statuses(np.array([0.0]), [False], None) == ["ok"]


def test_the_lowest_threshold_that_reaches_the_precision_is_chosen():
    confidence = np.linspace(1, 0, 100)
    right = np.arange(100) < 60
    chosen = choose_threshold(confidence, right, 0.75)
    assert chosen.kept == 80
    assert (confidence >= chosen.abstain_below).sum() == 80
    assert chosen.missed_by == 0


def test_a_missed_aim_says_by_how_much():
    chosen = choose_threshold(np.linspace(1, 0, 100), np.arange(100) % 2 == 0, 0.9)
    assert chosen.kept >= 30
    assert chosen.missed_by == 0.9 - chosen.precision > 0.3


def test_few_statements_are_all_kept():
    chosen = choose_threshold(np.array([0.9, 0.1]), np.array([True, False]), 0.9)
    assert (chosen.abstain_below, chosen.kept) == (0.0, 2)


@given(st.lists(st.tuples(st.sampled_from([0.1, 0.2, 0.5, 0.9]), st.booleans()), min_size=1, max_size=90))
def test_a_threshold_keeps_what_it_says(rows):
    confidence, right = np.array([c for c, _ in rows]), np.array([r for _, r in rows])
    chosen = choose_threshold(confidence, right, 0.8)
    kept = confidence >= chosen.abstain_below
    assert kept.sum() == chosen.kept >= min(30, len(rows))
    assert np.isclose(right[kept].mean(), chosen.precision)
