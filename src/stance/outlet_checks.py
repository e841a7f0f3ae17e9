"""Check of a run's top features: words that betray which outlet published a statement, and not what it says."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

import pandas as pd

from stance.findings import Fired, NotApplicable, check
from stance.run_facts import RunFacts

# Agencies whose tag stands in datelines and credits: "SEOUL (Reuters) -". KCNA, Yonhap and the like are not among them:
# articles on North Korea quote them as sources.
AGENCIES = {"reuters", "afp", "ap", "upi", "epa", "getty", "bloomberg"}
ONE_OUTLET = 0.8  # of a word's statements that are one outlet's
CONCENTRATION = 3  # times that outlet's share of the label: an outlet that wrote most of a label may well own its words
NAME = 0.5  # of a word's statements that are of the outlet so named; "times" and "korea" are mostly just words
MIN_STATEMENTS, MIN_ARTICLES = 5, 3  # with fewer, a word belongs to one story and not to an outlet
HIDDEN = 0.5  # of what trained; where more has no text here, the rest says little of who uses a word
SHOWN = 6


@check(
    "ST006",
    "top features that betray an outlet",
    severity="warning",
    advice="Score outlets never seen (data.split_by: outlet), and strip such wording if that score is lower.",
)
def outlet_words(facts: RunFacts) -> Fired | None:
    """Look among each label's strongest word features for agency tags, outlet names and one outlet's words."""
    if not facts.top_features:
        raise NotApplicable("the model tells no top features")
    use = _Use.of(facts)
    found = [
        f"{axis} {label!r}: {term!r} {why}"
        for axis, labels in facts.top_features.items()
        for label, terms in labels.items()
        for term, _ in terms
        if (why := use.betrays(term.lower(), axis, label))
    ]
    if not found:
        return None
    return Fired(f"{len(found)} of the top features: {'; '.join(found[:SHOWN])}")


@dataclass(frozen=True)
class _Use:
    """Who uses the top terms: statements and articles of each outlet, and outlets' shares of each label."""

    statements: Mapping[str, Counter[str]]
    articles: Mapping[str, set[str]]
    shares: Mapping[tuple[str, str], Mapping[str, float]]

    @classmethod
    def of(cls, facts: RunFacts) -> _Use:
        if facts.train is None or "outlet" not in facts.train:
            raise NotApplicable("the outlets of what was trained on are not known")
        train = facts.train.assign(_text=facts.statement_texts(facts.train))
        hidden = int((train["_text"] == "").sum())
        if hidden > HIDDEN * len(train):
            raise NotApplicable(f"the text of {hidden:,} of {len(train):,} statements that trained is not here")
        train = train[train["outlet"].notna() & (train["outlet"] != "") & (train["_text"] != "")]
        if train["outlet"].nunique() < 2:
            raise NotApplicable("fewer than two outlets are known among what was trained on and has its text here")
        labels = (facts.top_features or {}).values()
        wanted = {term.lower() for axis in labels for terms in axis.values() for term, _ in terms}
        statements: dict[str, Counter[str]] = defaultdict(Counter)
        articles: dict[str, set[str]] = defaultdict(set)
        for text, outlet, article in zip(train["_text"], train["outlet"], train["article_id"], strict=True):
            for term in wanted.intersection(_terms(text)):
                statements[term][outlet] += 1
                articles[term].add(article)
        return cls(statements, articles, _shares(train, facts.codebook.axes))

    def betrays(self, term: str, axis: str, label: str) -> str | None:
        """Say how a label's term betrays an outlet, or None."""
        if AGENCIES.intersection(term.split()):
            return "is an agency's tag"
        users = self.statements.get(term)
        if not users:
            return None
        outlet, n = users.most_common(1)[0]
        total = users.total()
        if term in _names(outlet) and n >= NAME * total:
            return f"names {outlet}"
        if total < MIN_STATEMENTS or len(self.articles[term]) < MIN_ARTICLES:
            return None
        share = self.shares.get((axis, label), {}).get(outlet, 0.0)
        if n >= ONE_OUTLET * total and n / total >= CONCENTRATION * share:
            return f"stands {n} of {total} times in {outlet}, which has {share:.0%} of the label"
        return None


def _shares(train: pd.DataFrame, axes: tuple[str, ...]) -> dict[tuple[str, str], dict[str, float]]:
    """Share of each outlet in the statements of each label."""
    return {
        (axis, str(label)): {
            str(outlet): float(share) for outlet, share in part["outlet"].value_counts(normalize=True).items()
        }
        for axis in axes
        for label, part in train.groupby(axis)
    }


def _names(outlet: str) -> set[str]:
    """Return an outlet's name as a feature may spell it: its words of more than three letters, pairs, and all of it."""
    words = re.findall(r"\w+", outlet.lower())
    return {word for word in words if len(word) > 3} | {" ".join(pair) for pair in pairwise(words)} | {" ".join(words)}


def _terms(text: str) -> Iterator[str]:
    """Yield words and pairs of words, as word features spell them."""
    words = re.findall(r"\w+", text.lower())
    yield from words
    yield from (" ".join(pair) for pair in pairwise(words))
