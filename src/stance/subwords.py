"""A statement as a bag of words, word pairs and character n-grams within words, weighted by rarity.

Everything but pairs is a property of single words, so that a linear model's weights can be summed word by word once
and predicting is a look-up (see `stance.fast`). Character n-grams are hashed, so that words never seen in training
are still read by their parts (Bojanowski et al., TACL 2017).
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import chain, pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd
    from scipy.sparse import csr_array

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

WORD = re.compile(r"\w+")
CONTEXT = ("previous", "following", "heading")
BITS = 16  # of a character n-gram's bucket; one more would nearly double the model
CHARACTERS = (3, 5)
# Weights of a pair and a character n-gram beside a word, and of a neighbour beside the statement. The last two are the
# best of three tried on a fold of train, within its noise; the first was not tuned.
PAIR, CHARACTER, NEIGHBOUR = 0.7, 0.3, 0.4
MIN_PAIR = 2  # statements that a pair must stand in


@dataclass(frozen=True)
class Bags:
    """Word numbers of n texts, one after another; text i has ``ids[starts[i]:starts[i + 1]]``.

    Words that training never saw are numbered on from the known ones, in the order of ``unknown``.
    """

    ids: Ints
    starts: Ints
    unknown: list[str]

    def __len__(self) -> int:
        return len(self.starts) - 1

    @cached_property
    def rows(self) -> Ints:
        """Number of the text that each word stands in."""
        return np.repeat(np.arange(len(self)), np.diff(self.starts))


@dataclass
class Subwords:
    """Vocabulary and inverse document frequencies, learned from the statements of a training set.

    ``words`` are sorted; ``pairs`` are sorted codes ``first * len(words) + second``.
    """

    words: list[str] = field(default_factory=list)
    pairs: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    word_idf: Floats = field(default_factory=lambda: np.empty(0))
    pair_idf: Floats = field(default_factory=lambda: np.empty(0))
    character_idf: Floats = field(default_factory=lambda: np.empty(0))
    _number: dict[str, int] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self._number = {word: number for number, word in enumerate(self.words)}

    def fit(self, texts: Sequence[str]) -> Subwords:
        """Learn the vocabulary of texts."""
        tokens = [WORD.findall(text.lower()) for text in texts]
        counts = Counter(word for each in tokens for word in set(each))
        words = sorted(counts)
        number = {word: n for n, word in enumerate(words)}
        size = len(words)
        pairs = Counter(code for each in tokens for code in {number[a] * size + number[b] for a, b in pairwise(each)})
        kept = sorted(code for code, n in pairs.items() if n >= MIN_PAIR)
        buckets = {word: set(character_buckets(word).tolist()) for word in words}
        characters = np.zeros(2**BITS)
        for each in tokens:
            characters[list(set().union(*(buckets[word] for word in set(each))))] += 1
        n_texts = len(texts)
        return Subwords(
            words,
            np.array(kept, dtype=np.int64),
            _idf(np.array([counts[word] for word in words]), n_texts),
            _idf(np.array([pairs[code] for code in kept]), n_texts),
            _idf(characters, n_texts),
        )

    def read(self, texts: Sequence[str]) -> Bags:
        """Return the words of texts as numbers."""
        tokens = [_words(text) for text in texts]
        known = self._number
        number = dict.fromkeys(chain.from_iterable(tokens), -1)
        unknown = [word for word in number if word not in known]
        number = {word: known.get(word, -1) for word in number} | {w: n for n, w in enumerate(unknown, len(known))}
        lengths = [len(each) for each in tokens]
        starts = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)]).astype(np.int64)
        ids = map(number.__getitem__, chain.from_iterable(tokens))
        return Bags(np.fromiter(ids, dtype=np.int64, count=sum(lengths)), starts, unknown)

    def find_pairs(self, bags: Bags) -> tuple[Ints, Ints, Ints]:
        """Return known pairs of neighbouring words: number of the pair, of its text, and place of its first word."""
        first = np.arange(max(len(bags.ids) - 1, 0))
        rows = bags.rows
        known = (rows[:-1] == rows[1:]) & (bags.ids[:-1] < len(self.words)) & (bags.ids[1:] < len(self.words))
        first = first[known[: len(first)]]
        codes = bags.ids[first] * len(self.words) + bags.ids[first + 1]
        at = np.searchsorted(self.pairs, codes)
        hit = at < len(self.pairs)
        hit[hit] = self.pairs[at[hit]] == codes[hit]
        return at[hit], rows[first[hit]], first[hit]

    def coverage(self, texts: Sequence[str]) -> list[float]:
        """Share of each text's words that training knew; 0 for a text without words."""
        bags = self.read(texts)
        known = np.bincount(bags.rows, bags.ids < len(self.words), len(bags))
        return [float(share) for share in known / np.maximum(np.diff(bags.starts), 1)]

    def matrix(self, frame: pd.DataFrame, context: Sequence[str] = CONTEXT) -> csr_array:
        """Return the features of statements, shape (n, n_features), for training.

        Columns: words, pairs and character buckets of the statement, then the words of each field of ``context``. Each
        field's features are scaled to length 1 (characters counted by occurrence), and a neighbour's to `NEIGHBOUR`.
        """
        from scipy.sparse import csr_array, hstack

        parts: list[Any] = []
        for name in ("text", *context):
            bags = self.read(list(frame[name]))
            known = bags.ids < len(self.words)
            rows, ids = bags.rows, bags.ids
            scale = NEIGHBOUR / self.lengths(bags, context=True) if name in context else 1 / self.lengths(bags)
            values = (self.word_idf[ids[known]] * scale[rows[known]], (rows[known], ids[known]))
            parts.append(csr_array(values, shape=(len(bags), len(self.words))))
            if name in context:
                continue
            pair, row, _ = self.find_pairs(bags)
            values = (PAIR * self.pair_idf[pair] * scale[row], (row, pair))
            parts.append(csr_array(values, shape=(len(bags), len(self.pairs))))
            characters = self.characters(bags.unknown)
            counts = csr_array((scale[rows], (rows, ids)), shape=(len(bags), characters.shape[0]))
            parts.append(counts @ characters)
        return hstack(parts, format="csr")

    def characters(self, unknown: Sequence[str] = ()) -> csr_array:
        """Return the weights of every word's character n-grams, unknown words last, shape (n_words, 2**BITS)."""
        from scipy.sparse import csr_array

        words = [*self.words, *unknown]
        buckets = [character_buckets(word) for word in words]
        indices = np.concatenate(buckets) if buckets else np.empty(0, dtype=np.int64)
        starts = np.concatenate([[0], np.cumsum([len(each) for each in buckets])])
        data = CHARACTER * self.character_idf[indices]
        return csr_array((data, indices, starts), shape=(len(words), 2**BITS))

    def lengths(self, bags: Bags, *, context: bool = False) -> Floats:
        """Euclidean length of each text's features, every occurrence counted by itself; 1 for a text without any."""
        squares = np.concatenate([self.word_idf**2, np.zeros(len(bags.unknown))])
        if not context:
            squares = squares + self.character_squares(bags.unknown)
        squared = np.bincount(bags.rows, squares[bags.ids], len(bags))
        if not context:
            pair, row, _ = self.find_pairs(bags)
            squared += np.bincount(row, (PAIR * self.pair_idf[pair]) ** 2, len(bags))
        return np.asarray(np.sqrt(np.where(squared > 0, squared, 1.0)))

    def character_squares(self, unknown: Sequence[str] = ()) -> Floats:
        """Sum over a word's character n-grams of their squared weights, unknown words last."""
        squares = (CHARACTER * self.character_idf) ** 2
        return np.array([squares[character_buckets(word)].sum() for word in [*self.words, *unknown]])


def as_int32(matrix: csr_array) -> csr_array:
    """Give a sparse matrix the 32-bit indices that scikit-learn's linear SVM asks for."""
    matrix.indices, matrix.indptr = matrix.indices.astype(np.int32), matrix.indptr.astype(np.int32)
    return matrix


@lru_cache(maxsize=4096)  # a statement is read up to five times: as itself and as a neighbour, for scores and evidence
def _words(text: str) -> list[str]:
    return WORD.findall(text.lower())


@lru_cache(maxsize=4096)  # an unknown name stands in many batches
def character_buckets(word: str) -> Ints:
    """Return the buckets of a word's character n-grams, its boundaries marked by spaces; each occurrence counts."""
    padded = f" {word} "
    low, high = CHARACTERS
    grams = [padded[at : at + n] for n in range(low, high + 1) for at in range(len(padded) - n + 1)]
    return np.array([zlib.crc32(gram.encode()) & (2**BITS - 1) for gram in grams], dtype=np.int64)


def _idf(counts: Floats, n_texts: int) -> Floats:
    """Smoothed inverse document frequency, as scikit-learn's TfidfTransformer has it."""
    return np.asarray(np.log((1 + n_texts) / (1 + counts)) + 1)
