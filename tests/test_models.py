import numpy as np
import pandas as pd
import pytest
from conftest import DOUBTS, EVENTS, TALKS, TREATY

from stance.config import CharTfidf, ExperimentConfig, KeywordConfig, MajorityConfig, WordTfidf
from stance.errors import CorpusError
from stance.features import coverage, make_features
from stance.models import make_baseline, make_classifier


def labeled(rows):
    frame = pd.DataFrame(rows, columns=["text", "motive", "stance"])
    return frame.assign(previous="", following="", heading="")


@pytest.fixture
def train():
    return labeled(
        [(text, "direct_talks", "supportive") for text in TALKS]
        + [(text, "direct_talks", "skeptical") for text in DOUBTS]
        + [(text, "peace_treaty", "supportive") for text in TREATY]
        + [(text, "none", "neutral") for text in EVENTS]
    )


@pytest.fixture
def config():
    return ExperimentConfig.model_validate(
        {
            "name": "t",
            "data": {"train": ["own"], "evaluate": ["own"]},
            "features": [{"name": "word_tfidf.v1"}],
            "model": {"name": "linear_svm.v1"},
        }
    )


def predict(classifier, frame):
    return classifier.decide(classifier.scores(frame))


def test_the_linear_model_learns_motive_and_stance(train, config, codebook):
    decision = predict(make_classifier(config, codebook).fit(train), train)
    assert decision.motive == list(train["motive"])
    assert decision.stance == list(train["stance"])


def test_labels_never_trained_on_get_next_to_no_proba(train, config, codebook):
    proba = predict(make_classifier(config, codebook).fit(train), train).proba["motive"]
    assert proba.shape == (len(train), len(codebook.labels("motive")))
    unseen = codebook.labels("motive").index("reunification")
    assert proba[:, unseen].max() < 1e-3


def test_two_labels_are_enough_and_one_is_not(train, config, codebook):
    two = train[train["motive"].isin(["direct_talks", "none"])]
    assert set(predict(make_classifier(config, codebook).fit(two), two).motive) == {"direct_talks", "none"}
    with pytest.raises(CorpusError, match="1 motive label"):
        make_classifier(config, codebook).fit(train[train["motive"] == "direct_talks"])


def test_stance_is_learned_only_from_statements_with_a_motive(train, config, codebook):
    classifier = make_classifier(config, codebook)
    assert (classifier.learns_from(train, "stance") == (train["motive"] != "none")).all()
    assert classifier.learns_from(train, "motive").all()


def test_majority_gives_the_most_frequent_label_everywhere(train, codebook):
    decision = predict(make_baseline(MajorityConfig(name="majority.v1"), codebook).fit(train), train)
    assert set(decision.motive) == {"direct_talks"}
    assert set(decision.stance) == {"supportive"}


def test_keyword_counts_the_codebooks_cues(train, codebook):
    baseline = make_baseline(KeywordConfig(name="keyword.v1"), codebook).fit(train)
    unseen = labeled(
        [
            ("An armistice is no peace treaty.", "peace_treaty", "neutral"),
            ("Such direct talks are unlikely, a long way off.", "direct_talks", "skeptical"),
            ("The weather was mild.", "none", "neutral"),
        ]
    )
    decision = predict(baseline, unseen)
    assert decision.motive == ["peace_treaty", "direct_talks", "none"]
    assert decision.stance[1] == "skeptical"


def test_evidence_names_the_words_that_speak_for_the_motive(train, config, codebook):
    classifier = make_classifier(config, codebook).fit(train)
    frame = labeled([("A treaty would end it.", "peace_treaty", "supportive")])
    (evidence,) = classifier.evidence(frame, ["peace_treaty"])
    assert "treaty" in evidence.split("; ")
    baseline = make_baseline(MajorityConfig(name="majority.v1"), codebook).fit(train)
    assert baseline.evidence(frame, ["none"]) == [""]


def test_features_read_the_field_they_are_told_to(train):
    blocks = [
        WordTfidf(name="word_tfidf.v1", field="heading"),
        CharTfidf(name="char_tfidf.v1", ngram_range=(2, 3), weight=2),
    ]
    frame = train.assign(heading="Peace")
    features = make_features(blocks).fit(frame)
    heading, text = features.transformers_[0][1], features.transformers_[1][1]
    assert list(heading.vocabulary_) == ["peace"]
    assert features.transform(frame).shape == (len(train), 1 + len(text.vocabulary_))
    norms = np.sqrt(features.transform(frame).multiply(features.transform(frame)).sum(axis=1))
    assert np.allclose(norms, np.sqrt(1 + 4))


def test_negations_are_kept_as_features(train):
    features = make_features([WordTfidf(name="word_tfidf.v1")]).fit(train.assign(text="it is not on, but never again"))
    assert {"not", "but", "never"} <= set(features.transformers_[0][1].vocabulary_)


def test_coverage_is_the_share_of_known_words(train):
    features = make_features([WordTfidf(name="word_tfidf.v1")]).fit(train)
    assert coverage(features, ["Treaty war", "Torte Zucker treaty Mehl", ""]) == [1.0, 0.25, 0.0]
