"""Evidence: the words of a statement that moved the model toward the motive it chose."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from stance.features import word_blocks

MOST = 3  # words shown; more no longer reads as a reason


def motive_evidence(features: Any, head: Any, matrix: Any, motives: Sequence[str]) -> list[str]:
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
    coefficients = head.coef_ if len(head.classes_) > 2 else np.vstack([-head.coef_, head.coef_])
    centred = (coefficients - coefficients.mean(axis=0))[:, columns]
    row_of = {label: row for row, label in enumerate(head.classes_)}
    block = matrix[:, columns].tocsr()
    return [_strongest(block, row, centred[row_of[motive]], words) for row, motive in enumerate(motives)]


def _strongest(block: Any, row: int, coefficients: Any, words: Any) -> str:
    span = slice(block.indptr[row], block.indptr[row + 1])
    columns = block.indices[span]
    contributions = block.data[span] * coefficients[columns]
    shown: list[str] = []
    for at in np.argsort(-contributions, kind="stable"):
        if contributions[at] <= 0 or len(shown) == MOST:
            break
        word = str(words[columns[at]])
        # "talks" says nothing more once "direct talks" is there, nor the other way round.
        if not any(set(word.split()) & set(other.split()) for other in shown):
            shown.append(word)
    return "; ".join(shown)
