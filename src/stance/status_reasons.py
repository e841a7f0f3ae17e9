"""Why a prediction is to be used, is held back or is out of domain: a plain sentence with the numbers compared."""

from __future__ import annotations

from dataclasses import dataclass

from stance.classifier import TwoAxisClassifier
from stance.codebook import Codebook
from stance.config import DecisionConfig
from stance.language import LANGUAGES
from stance.wording import MINUS

DIGITS = 2  # of a number in a sentence; more where two that are compared would read the same


@dataclass(frozen=True)
class Grounds:
    """What the status of one prediction rests on.

    Attributes
    ----------
    joint_proba : float
        That motive and stance are both right.
    other : (motive, stance, float) or None
        The likeliest other reading, and its proba.
    coverage : float
        Share of the statement's words that training knew.
    closeness : float or None
        Score of the article by `stance.domain.Domain`; None where a model knows no subject.
    language : str
        Of the article, as `stance.language.identify` tells it, where it is another than that of training; else empty.
    """

    joint_proba: float
    other: tuple[str, str, float] | None
    coverage: float
    closeness: float | None
    language: str = ""


def status_reason(status: str, grounds: Grounds, decision: DecisionConfig, classifier: TwoAxisClassifier) -> str:
    """Say in one sentence why a prediction has its status."""
    if status == "out_of_domain":
        return " ".join(_outside(grounds, decision, classifier))
    below = decision.abstain_below or 0.0
    proba, limit = _apart(grounds.joint_proba, below)
    if not below:
        return f"Both labels are right with a proba of {proba}; this model holds nothing back."
    how = f"below {limit}" if status == "abstain" else f"at least {limit}"
    aim = f", set so that {decision.precision:.0%} of what is kept should be right" if decision.precision else ""
    rival = f" The likeliest other reading is {_reading(grounds.other, classifier.codebook)}." if grounds.other else ""
    return f"Both labels are right with a proba of {proba}, {how}{aim}.{rival}"


def _outside(grounds: Grounds, decision: DecisionConfig, classifier: TwoAxisClassifier) -> list[str]:
    reasons = []
    if grounds.language and classifier.domain:
        given, read = (LANGUAGES.get(code, code) for code in (grounds.language, classifier.domain.language))
        reasons.append(f"The article is in {given}, and this model reads {read}.")
    if grounds.coverage < decision.min_coverage:
        known, least = _apart(100 * grounds.coverage, 100 * decision.min_coverage, digits=0)
        reasons.append(f"{known} % of its words are known from training, below {least} %.")
    if classifier.domain and grounds.closeness is not None and grounds.closeness < classifier.domain.threshold:
        score, least = _apart(grounds.closeness, classifier.domain.threshold)
        share = f", as {1 - decision.false_flags:.0%} of training statements do" if decision.false_flags else ""
        reasons.append(
            f"The article as a whole is off the subject: its words score {score} for how often training uses them, and "
            f"what is on the subject scores at least {least}{share}."
        )
    return reasons


def _reading(other: tuple[str, str, float], codebook: Codebook) -> str:
    motive, stance, proba = other
    name = codebook.label("motive", motive).name
    if motive == codebook.null_label("motive"):
        return f"“{name}” ({proba:.2f})"
    return f"“{name}”, {codebook.label('stance', stance).name.lower()} ({proba:.2f})"


def _apart(value: float, limit: float, digits: int = DIGITS) -> tuple[str, str]:
    """Write two numbers with as many digits as tell them apart."""
    for n in range(digits, digits + 4):
        texts = (f"{value:.{n}f}".replace("-", MINUS), f"{limit:.{n}f}".replace("-", MINUS))
        if texts[0] != texts[1] or value == limit:
            break
    return texts
