import re

import pytest

from stance.config import DecisionConfig
from stance.predict import load_model
from stance.status_reasons import Grounds, status_reason

LIMITS = DecisionConfig(precision=0.8, abstain_below=0.55)


@pytest.fixture(scope="module")
def classifier():
    return load_model().classifier


def reason(classifier, status, limits=LIMITS, **changed):
    grounds = {"joint_proba": 0.41, "other": ("regime_survival", "supportive", 0.22), "coverage": 1.0, "closeness": 0.0}
    return status_reason(status, Grounds(**grounds | changed), limits, classifier)


def test_what_is_held_back_is_told_with_the_limit_and_the_next_reading(classifier):
    assert reason(classifier, "abstain") == (
        "Both labels are right with a proba of 0.41, below 0.55, set so that 80% of what is kept should be right. "
        "The likeliest other reading is “Regime survival and deterrence”, supportive (0.22)."
    )
    assert "“No motive” (0.30)" in reason(classifier, "abstain", other=("none", "neutral", 0.3))


def test_what_is_kept_is_at_least_the_limit(classifier):
    assert "0.60, at least 0.55" in reason(classifier, "ok", joint_proba=0.6)
    assert "holds nothing back" in reason(classifier, "ok", DecisionConfig())
    assert "set so" not in reason(classifier, "ok", DecisionConfig(abstain_below=0.1))


@pytest.mark.parametrize("proba", [0.5499, 0.5499999])
def test_numbers_that_are_compared_never_read_the_same(classifier, proba):
    below = re.search(r"proba of (\S+), below (\S+),", reason(classifier, "abstain", joint_proba=proba))
    assert float(below[1]) < float(below[2]) or float(below[1]) == pytest.approx(proba, abs=1e-5)


def test_out_of_domain_is_told_by_the_statement_by_the_article_or_by_both(classifier):
    far = classifier.domain.threshold - 1
    words = reason(classifier, "out_of_domain", coverage=0.31)
    assert words == "31 % of its words are known from training, below 50 %."
    article = reason(classifier, "out_of_domain", closeness=far)
    assert article.startswith("The article as a whole is off the subject")
    assert f"{classifier.domain.threshold:.2f}".replace("-", "−") in article
    assert reason(classifier, "out_of_domain", coverage=0.31, closeness=far) == f"{words} {article}"


def test_another_language_is_named_where_that_is_why(classifier):
    german = reason(classifier, "out_of_domain", coverage=0.1, language="de")
    assert german.startswith("The article is in German, and this model reads English. 10 %")
    assert "German" not in reason(classifier, "abstain", language="de")
