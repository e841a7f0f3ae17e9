"""What every word and n-gram says to a linear head of scikit-learn: its feature's value times its coefficient."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from stance.decision import Floats
from stance.explain import BIAS, OTHER, Contributions, Span, Term, leading, places, strongest
from stance.features import word_blocks

if TYPE_CHECKING:
    import pandas as pd

    from stance.models import ScikitClassifier

TOKEN = re.compile(r"\S+")  # what scikit-learn cuts into character n-grams
CORE = re.compile(r"\w(?:.*\w)?")  # a token without the marks around it

Finder = Callable[[str], Iterator[tuple[str, Span, list[str]]]]  # text to term, place and the n-grams it is made of


def contributions(classifier: ScikitClassifier, frame: pd.DataFrame) -> list[Contributions] | None:
    """See `TwoAxisClassifier.contributions`; None for heads without coefficients.

    An n-gram that stands k times gives each place a k-th of its say. Character n-grams speak through the word they are
    cut from; blocks that are no n-grams are one term, `OTHER`.
    """
    from scipy.sparse import csr_array

    if not all(hasattr(head, "coef_") for head in classifier.heads.values()):
        return None
    if frame.empty:  # which scikit-learn refuses
        return []
    codebook, matrix = classifier.codebook, csr_array(classifier.features.transform(frame))  # embeddings are dense
    labels = {axis: codebook.labels(axis) for axis in codebook.axes}
    weights = np.hstack([_coefficients(classifier.heads[axis], labels[axis]) for axis in labels])
    given = classifier.scores(frame)
    scores = np.hstack([given["motive"], given["stance"][:, 0]])  # the stance is the same toward every motive
    bias = np.concatenate([_intercepts(classifier.heads[axis], labels[axis]) for axis in labels])
    blocks = list(_blocks(classifier.features))
    told = []
    for row in range(len(frame)):
        values = np.zeros(matrix.shape[1])
        span = slice(matrix.indptr[row], matrix.indptr[row + 1])
        values[matrix.indices[span]] = matrix.data[span]
        terms, says = _terms(frame.iloc[row], blocks, values, weights)
        # No feature speaks for a label never trained on: all of its score is given.
        constant = np.where(np.isnan(bias), scores[row], bias)
        told.append(Contributions.of([*terms, Term(BIAS, "bias")], np.vstack([*says, constant]), labels))
    return told


def _terms(
    statement: pd.Series[Any], blocks: list[tuple[str, dict[str, int], Finder]], values: Floats, weights: Floats
) -> tuple[list[Term], list[Floats]]:
    """Terms of a statement and what they say; ``values`` (n_features,) is left with what no term has said."""
    terms, says, said = [], [], []
    for name, column_of, find in blocks:
        found = [
            (term, span, [column_of[g] for g in grams if g in column_of]) for term, span, grams in find(statement[name])
        ]
        times = Counter(column for _, _, columns in found for column in columns)
        for term, span, columns in found:
            if columns:
                share = np.array([values[column] / times[column] for column in columns])
                terms.append(Term(term, name, span))
                says.append(share @ weights[columns])
        said += list(times)
    rest = values.copy()
    rest[said] = 0.0
    if rest.any():
        terms.append(Term(OTHER, "bias"))
        says.append(rest @ weights)
    return terms, says


def _blocks(features: Any) -> Iterator[tuple[str, dict[str, int], Finder]]:
    """Field, column of every n-gram, and finder of n-grams of every block that has any."""
    for name, vectorizer, where in features.transformers_:
        if hasattr(vectorizer, "vocabulary_"):
            first = features.output_indices_[name].start
            find = _find_words if vectorizer.analyzer == "word" else _find_characters
            yield where, {gram: first + at for gram, at in vectorizer.vocabulary_.items()}, find(vectorizer)


def _find_words(vectorizer: Any) -> Finder:
    pattern, (low, high) = re.compile(vectorizer.token_pattern), vectorizer.ngram_range

    def find(text: str) -> Iterator[tuple[str, Span, list[str]]]:
        words = places(text, pattern)
        for size in range(low, high + 1):
            for at in range(len(words) - size + 1):
                some = words[at : at + size]
                term = " ".join(word for word, _ in some)
                yield term, (some[0][1][0], some[-1][1][1]), [term]

    return find


def _find_characters(vectorizer: Any) -> Finder:
    analyze = vectorizer.build_analyzer()

    def find(text: str) -> Iterator[tuple[str, Span, list[str]]]:
        for token, (start, end) in places(text, TOKEN):
            core = CORE.search(token) if len(token) == end - start else None
            term, span = (core.group(), (start + core.start(), start + core.end())) if core else (token, (start, end))
            yield term, span, analyze(token)

    return find


def _coefficients(head: Any, labels: Sequence[str]) -> Floats:
    """Shape (n_features, n_labels); zeros for a label never trained on."""
    every = np.zeros((head.coef_.shape[1], len(labels)))
    every[:, [labels.index(label) for label in head.classes_]] = _of_every_class(head, head.coef_).T
    return every


def _intercepts(head: Any, labels: Sequence[str]) -> Floats:
    """Shape (n_labels,); NaN for a label never trained on."""
    every = np.full(len(labels), np.nan)
    every[[labels.index(label) for label in head.classes_]] = _of_every_class(head, head.intercept_)
    return every


def _of_every_class(head: Any, fitted: Floats) -> Floats:
    """Coefficients or intercepts, a row a class: of two classes scikit-learn keeps the second one's alone."""
    return np.concatenate([-fitted, fitted]) if len(head.classes_) == 2 else fitted


def evidence(features: Any, head: Any, matrix: Any, motives: Sequence[str]) -> list[str]:
    """Return up to three words or phrases of each statement that speak most for its motive, strongest first.

    A word's contribution is its TF-IDF weight times the motive's coefficient less the mean coefficient of all motives:
    exact for a linear model. Character n-grams contribute too but do not read as words, so they are not shown.

    Parameters
    ----------
    features, head : estimators
        Fitted. A head without coefficients, or features without words, give empty evidence.
    matrix : sparse array, shape (n, n_features)
        The statements' features.
    motives : list of str, length n
        The motive chosen for each.

    Returns
    -------
    list of str
        Words joined by ``; ``.
    """
    blocks = [block for block in word_blocks(features) if block[0] == "text"]
    if not blocks or not hasattr(head, "coef_") or not motives:
        return [""] * len(motives)
    _, vectorizer, columns = blocks[0]
    words = vectorizer.get_feature_names_out()
    coefficients = _of_every_class(head, head.coef_)
    centred = (coefficients - coefficients.mean(axis=0))[:, columns]
    row_of = {label: row for row, label in enumerate(head.classes_)}
    block = matrix[:, columns].tocsr()
    found = []
    for row, motive in enumerate(motives):
        span = slice(block.indptr[row], block.indptr[row + 1])
        at = block.indices[span]
        found.append(strongest(words[at], block.data[span] * centred[row_of[motive], at]))
    return found


def top_features(classifier: ScikitClassifier, axis: str, n: int) -> dict[str, list[tuple[str, float]]] | None:
    """See `TwoAxisClassifier.top_features`; a weight is a coefficient."""
    blocks = [block for block in word_blocks(classifier.features) if block[0] == "text"]
    head, labels = classifier.heads[axis], classifier.codebook.labels(axis)
    if not blocks or not hasattr(head, "coef_"):
        return None
    weights = _coefficients(head, labels)
    terms = np.concatenate([vectorizer.get_feature_names_out() for _, vectorizer, _ in blocks])
    return leading(list(terms), np.concatenate([weights[columns] for _, _, columns in blocks]), labels, n)
