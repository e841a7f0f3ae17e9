"""Methodological checks of a run: what a careful reviewer would ask, each with a code, a severity and advice.

The checks of the labeled data are in `stance.data_checks`.
"""

from __future__ import annotations

from stance.findings import Check, Outcome
from stance.label_checks import constant, never_predicted, proba_disagree, swapped
from stance.learned_checks import absent_label, leakage, left_out
from stance.outlet_checks import outlet_words
from stance.run_facts import RunFacts
from stance.score_checks import (
    better_out_of_fold,
    few_statements,
    inside_noise,
    no_better,
    opened_often,
    overconfident,
)

CHECKS: tuple[Check, ...] = (
    leakage,
    absent_label,
    never_predicted,
    no_better,
    inside_noise,
    outlet_words,
    overconfident,
    opened_often,
    proba_disagree,
    swapped,
    few_statements,
    better_out_of_fold,
    left_out,
    constant,
)
CODES: dict[str, str] = {each.code: each.title for each in CHECKS}


def run_checks(facts: RunFacts) -> list[Outcome]:
    """Make every check of a run.

    Parameters
    ----------
    facts : RunFacts
        What is known of it; `RunFacts.of` reads a run directory.

    Returns
    -------
    list of Outcome
        One a check, in the order of their codes; `CODES` says what each code means.
    """
    return [check(facts) for check in CHECKS]
