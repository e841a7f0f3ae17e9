"""What every word and pair says to the fast classifier: exact, for it sums their folded weights (see `stance.fast`)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from stance.explain import BIAS, SHOWN, TOWARD, Contributions, Term, leading, places
from stance.subwords import WORD, Floats

if TYPE_CHECKING:
    import pandas as pd

    from stance.fast import FastClassifier

NO_WORD = -1  # the second word of a term that is no pair

Parts = list[tuple[list[Term], Floats]]  # of each statement: terms, and what they say (n_terms, k)


def contributions(classifier: FastClassifier, frame: pd.DataFrame) -> list[Contributions]:
    """See `TwoAxisClassifier.contributions`; an unknown word has the sum of its character n-grams."""
    labels = {axis: classifier.codebook.labels(axis) for axis in classifier.codebook.axes}
    parts = [_statements(classifier, list(frame["text"]))]
    for at, name in enumerate(classifier.context):
        parts.append(_neighbours(classifier, list(frame[name]), name, at))
    parts.append(_constants(classifier, classifier.scores(frame)["motive"]))
    told = []
    for row in zip(*parts, strict=True):
        terms = [term for each, _ in row for term in each]
        told.append(Contributions.of(terms, np.concatenate([values for _, values in row]), labels))
    return told


def _statements(classifier: FastClassifier, texts: list[str]) -> Parts:
    bags = classifier.subwords.read(texts)
    reading = classifier.weigh(bags)
    pair_rows = np.searchsorted(reading.pair_rows, np.arange(len(bags) + 1))
    parts = []
    for row, text in enumerate(texts):
        words = slice(bags.starts[row], bags.starts[row + 1])
        pairs = slice(pair_rows[row], pair_rows[row + 1])
        found = places(text, WORD)
        terms = [Term(word, "text", span) for word, span in found]
        for first in reading.firsts[pairs] - bags.starts[row]:
            (one, (start, _)), (two, (_, end)) = found[first : first + 2]
            terms.append(Term(f"{one} {two}", "text", (start, end)))
        values = np.concatenate([reading.words[bags.ids[words]], classifier.fitted.pair[reading.pairs[pairs]]])
        parts.append((terms, values / reading.lengths[row]))
    return parts


def _neighbours(classifier: FastClassifier, texts: list[str], name: str, at: int) -> Parts:
    """Only known words of a neighbour are read."""
    bags = classifier.subwords.read(texts)
    known = bags.ids < len(classifier.subwords.words)
    lengths = classifier.context_lengths(bags)
    parts = []
    for row, text in enumerate(texts):
        words = slice(bags.starts[row], bags.starts[row + 1])
        found = zip(places(text, WORD), known[words], strict=True)
        terms = [Term(word, name, span) for (word, span), read in found if read]
        values = classifier.fitted.context[at][bags.ids[words][known[words]]]
        parts.append((terms, values / lengths[row]))
    return parts


def _constants(classifier: FastClassifier, motive: Floats) -> Parts:
    """Tell what no text says: intercepts, and the chosen motive for each stance."""
    tables = classifier.fitted
    terms = [Term(BIAS, "bias"), Term(TOWARD, "bias")]
    parts = []
    for chosen in motive.argmax(axis=1) if len(motive) else ():
        says = np.concatenate([np.zeros(motive.shape[1]), tables.toward[chosen]])
        parts.append((terms, np.stack([tables.intercept, says])))
    return parts


def evidence(classifier: FastClassifier, frame: pd.DataFrame, motives: Sequence[str]) -> list[str]:
    """Up to three words or pairs of each statement that speak most for its motive, strongest first.

    What a word says for a motive is its folded weight (word and character n-grams) less the mean over all motives.
    Scale and order of a statement's words are the same as in `contributions`, which predicting has no time for.
    """
    subwords = classifier.subwords
    order = {label: code for code, label in enumerate(classifier.codebook.labels("motive"))}
    column = np.array([order[motive] for motive in motives], dtype=int)
    bags = subwords.read(list(frame["text"]))
    pair, pair_row, first = subwords.find_pairs(bags)
    word = np.flatnonzero(bags.ids < len(subwords.words))
    word_row = bags.rows[word]
    rows = np.concatenate([word_row, pair_row])
    values = np.concatenate([classifier.fitted.word[bags.ids[word]], classifier.fitted.pair[pair]])
    values = values[:, : len(order)].astype(float)
    says = values[np.arange(len(rows)), column[rows]] - values.mean(axis=1)
    # Strongest first, and of equals the one that comes first: lexsort is stable.
    ranked = np.lexsort((-says, rows))
    ranked = ranked[says[ranked] > 0]
    ones = np.concatenate([bags.ids[word], bags.ids[first]])[ranked].tolist()
    twos = np.concatenate([np.full(len(word), NO_WORD), bags.ids[first + 1]])[ranked].tolist()
    cuts = np.searchsorted(rows[ranked], np.arange(len(bags) + 1)).tolist()
    return [_shown(ones[start:end], twos[start:end], subwords.words) for start, end in pairwise(cuts)]


def _shown(ones: list[int], twos: list[int], words: list[str]) -> str:
    """Join the first few terms, words or pairs of words by number, as `stance.explain.strongest` does."""
    shown: list[str] = []
    used: set[int] = set()
    for one, two in zip(ones, twos, strict=True):
        if one in used or two in used:
            continue
        used |= {one} if two == NO_WORD else {one, two}
        shown.append(words[one] if two == NO_WORD else f"{words[one]} {words[two]}")
        if len(shown) == SHOWN:
            break
    return "; ".join(shown)


def top_features(classifier: FastClassifier, axis: str, n: int) -> dict[str, list[tuple[str, float]]]:
    """See `TwoAxisClassifier.top_features`; a weight is what the term says before the statement's length divides it."""
    tables, words, pairs = classifier.fitted, classifier.subwords.words, classifier.subwords.pairs
    labels, n_motives = classifier.codebook.labels(axis), len(classifier.codebook.labels("motive"))
    columns = slice(n_motives) if axis == "motive" else slice(n_motives, None)
    terms = words + [f"{words[code // len(words)]} {words[code % len(words)]}" for code in pairs]
    weights = np.concatenate([tables.word, tables.pair])[:, columns].astype(float)
    return leading(terms, weights, labels, n)
