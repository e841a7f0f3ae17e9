"""Features from a lexicon: how often a text hedges, negates, contrasts, attributes, refuses, agrees and the like."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, field_validator
from sklearn.base import BaseEstimator, TransformerMixin

from stance.errors import ConfigError
from stance.yamlfile import read_yaml, validate

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

ENGLISH = Path(__file__).parent / "lexicons" / "english.yaml"


class Lexicon(BaseModel):
    """Terms by category; a term is one or more words, and ``*`` stands for any ending of a word."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    version: str
    license: str
    categories: dict[str, tuple[str, ...]] = Field(min_length=1)

    @field_validator("categories")
    @classmethod
    def _terms_are_sound(cls, categories: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        for category, terms in categories.items():
            for term in terms:
                if not re.fullmatch(r"[\w'’*-]+( [\w'’*-]+)*", term) or term != term.lower():
                    raise ValueError(f"{category}: a term is lower-case words parted by single blanks, not {term!r}")
            if not terms or len(set(terms)) < len(terms):
                raise ValueError(f"{category} needs terms, and each of them once")
        return categories


def load_lexicon(path: Path = ENGLISH) -> Lexicon:
    """Load and validate a lexicon file.

    Raises
    ------
    ConfigError
        If the file is missing or breaks a rule; says which line and why.
    """
    return validate(Lexicon, read_yaml(path, ConfigError), path, ConfigError)


class LexiconCounts(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Turn texts into two columns for each category: whether a term stands in the text, and log(1 + how many do).

    Columns are divided by their root mean square over the training texts and by the root of their number, so that a
    text has length 1 on average, as it has in a block of TF-IDF weights.

    Parameters
    ----------
    terms : dict of str to list of str
        Terms by category. They are saved with the model, so that a later lexicon does not change what it reads.

    Examples
    --------
    >>> counts = LexiconCounts({"negation": ["no", "not"], "hedge": ["seem*"]}).fit(["It seems not.", "No."])
    >>> counts.transform(["They met."]).toarray().tolist()
    [[0.0, 0.0, 0.0, 0.0]]
    """

    def __init__(self, terms: dict[str, list[str]] | None = None) -> None:
        self.terms = terms

    def fit(self, texts: Iterable[str], y: object = None) -> LexiconCounts:  # noqa: ARG002
        """Learn how frequent each category is."""
        columns = self._columns(texts)
        mean_square = (columns**2).mean(axis=0)
        self.scale_ = 1 / np.sqrt(np.where(mean_square > 0, mean_square, 1.0) * columns.shape[1])
        return self

    def transform(self, texts: Iterable[str]) -> csr_matrix:
        """Return the scaled counts, shape (n, 2 * n_categories)."""
        from scipy.sparse import csr_matrix

        return csr_matrix(self._columns(texts) * self.scale_)

    def _columns(self, texts: Iterable[str]) -> np.ndarray[Any, Any]:
        patterns = [_pattern(terms) for terms in (self.terms or {}).values()]
        straight = [text.lower().replace("’", "'") for text in texts]
        counts = np.array([[len(pattern.findall(text)) for pattern in patterns] for text in straight], dtype=float)
        counts = counts.reshape(len(straight), len(patterns))
        return np.hstack([counts > 0, np.log1p(counts)])


def _pattern(terms: Iterable[str]) -> re.Pattern[str]:
    """Match any of the terms as whole words, the longest first, so that *no longer* is not read as *no*."""
    longest_first = sorted(terms, key=lambda term: (-len(term), term))
    spelled = [re.escape(term).replace(r"\*", r"\w*").replace(r"\ ", r"\s+") for term in longest_first]
    return re.compile(rf"\b(?:{'|'.join(spelled)})(?!\w)")
