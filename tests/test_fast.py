import numpy as np
import pandas as pd
import pytest
from conftest import DOUBTS, EVENTS, TALKS, TREATY
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stance.errors import CorpusError
from stance.fast import FastClassifier
from stance.subwords import CONTEXT, Subwords


def labeled(rows, **context):
    frame = pd.DataFrame(rows, columns=["text", "motive", "stance"])
    return frame.assign(**({"previous": "", "following": "", "heading": ""} | context))


TRAIN = labeled(
    [(text, "direct_talks", "supportive") for text in TALKS]
    + [(text, "direct_talks", "skeptical") for text in DOUBTS]
    + [(text, "peace_treaty", "supportive") for text in TREATY]
    + [(text, "none", "neutral") for text in EVENTS]
)


@pytest.fixture(scope="module")
def fitted(codebook):
    return FastClassifier(codebook).fit(TRAIN)


def test_it_learns_motive_and_stance(fitted):
    decision = fitted.decide(fitted.scores(TRAIN))
    assert decision.motive == list(TRAIN["motive"])
    assert decision.stance == list(TRAIN["stance"])


def test_folded_scores_are_those_of_the_linear_model_on_its_matrix(codebook):
    frame = TRAIN.assign(previous="The envoy spoke of a treaty.", heading="Talks")
    classifier = FastClassifier(codebook)
    subwords = Subwords().fit(list(frame["text"]))
    matrix = subwords.matrix(frame)
    coefficients, intercept = classifier._head(matrix, frame, "motive", np.ones(len(frame)))
    unfolded = matrix @ coefficients.T + intercept
    assert np.allclose(classifier.fit(frame).scores(frame)["motive"], unfolded, atol=0.02)  # half precision


def test_unknown_words_are_read_by_their_parts(fitted):
    frame = labeled([("Treatyward armisticely.", "peace_treaty", "supportive")])
    scores = fitted.scores(frame)["motive"][0]
    labels = fitted.codebook.labels("motive")
    assert scores[labels.index("peace_treaty")] > scores[labels.index("direct_talks")]
    assert fitted.coverage(["Treatyward armisticely.", "The treaty", ""]) == [0.0, 1.0, 0.0]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(texts=st.lists(st.text(max_size=40), min_size=1, max_size=6))
def test_a_statement_scores_the_same_alone_and_among_others(fitted, texts):
    together = fitted.scores(labeled([(text, "none", "neutral") for text in texts]))["motive"]
    alone = [fitted.scores(labeled([(text, "none", "neutral")]))["motive"][0] for text in texts]
    assert np.allclose(together, alone)
    assert np.isfinite(together).all()


def test_the_stance_head_sees_the_motive_unless_told_not_to(codebook):
    same = "Nothing was said."
    frame = labeled(
        [(same, "direct_talks", "skeptical"), (same, "peace_treaty", "supportive")] * 4
        + [(text, "none", "neutral") for text in EVENTS]
    )
    seen = FastClassifier(codebook).fit(frame).scores(frame)["stance"][0]
    talks, treaty = (codebook.labels("motive").index(label) for label in ("direct_talks", "peace_treaty"))
    assert codebook.labels("stance")[seen[talks].argmax()] == "skeptical"
    assert codebook.labels("stance")[seen[treaty].argmax()] == "supportive"
    blind = FastClassifier(codebook, stance_sees="nothing").fit(frame).scores(frame)["stance"][0]
    assert np.allclose(blind[talks], blind[treaty])


@pytest.mark.parametrize("field", CONTEXT)
def test_neighbours_and_headings_are_read(fitted, field):
    frame = labeled([("It went on.", "none", "neutral")])
    other = frame.assign(**{field: "The treaty talks"})
    trained = FastClassifier(fitted.codebook).fit(TRAIN.assign(**{field: TRAIN["text"]}))
    assert not np.allclose(trained.scores(frame)["motive"], trained.scores(other)["motive"])


def test_weights_count(codebook):
    doubled = pd.concat([TRAIN, TRAIN.assign(motive="none", stance="neutral")], ignore_index=True)
    weight = np.repeat([1.0, 0.01], len(TRAIN))
    decision = (model := FastClassifier(codebook).fit(doubled.assign(weight=weight))).decide(model.scores(TRAIN))
    assert decision.motive == list(TRAIN["motive"])


def test_evidence_names_the_words_that_speak_for_the_motive(fitted):
    (evidence,) = fitted.evidence(labeled([("A treaty would end it.", "peace_treaty", "supportive")]), ["peace_treaty"])
    assert "treaty" in evidence


def test_a_saved_copy_predicts_the_same_and_equal_models_are_equal_bytes(fitted, tmp_path, codebook):
    settings = fitted.save(tmp_path / "a")
    FastClassifier(codebook).fit(TRAIN).save(tmp_path / "b")
    loaded = FastClassifier.load(tmp_path / "a", codebook, settings)
    assert np.array_equal(loaded.scores(TRAIN)["stance"], fitted.scores(TRAIN)["stance"])
    for path in sorted((tmp_path / "a").iterdir()):
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()


def test_one_label_alone_is_refused(codebook):
    with pytest.raises(CorpusError, match="1 motive label"):
        FastClassifier(codebook).fit(TRAIN[TRAIN["motive"] == "direct_talks"])


def test_zero_statements_are_sound(fitted):
    scores = fitted.scores(TRAIN.iloc[:0])
    assert scores["motive"].shape == (0, 9)
    assert scores["stance"].shape == (0, 9, 3)
    assert fitted.evidence(TRAIN.iloc[:0], []) == fitted.coverage([]) == []
