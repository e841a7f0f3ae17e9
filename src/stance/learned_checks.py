"""Checks of what a run learned from: leaks from train into test, labels that cannot be learned, data left out."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

import pandas as pd

from stance.findings import Fired, NotApplicable, check
from stance.run_facts import RunFacts
from stance.splits import near_duplicate_clusters

COPIED = 8  # words; shorter statements ("He said no.") recur by chance
SHOWN = 3  # examples in a sentence


@check(
    "ST001",
    "leakage of train into test",
    severity="error",
    advice="Put them in one split (`stance data check` says where), build the splits anew and train again.",
)
def leakage(facts: RunFacts) -> Fired | None:
    """Compare what trained with every split that is predicted, by ids and, where the text is here, by wording."""
    if facts.predictions.empty:
        raise NotApplicable("nothing was predicted")
    trained = _trained_articles(facts)
    if not trained:
        raise NotApplicable("which articles were trained on is not known")
    tested = set(facts.predictions["article_id"])
    kinds = {
        "tested article(s) also trained": sorted(trained & tested),
        "tested article(s) are near-copies of trained ones": _near_copies(facts, trained, tested),
        "tested statement(s) are worded as trained ones": _copied_statements(facts),
        "trained article(s) stand in two folds": _in_two_folds(facts),
    }
    found = [f"{len(ids)} {kind} ({_named(ids)})" for kind, ids in kinds.items() if ids]
    if found:
        return Fired("; ".join(found))
    if absent := (trained | tested) - (facts.texts or {}).keys():
        raise NotApplicable(
            f"no article stands in both, but the text of {len(absent):,} is not here to compare wording"
        )
    return None


@check(
    "ST002",
    "test labels that could not be learned",
    severity="error",
    advice="Label more statements of it in train, or merge it with a near label in the codebook.",
)
def absent_label(facts: RunFacts) -> Fired | None:
    """Look for test labels without a statement in the train split (error) or in a fold's training part (warning)."""
    occurring = {axis: _in_order(facts, axis, facts.test[axis]) for axis in facts.codebook.axes}
    never = [
        f"{axis} {label!r}"
        for axis, labels in occurring.items()
        for label in labels
        if label not in _trained_labels(facts, axis)
    ]
    if never:
        return Fired(f"no trained statement has {', '.join(never)}, which occur(s) in test")
    found = [
        f"fold {number:g} trains without {axis} {label!r}"
        for number, rest in _fold_rests(facts)
        for axis, labels in occurring.items()
        for label in labels
        if label not in set(rest[axis])
    ]
    return Fired(f"{'; '.join(found[:SHOWN])} ({len(found)} such gap(s) in all)", "warning") if found else None


@check(
    "ST013",
    "data left out",
    severity="warning",
    advice="Name the folder that holds the text (--texts DIR or STANCE_TEXTS), or do not compare with other runs.",
)
def left_out(facts: RunFacts) -> Fired | None:
    """Count statements that have labels, and no text here."""
    collections = facts.metrics.get("data", {}).get("collections")
    if not collections:
        raise NotApplicable("the metrics do not say which collections were read")
    gone = [
        f"{each['name']} {each['left_out']:,} of {each['statements']:,}" for each in collections if each["left_out"]
    ]
    return (
        Fired(f"labeled statements were left out ({'; '.join(gone)}), so scores are not of all data") if gone else None
    )


def _named(ids: Iterable[str]) -> str:
    """Name the first few."""
    first = list(ids)
    return ", ".join(first[:SHOWN]) + (", ..." if len(first) > SHOWN else "")


def _trained_articles(facts: RunFacts) -> set[str]:
    if facts.train is not None:
        return set(facts.train["article_id"])
    return {article for article, split in facts.splits.items() if split == "train"}


def _near_copies(facts: RunFacts, trained: set[str], tested: set[str]) -> list[str]:
    """Find tested articles in whose cluster of near-duplicates a trained article stands."""
    texts = {id_: text for id_, text in (facts.texts or {}).items() if id_ in trained ^ tested}
    clusters = defaultdict(list)
    for id_, cluster in zip(texts, near_duplicate_clusters(list(texts.values())), strict=True):
        clusters[cluster].append(id_)
    mixed = [ids for ids in clusters.values() if trained.intersection(ids) and tested.intersection(ids)]
    return sorted(id_ for ids in mixed for id_ in ids if id_ in tested)


def _copied_statements(facts: RunFacts) -> list[str]:
    """Find tested statements of `COPIED` words or more that stand in train word for word."""
    if facts.train is None:
        return []
    elsewhere = facts.train[~facts.train["article_id"].isin(facts.predictions["article_id"])]
    trained = {words for text in facts.statement_texts(elsewhere) if len(words := _words(text)) >= COPIED}
    tested = zip(facts.predictions["statement_id"], facts.statement_texts(facts.predictions), strict=True)
    return [id_ for id_, text in tested if _words(text) in trained]


def _in_two_folds(facts: RunFacts) -> list[str]:
    if facts.train is None or "fold" not in facts.train:
        return []
    folds = facts.train.groupby("article_id")["fold"].nunique()
    return sorted(folds.index[folds > 1])


def _trained_labels(facts: RunFacts, axis: str) -> set[str]:
    if facts.train is not None:
        return set(facts.train[axis])
    counts = facts.metrics.get("data", {}).get("train", {}).get(axis)
    if counts is None:
        raise NotApplicable("which labels were trained on is not known")
    return {label for label, n in counts.items() if n}


def _fold_rests(facts: RunFacts) -> Iterator[tuple[float, pd.DataFrame]]:
    """Yield every fold's number and what the model that predicted it was trained on."""
    if facts.train is None or "fold" not in facts.train:
        return
    for number in sorted(facts.train["fold"].dropna().unique()):
        yield number, facts.train[facts.train["fold"] != number]


def _in_order(facts: RunFacts, axis: str, column: pd.Series[str]) -> list[str]:
    there = set(column)
    return [label for label in facts.codebook.labels(axis) if label in there]


def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[^\W_]+", text.lower()))
