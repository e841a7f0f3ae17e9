from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from conftest import DOUBTS, EVENTS, TALKS, TREATY
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.config import ExperimentConfig, MajorityConfig
from stance.ensemble import Ensemble
from stance.explain import BIAS, OTHER, TOWARD, highlights, moved, occlusion
from stance.fast import FastClassifier
from stance.models import make_baseline, make_classifier

FIELDS = ("text", "previous", "following", "heading")
KINDS = [
    (TALKS, "direct_talks", "supportive"),
    (DOUBTS, "direct_talks", "skeptical"),
    (TREATY, "peace_treaty", "supportive"),
    (EVENTS, "none", "neutral"),
]
TRAIN = pd.DataFrame(
    [(text, motive, stance) for texts, motive, stance in KINDS for text in texts], columns=["text", "motive", "stance"]
).assign(previous="A treaty is near.", following="", heading="Talks")
PIPELINES = {
    "words": [{"name": "word_tfidf.v1"}],
    "everything": [
        {"name": "word_tfidf.v1", "ngram_range": [1, 2]},
        {"name": "char_tfidf.v1", "ngram_range": [2, 4], "weight": 0.5},
        {"name": "word_tfidf.v1", "field": "previous", "ngram_range": [2, 2], "sublinear_tf": False},
        {"name": "lexicon.v1"},
    ],
}


def frame_of(*statements):
    blank = dict.fromkeys(FIELDS, "")
    return pd.DataFrame([blank | each for each in statements], columns=list(FIELDS))


def linear(codebook, features, train=TRAIN):
    described = {
        "name": "t",
        "data": {"train": ["own"], "evaluate": ["own"]},
        "features": features,
        "model": {"name": "linear_svm.v1"},
    }
    return make_classifier(ExperimentConfig.model_validate(described), codebook).fit(train)


@pytest.fixture(scope="module")
def fast(codebook):
    return FastClassifier(codebook).fit(TRAIN)


@pytest.fixture(scope="module", params=["fast", "blind", *PIPELINES, "two labels"])
def classifier(request, codebook):
    if request.param == "two labels":
        return linear(codebook, PIPELINES["words"], TRAIN[TRAIN["motive"].isin(["direct_talks", "none"])])
    if request.param in PIPELINES:
        return linear(codebook, PIPELINES[request.param])
    sees = {"fast": "motive", "blind": "nothing"}[request.param]
    return FastClassifier(codebook, stance_sees=sees).fit(TRAIN)


def words():
    known = sorted({word for text in TRAIN["text"] for word in text.split()})
    odd = st.sampled_from(["İstanbul", "ΟΔΟΣ", "ß", "e\u0301", "\u00a0", "—", "u.s.", "x", "\n", "  ", "…treaty…"])
    return st.lists(st.sampled_from(known) | odd | st.text(max_size=6), max_size=12).map(" ".join)


@settings(deadline=None, max_examples=40)
@given(statements=st.lists(st.fixed_dictionaries(dict.fromkeys(FIELDS, words())), min_size=1, max_size=3))
def test_contributions_sum_to_the_scores_of_the_chosen_motive(classifier, statements):
    frame = frame_of(*statements)
    scores = classifier.scores(frame)
    for row, each in enumerate(classifier.contributions(frame)):
        chosen = scores["motive"][row].argmax()
        assert np.allclose(each.motive.sum(axis=0), scores["motive"][row], rtol=0, atol=1e-6)
        assert np.allclose(each.stance.sum(axis=0), scores["stance"][row, chosen], rtol=0, atol=1e-6)
        assert len(each.terms) == len(each.fields) == len(each.spans) == len(each.motive) == len(each.stance)


@settings(deadline=None, max_examples=40)
@given(statement=st.fixed_dictionaries(dict.fromkeys(FIELDS, words())))
def test_spans_give_the_terms_back_as_they_were_written(classifier, statement):
    (told,) = classifier.contributions(frame_of(statement))
    for term, field, span in zip(told.terms, told.fields, told.spans, strict=True):
        if span is None:
            assert term in {BIAS, TOWARD, OTHER}
            continue
        written = statement[field][slice(*span)]
        assert written
        assert term.split()[0] in written.lower().replace("ς", "σ") or term.split()[0] in statement[field].lower()


def test_a_repeated_word_has_a_place_for_each_time_and_a_pair_spans_both_words(fast):
    (told,) = fast.contributions(frame_of({"text": "A treaty, the Treaty."}))
    found = [(term, span) for term, span in zip(told.terms, told.spans, strict=True) if "treaty" in term]
    assert ("treaty", (2, 8)) in found
    assert ("treaty", (14, 20)) in found
    (pair,) = (linear(fast.codebook, PIPELINES["everything"])).contributions(frame_of({"text": "It: a  peace treaty"}))
    assert ("peace treaty", (7, 19)) in list(zip(pair.terms, pair.spans, strict=True))


def test_letters_that_grow_in_lower_case_shift_no_place(fast):
    text = "İİİ treaty"
    (told,) = fast.contributions(frame_of({"text": text}))
    assert text[slice(*told.spans[told.terms.index("treaty")])] == "treaty"


def test_the_motive_says_for_the_stance_what_the_stance_head_gives_it(codebook, fast):
    (told,) = fast.contributions(frame_of({"text": "Talks"}))
    at = told.terms.index(TOWARD)
    assert not told.motive[at].any()
    assert told.stance[at].any()
    (blind,) = FastClassifier(codebook, stance_sees="nothing").fit(TRAIN).contributions(frame_of({"text": "Talks"}))
    assert not blind.stance[blind.terms.index(TOWARD)].any()


def test_what_cannot_be_told_exactly_is_none(codebook, fast):
    frame = frame_of({"text": "Talks"})
    for other in (
        make_baseline(MajorityConfig(name="majority.v1"), codebook).fit(TRAIN),
        Ensemble(codebook, [fast, fast], [1.0, 1.0]),
    ):
        assert other.contributions(frame) is None
        assert other.top_features("motive") is None


def test_zero_statements_have_no_contributions(classifier):
    assert classifier.contributions(TRAIN.iloc[:0]) == []


def test_moved_names_what_spoke_for_one_label_and_against_the_other(classifier, codebook):
    (told,) = classifier.contributions(frame_of({"text": "They want a treaty, a treaty, not talks."}))
    toward, against = "none", "direct_talks"
    every = moved(told, "motive", toward, against, n=1000)
    gap = told.motive.sum(axis=0)
    columns = [codebook.labels("motive").index(label) for label in (toward, against)]
    assert sum(each.weight for each in every) == pytest.approx(gap[columns[0]] - gap[columns[1]], abs=1e-9)
    sizes = [abs(each.weight) for each in every]
    assert sizes == sorted(sizes, reverse=True)
    assert len({each[:2] for each in every}) == len(every)
    assert moved(told, "motive", toward, against, n=2) == every[:2]
    assert [each.weight < 0 for each in every if each.term == "talks"] == [True]


@settings(deadline=None, max_examples=40)
@given(text=words())
def test_highlights_do_not_overlap_and_lose_nothing(classifier, text):
    (told,) = classifier.contributions(frame_of({"text": text, "previous": "A treaty."}))
    marked = highlights(text, told, "motive", "direct_talks")
    assert all(one.end <= two.start for one, two in pairwise(marked))
    assert all(0 <= each.start < each.end <= len(text) for each in marked)
    in_text = [field == "text" and span is not None for field, span in zip(told.fields, told.spans, strict=True)]
    whole = told.towards("motive", "direct_talks")[in_text].sum()
    assert sum(each.weight for each in marked) == pytest.approx(whole, abs=1e-9)


def test_highlights_mark_the_word_that_decides(fast):
    text = "On Monday, a treaty."
    (told,) = fast.contributions(frame_of({"text": text}))
    best = max(highlights(text, told, "motive", "peace_treaty", "none"), key=lambda each: each.weight)
    assert text[best.start : best.end] == "treaty"


def test_occlusion_finds_the_word_that_decides_in_any_classifier(codebook, fast):
    ensemble = Ensemble(codebook, [fast, fast], [0.5, 0.5])
    text = "On Monday, a treaty."
    found = occlusion(ensemble, {"text": text, "heading": "Talks"}, label="peace_treaty")
    assert [text[each.start : each.end] for each in found] == ["On", "Monday", "a", "treaty"]
    assert max(found, key=lambda each: each.weight) is found[-1]
    assert found[-1].weight > 0
    assert occlusion(ensemble, {"text": ""}) == []


def test_top_features_are_words_that_speak_for_the_label(classifier, codebook):
    top = classifier.top_features("motive", n=5)
    assert list(top) == list(codebook.labels("motive"))
    assert top["reunification"] == []
    assert len(top["direct_talks"]) == 5
    weights = [weight for _, weight in top["direct_talks"]]
    assert weights == sorted(weights, reverse=True)
    assert min(weights) > 0
    named = {word for term, _ in classifier.top_features("motive")["direct_talks"] for word in term.split()}
    assert named & {"talks", "summit", "dialogue"}
    assert set(classifier.top_features("stance")) == set(codebook.labels("stance"))
