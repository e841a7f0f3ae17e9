import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from stance.decision import decide, fit_temperature, softmax, statuses


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


def test_unknown_words_come_before_doubt():
    given_statuses = statuses(np.array([0.9, 0.2, 0.2]), [0.9, 0.9, 0.1], abstain_below=0.3, min_coverage=0.5)
    assert given_statuses == ["ok", "abstain", "out_of_domain"]


def test_the_stance_is_the_one_toward_the_chosen_motive(codebook):
    motive = np.array([[0.6, 0.3] + [0.0] * 6 + [0.1]])
    stance = np.zeros((1, 9, 3))
    stance[0, 0] = [0.1, 0.8, 0.1]
    stance[0, 1:] = [0.9, 0.05, 0.05]
    decision = decide(motive, stance, codebook)
    assert decision.stance == ["skeptical"]
    assert np.allclose(decision.proba["stance"], [[0.6 * 0.1 + 0.3 * 0.9, 0.6 * 0.8 + 0.3 * 0.05, 0.175]])
