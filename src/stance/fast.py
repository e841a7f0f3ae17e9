"""The fast classifier: a linear SVM over subwords, folded word by word so that predicting is a look-up.

Training is scikit-learn's; predicting needs numpy alone, which is most of what makes a cold start quick. Since every
word's weights are summed beforehand, what a word says for a label is exact.
"""

from __future__ import annotations

import io
import json
import lzma
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from stance.classifier import Scores, TwoAxisClassifier
from stance.codebook import Codebook
from stance.errors import CorpusError
from stance.explain import Contributions
from stance.fast_terms import contributions, evidence, top_features
from stance.storage import to_json, write_bytes
from stance.subwords import (
    BITS,
    CHARACTER,
    CONTEXT,
    NEIGHBOUR,
    PAIR,
    Bags,
    Floats,
    Ints,
    Subwords,
    as_int32,
    character_buckets,
)

if TYPE_CHECKING:
    import pandas as pd

    from stance.work import Work

ARRAYS, WORDS = "weights.npz", "words.json.xz"
SIGHT = 0.7  # weight of the motive beside the statement's features, which have length 1; not tuned

StanceSees = Literal["nothing", "motive"]


@dataclass
class Tables:
    """Folded weights. The last axis holds every motive, then every stance.

    ``word`` (n_words, k) and ``pair`` (n_pairs, k) speak for the statement, ``context`` (n_fields, n_words, k) for what
    stands around it, ``bucket`` (2**BITS, k) for words never seen. ``intercept`` is (k,), ``toward`` (n_motives,
    n_stances) what the motive says for a stance. The ``_square`` arrays give the squared length of each feature.
    """

    word: Floats
    pair: Floats
    bucket: Floats
    context: Floats
    intercept: Floats
    toward: Floats
    word_square: Floats
    context_square: Floats
    pair_square: Floats
    bucket_square: Floats

    def __post_init__(self) -> None:
        # Half precision is what is saved: rounding at once makes a model and its saved copy predict the same.
        for name, array in vars(self).items():
            setattr(self, name, _by_column(np.asarray(array, dtype=np.float16).astype(np.float32)))


@dataclass(frozen=True)
class Reading:
    """What a bag's words and pairs say, looked up.

    ``words`` (n_known + n_unknown, k) has a row for each word number of the bag; ``pairs``, ``pair_rows`` and
    ``firsts`` are those of `Subwords.find_pairs`; ``lengths`` (n,) of all features divide what each text's terms say.
    """

    words: Floats
    pairs: Ints
    pair_rows: Ints
    firsts: Ints
    lengths: Floats


@dataclass
class FastClassifier(TwoAxisClassifier):
    """One-against-rest linear SVMs over `Subwords` of the statement, its neighbours and its heading.

    Parameters
    ----------
    codebook : Codebook
        Gives the labels.
    c : float
        Inverse strength of regularisation.
    stance_sees : {"motive", "nothing"}
        Whether the stance head sees the motive beside the statement.
    seed : int
        Seeds the solver.
    context : sequence of str
        Which of `CONTEXT` are read beside the statement.
    """

    kind: ClassVar[str] = "fast.v1"
    codebook: Codebook
    c: float = 0.5
    stance_sees: StanceSees = "motive"
    seed: int = 0
    context: Sequence[str] = CONTEXT
    temperature: dict[str, float] = field(default_factory=dict)
    subwords: Subwords = field(default_factory=Subwords, repr=False)
    tables: Tables | None = field(default=None, repr=False)

    def unfitted(self) -> FastClassifier:
        """Return a copy that has learned nothing."""
        return FastClassifier(self.codebook, self.c, self.stance_sees, self.seed, self.context)

    def fit(self, frame: pd.DataFrame, work: Work | None = None) -> FastClassifier:  # noqa: ARG002
        """Learn from labeled statements; see `TwoAxisClassifier.fit`. Statements without any word are refused."""
        self.subwords = Subwords().fit(list(frame["text"]))
        if not self.subwords.words:
            rule = "the training statements hold no word"
            raise CorpusError(rule, where="data.train", remedy="Train on more collections.")
        matrix = self.subwords.matrix(frame, self.context)
        weights = np.asarray(frame["weight"]) if "weight" in frame else np.ones(len(frame))
        motive, motive_intercept = self._head(matrix, frame, "motive", weights)
        rows = np.flatnonzero(self.learns_from(frame, "stance"))
        some = frame.iloc[rows]
        stance, stance_intercept = self._head(self._with_motive(matrix[rows], some), some, "stance", weights[rows])
        n_features = matrix.shape[1]
        toward = SIGHT * stance[:, n_features:].T if self.stance_sees == "motive" else 0.0
        shape = (len(self.codebook.labels("motive")), len(self.codebook.labels("stance")))
        coefficients = np.concatenate([motive, stance[:, :n_features]])
        intercept = np.concatenate([motive_intercept, stance_intercept])
        self.tables = _fold(self.subwords, coefficients, intercept, np.broadcast_to(toward, shape))
        self.subwords = Subwords(self.subwords.words, self.subwords.pairs)
        return self

    def _with_motive(self, matrix: Any, frame: pd.DataFrame) -> Any:
        from scipy.sparse import csr_array, hstack

        if self.stance_sees == "nothing":
            return matrix
        motives = self.codebook.labels("motive")
        columns = frame["motive"].map({label: code for code, label in enumerate(motives)}).to_numpy(dtype=int)
        seen = csr_array((np.full(len(frame), SIGHT), (range(len(frame)), columns)), shape=(len(frame), len(motives)))
        return hstack([matrix, seen], format="csr")

    def _head(self, matrix: Any, frame: pd.DataFrame, axis: str, weights: Floats) -> tuple[Floats, Floats]:
        """Train one axis; return coefficients (n_labels, n_features) and intercepts, labels in the codebook's order."""
        from sklearn.svm import LinearSVC

        gold = frame[axis].to_numpy(dtype=object)
        labels = self.codebook.labels(axis)
        if len(set(gold)) < 2:
            rule = f"the training data has {len(set(gold))} {axis} label(s) to learn from, and two are needed"
            raise CorpusError(rule, where="data.train", remedy="Train on more collections.")
        svm = LinearSVC(C=self.c, class_weight="balanced", random_state=self.seed)
        svm.fit(as_int32(matrix), gold, sample_weight=weights)
        two = len(svm.classes_) == 2
        coefficients = np.vstack([-svm.coef_, svm.coef_]) if two else svm.coef_
        intercepts = np.concatenate([-svm.intercept_, svm.intercept_]) if two else svm.intercept_
        rows = [labels.index(label) for label in svm.classes_]
        every = np.zeros((len(labels), matrix.shape[1]))
        every[rows] = coefficients
        # A label never trained on scores lowest of all.
        base = np.full(len(labels), -20.0)
        base[rows] = intercepts
        return every, base

    def scores(self, frame: pd.DataFrame) -> Scores:
        """Score statements; see `TwoAxisClassifier.scores`."""
        tables = self.fitted
        raw = self._statement(self.subwords.read(list(frame["text"]))) + tables.intercept
        for at, name in enumerate(self.context):
            raw += self._neighbour(list(frame[name]), at)
        n_motives = len(self.codebook.labels("motive"))
        stance = raw[:, None, n_motives:] + tables.toward[None]
        return {"motive": raw[:, :n_motives], "stance": stance}

    @property
    def fitted(self) -> Tables:
        """The folded weights."""
        if self.tables is None:
            raise ValueError("the classifier has not been fitted")
        return self.tables

    def weigh(self, bags: Bags) -> Reading:
        """Look up what the words and pairs of statements say."""
        tables = self.fitted
        buckets = [character_buckets(word) for word in bags.unknown]
        new = [tables.bucket[each].sum(axis=0, dtype=float) for each in buckets]
        words = np.concatenate([tables.word, _by_column(np.array(new))]) if new else tables.word
        squares = np.concatenate(
            [tables.word_square, [tables.bucket_square[each].sum(dtype=float) for each in buckets]]
        )
        pairs, pair_rows, firsts = self.subwords.find_pairs(bags)
        squared = np.bincount(bags.rows, squares[bags.ids], len(bags))
        squared += np.bincount(pair_rows, tables.pair_square[pairs], len(bags))
        return Reading(words, pairs, pair_rows, firsts, _lengths(squared))

    def _statement(self, bags: Bags) -> Floats:
        """Sum what a statement's words, pairs and the parts of unknown words say, over the length of all features."""
        reading = self.weigh(bags)
        raw = _sum_rows(bags.rows, reading.words, bags.ids, len(bags))
        raw += _sum_rows(reading.pair_rows, self.fitted.pair, reading.pairs, len(bags))
        return np.asarray(raw / reading.lengths[:, None])

    def _neighbour(self, texts: list[str], at: int) -> Floats:
        """Score what stands around statements; every different text is read once."""
        number = {text: n for n, text in enumerate(dict.fromkeys(texts))}
        bags = self.subwords.read(list(number))
        known = bags.ids < len(self.subwords.words)
        raw = _sum_rows(bags.rows[known], self.fitted.context[at], bags.ids[known], len(bags))
        scaled = raw / self.context_lengths(bags)[:, None]
        return np.asarray(scaled[[number[text] for text in texts]])

    def context_lengths(self, bags: Bags) -> Floats:
        """Length of the features of what stands around statements, of which only known words are read; shape (n,)."""
        known = bags.ids < len(self.subwords.words)
        squares = self.fitted.context_square[bags.ids[known]]
        return _lengths(np.bincount(bags.rows[known], squares, len(bags)))

    def coverage(self, texts: Sequence[str]) -> list[float]:
        """Share of each text's words that training knew; 0 for a text without words."""
        return self.subwords.coverage(texts)

    def evidence(self, frame: pd.DataFrame, motives: Sequence[str]) -> list[str]:
        """Words and pairs that speak most for each statement's motive; see `stance.fast_terms.evidence`."""
        return evidence(self, frame, motives)

    def contributions(self, frame: pd.DataFrame) -> list[Contributions]:
        """Tell what every term adds to the scores; see `stance.fast_terms.contributions`."""
        return contributions(self, frame)

    def top_features(self, axis: str, n: int = 15) -> dict[str, list[tuple[str, float]]]:
        """Words and pairs that speak most for each label; see `stance.fast_terms.top_features`."""
        return top_features(self, axis, n)

    def save(self, folder: Path) -> dict[str, Any]:
        """Write `ARRAYS` and `WORDS`; return the settings."""
        tables = {name: array.astype(np.float16).ravel() for name, array in vars(self.fitted).items()}
        out = io.BytesIO()
        np.savez_compressed(out, pairs=self.subwords.pairs, **tables)
        write_bytes(folder / ARRAYS, out.getvalue())
        write_bytes(folder / WORDS, lzma.compress(to_json(self.subwords.words).encode()))
        settings = {"c": self.c, "stance_sees": self.stance_sees, "seed": self.seed}
        return settings | {"context": list(self.context)}

    @classmethod
    def load(cls, folder: Path, codebook: Codebook, settings: dict[str, Any]) -> FastClassifier:
        """Read what `save` wrote.

        Raises
        ------
        ValueError, KeyError, OSError
            If the files do not fit together.
        """
        words = json.loads(lzma.decompress((folder / WORDS).read_bytes()))
        with np.load(folder / ARRAYS, allow_pickle=False) as arrays:
            pairs = arrays["pairs"]
            sizes = {axis: len(codebook.labels(axis)) for axis in codebook.axes}
            k = sum(sizes.values())
            shapes: dict[str, tuple[int, ...]] = {
                "word": (len(words), k), "pair": (len(pairs), k), "bucket": (2**BITS, k),
                "context": (len(settings["context"]), len(words), k), "intercept": (k,),
                "toward": (sizes["motive"], sizes["stance"]), "word_square": (len(words),),
                "context_square": (len(words),), "pair_square": (len(pairs),), "bucket_square": (2**BITS,),
            }  # fmt: skip
            tables = Tables(**{name: arrays[name].reshape(shape) for name, shape in shapes.items()})
        return cls(codebook, **settings, subwords=Subwords(words, pairs), tables=tables)


def _fold(subwords: Subwords, coefficients: Floats, intercept: Floats, toward: Floats) -> Tables:
    """Sum coefficients (k, n_features) word by word; columns as `Subwords.matrix` has them."""
    n_words, n_pairs = len(subwords.words), len(subwords.pairs)
    word, pair, bucket, context = np.split(coefficients.T, np.cumsum([n_words, n_pairs, 2**BITS]))
    idf = subwords.word_idf[:, None]
    by_bucket = CHARACTER * subwords.character_idf
    characters = subwords.characters()
    return Tables(
        word=idf * word + characters @ bucket,
        pair=PAIR * subwords.pair_idf[:, None] * pair,
        bucket=by_bucket[:, None] * bucket,
        context=NEIGHBOUR * idf * context.reshape(-1, n_words, len(coefficients)),
        intercept=intercept,
        toward=toward,
        word_square=subwords.word_idf**2 + subwords.character_squares(),
        context_square=subwords.word_idf**2,
        pair_square=(PAIR * subwords.pair_idf) ** 2,
        bucket_square=by_bucket**2,
    )


def _sum_rows(rows: Any, table: Floats, ids: Any, n: int) -> Floats:
    """Sum rows ``ids`` of a table by the text they stand in, shape (n, k)."""
    sums = [np.bincount(rows, column[ids], n) for column in table.T]
    return np.asarray(np.stack(sums, axis=1), dtype=float)


def _by_column(array: Floats) -> Floats:
    """Lay every column of the last axis out in one piece, since columns are summed one by one."""
    return np.ascontiguousarray(array.swapaxes(-1, -2)).swapaxes(-1, -2) if array.ndim > 1 else array


def _lengths(squared: NDArray[Any]) -> Floats:
    """Length of each text's features from their summed squares; 1 for a text without any."""
    return np.asarray(np.sqrt(np.where(squared > 0, squared, 1.0)))
