"""Checks of the predicted labels: never given, swapped, at odds with their proba, or always the same."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import pandas as pd

from stance.findings import Fired, NotApplicable, check
from stance.metrics import confusion
from stance.run_facts import RunFacts

ROUNDED = 1.5e-6  # proba are stored with six digits, so equal ones may differ by one in the last
MIN_SWAPPED = 5  # statements of a label; with fewer, three mistakes already look like a swap
ONE_PAIR, OF_GOLD = 0.95, 0.80


@check(
    "ST003",
    "test labels never predicted",
    severity="warning",
    advice="Its F1 is 0: label more of it, weigh classes (class_weight), or say in the report that it is not found.",
)
def never_predicted(facts: RunFacts) -> Fired | None:
    """Compare the labels of all test splits with the predictions."""
    missing = [
        f"{axis} {label!r} ({n} statement(s))"
        for axis in facts.codebook.axes
        for label in facts.codebook.labels(axis)
        if (n := int((facts.test[axis] == label).sum())) and label not in set(facts.test[f"predicted_{axis}"])
    ]
    return Fired(f"never predicted on {len(facts.test):,} test statements: {', '.join(missing)}") if missing else None


@check(
    "ST009",
    "proba at odds with the predicted labels",
    severity="error",
    advice="The scores' columns and the codebook's labels stand in different orders: mend the classifier, train again.",
)
def proba_disagree(facts: RunFacts) -> Fired | None:
    """Check that each proba belongs to its label, and that no motive comes with no stance but the null one.

    The predicted stance is the likeliest toward the predicted motive, which need not be the likeliest over all
    motives; so of it only the value is checked.
    """
    frame, axes = facts.predictions, facts.codebook.axes
    columns = {axis: [f"proba_{axis}_{label}" for label in facts.codebook.labels(axis)] for axis in axes}
    if frame.empty or not {name for names in columns.values() for name in names} <= {*frame.columns}:
        raise NotApplicable("the predictions hold no proba of every label")
    counts = {
        "predicted motive(s) are not the likeliest": int(_not_likeliest(frame, columns["motive"]).sum()),
        "motive_proba are not those of the predicted motive": int(_of_another(frame, "motive").sum()),
        "stance_proba are not those of the predicted stance": int(_of_another(frame, "stance").sum()),
        "prediction(s) give a stance to no motive": int(_breaks_rule(facts).sum()),
    }
    found = [f"{n:,} {what}" for what, n in counts.items() if n]
    return Fired(f"of {len(frame):,} predictions, {'; '.join(found)}") if found else None


@check(
    "ST010",
    "swapped labels",
    severity="error",
    advice="Check that scores and codebook order labels alike; then read the two definitions and their annotations.",
)
def swapped(facts: RunFacts) -> Fired | None:
    """Look for two labels of which each is predicted as the other more often than as itself."""
    pairs = [each for axis in facts.codebook.axes for each in _swapped_pairs(facts, axis)]
    return Fired("; ".join(pairs)) if pairs else None


@check(
    "ST014",
    "a constant predictor",
    severity="error",
    advice="Look at the training labels and at the features: a model that has one label, or no features, does this.",
)
def constant(facts: RunFacts) -> Fired | None:
    """Compare the most frequent predicted pair of labels with its share of the gold labels."""
    test = facts.test
    motive, stance = test[["predicted_motive", "predicted_stance"]].value_counts().index[0]
    predicted = float((test["predicted_motive"].eq(motive) & test["predicted_stance"].eq(stance)).mean())
    gold = float((test["motive"].eq(motive) & test["stance"].eq(stance)).mean())
    if predicted <= ONE_PAIR or gold >= OF_GOLD:
        return None
    said = (
        f"{predicted:.0%} of {len(test):,} test predictions are {motive}/{stance}, which {gold:.0%} of statements are"
    )
    return Fired(said)


def _not_likeliest(frame: pd.DataFrame, columns: list[str]) -> pd.Series[bool]:
    likeliest: pd.Series[float] = frame[columns].max(axis=1)
    return _chosen(frame, "motive") < likeliest - ROUNDED


def _of_another(frame: pd.DataFrame, axis: str) -> pd.Series[bool]:
    return (frame[f"{axis}_proba"] - _chosen(frame, axis)).abs() > ROUNDED


def _chosen(frame: pd.DataFrame, axis: str) -> pd.Series[float]:
    """Proba in the column of each statement's predicted label."""
    parts = [part[f"proba_{axis}_{label}"] for label, part in frame.groupby(f"predicted_{axis}")]
    chosen: pd.Series[float] = pd.concat(parts).reindex(frame.index)
    return chosen


def _breaks_rule(facts: RunFacts) -> pd.Series[bool]:
    motive, stance = (facts.codebook.null_label(axis) for axis in ("motive", "stance"))
    frame = facts.predictions
    return frame["predicted_motive"].eq(motive) & frame["predicted_stance"].ne(stance)


def _swapped_pairs(facts: RunFacts, axis: str) -> Iterator[str]:
    labels = facts.codebook.labels(axis)
    table = confusion(facts.test[axis], facts.test[f"predicted_{axis}"], labels)
    for a, b in combinations(range(len(labels)), 2):
        enough = min(sum(table[a]), sum(table[b])) >= MIN_SWAPPED
        if enough and table[a][b] > table[a][a] and table[b][a] > table[b][b]:
            yield f"{axis}: " + " and ".join(
                f"{table[i][j]} of {sum(table[i])} {labels[i]!r} are predicted {labels[j]!r}, {table[i][i]} right"
                for i, j in ((a, b), (b, a))
            )
