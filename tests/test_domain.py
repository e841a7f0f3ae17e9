import json

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.domain import NOTHING, Domain, lowest_of_domain, windows

TRAINING = [
    "The envoy wants nuclear talks.",
    "Sanctions and nuclear talks failed.",
    "The summit on sanctions ended.",
] * 10


@pytest.fixture
def domain():
    return Domain.fit(TRAINING)


def test_the_subject_scores_above_another_and_more_surely_in_a_longer_text(domain):
    on, off, longer = domain.scores(["Nuclear talks", "Butter flour", "Butter flour " * 20])
    assert on > off > longer


def test_a_text_without_content_scores_as_training_does(domain):
    assert list(domain.scores(["", "and the of", "!?"])) == [domain.mean] * 3


def test_nothing_is_outside_without_a_threshold(domain):
    assert domain.outside(["Butter flour"]) == [False]


def test_no_group_is_flagged_more_than_its_share():
    scores, groups = pd.Series(range(200), dtype=float).to_numpy(), ["a"] * 100 + ["b"] * 100
    threshold = lowest_of_domain(scores, groups, 0.02)
    assert (scores[:100] < threshold).mean() <= 0.02
    assert lowest_of_domain(scores, groups, 0.0) == NOTHING


def test_a_handful_of_statements_sets_no_threshold():
    assert lowest_of_domain(pd.Series([-5.0, -6.0]).to_numpy(), ["a", "a"], 0.01) == NOTHING


@settings(deadline=None)  # the first odd text loads what tells languages
@given(st.lists(st.text(max_size=40), max_size=5), st.text(max_size=40))
def test_a_saved_detector_scores_alike(texts, text):
    domain = Domain.fit(texts)
    again = Domain.from_dict(json.loads(json.dumps(domain.to_dict())))
    assert again == domain
    assert list(again.scores([text])) == list(domain.scores([text]))


def test_a_window_is_the_heading_and_the_neighbours():
    frame = pd.DataFrame({"text": ["b"], "previous": ["a"], "following": ["c"], "heading": ["h"]})
    assert windows(frame) == ["h a b c"]


def test_a_text_in_another_language_than_training_is_outside():
    german = "Der Hafen bleibt bis zum Frühjahr geschlossen, und die Schleuse ist noch nicht fertig."
    english = "The port will be closed until the spring, and nobody in the town has been told why."
    assert Domain.fit([english] * 9).outside([german, english]) == [True, False]
    assert Domain.fit([german] * 9).outside([german, english]) == [False, True]
    assert Domain.fit(["Ja.", "No."]).outside([german, english]) == [False, False]  # too little to tell by


def test_a_model_of_before_languages_were_told_is_english():
    assert Domain.from_dict({"words": {}, "floor": 0, "mean": 0, "threshold": NOTHING}).language == "en"
