"""Whether a text is about what the training data is about, from its words alone, whatever the classifier is.

A word speaks for the subject as far as training statements use it: the log of the share of them that it stands in. The
score of a text is the mean over its content words, drawn toward the mean of training as far as the text is short, so
that three odd words prove nothing and three hundred do. Flagged is what scores below all but a stated share of training
statements, each scored by a detector that saw nothing of its article. This is a one-class unigram model with Dirichlet
smoothing (Zhai & Lafferty, TOIS 22, 2004), without a model of other texts, which training does not have.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from stance.language import FUNCTION_WORDS, identify
from stance.subwords import WORD

if TYPE_CHECKING:
    import pandas as pd

RARE = 5  # a word in fewer statements counts as unknown: otherwise names would tell articles apart, not subjects
PRIOR = 10  # content words that the mean of training counts for; by out-of-domain texts for development
DIGITS = 4  # of a word's value
_TELLING = 100  # statements that the language of training is told by
NOTHING = -1e9  # a threshold below every score, and finite for JSON
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Domain:
    """What is known of the subject.

    Attributes
    ----------
    words : dict of str to float
        Log of the share of training statements that a content word stands in.
    floor : float
        The same for every word not in ``words``.
    mean : float
        Mean over all content words of training.
    threshold : float
        A text that scores lower is out of domain.
    language : str
        What training is in (ISO 639-1); a text in another language is out of domain. ``""`` where it cannot be told.
    """

    words: dict[str, float]
    floor: float
    mean: float
    threshold: float = NOTHING
    language: str = "en"

    @classmethod
    def fit(cls, texts: Sequence[str]) -> Self:
        """Learn the words of training statements; nothing is out of domain until there is a threshold."""
        content = [_content(text) for text in texts]
        counts = Counter(chain.from_iterable(set(words) for words in content))
        floor = round(float(np.log(min(1.0, RARE / max(len(texts), 1)))), DIGITS)
        known = {w: round(float(np.log(n / len(texts))), DIGITS) for w, n in sorted(counts.items()) if n > RARE}
        total = sum(len(words) for words in content)
        value = sum(known.get(word, floor) for words in content for word in words)
        mean = round(value / total, DIGITS) if total else floor
        return cls(known, floor, mean, language=identify(" ".join(texts[:_TELLING])))

    def scores(self, texts: Iterable[str]) -> Floats:
        """Score texts, shape (n,); the likelier of the subject the larger."""
        value: dict[str, float | None] = {**self.words, **dict.fromkeys(FUNCTION_WORDS)}
        read = (map(value.get, words := WORD.findall(text.lower()), repeat(self.floor, len(words))) for text in texts)
        found = [[each for each in values if each is not None] for values in read]
        return np.array([(sum(each) + PRIOR * self.mean) / (len(each) + PRIOR) for each in found])

    def outside(self, texts: Sequence[str]) -> list[bool]:
        """Tell which texts are out of domain; a text that stands there many times is read once."""
        different = list(dict.fromkeys(texts))
        low = (bool(score < self.threshold) for score in self.scores(different))
        outside = {text: is_low or self.is_foreign(text) for text, is_low in zip(different, low, strict=True)}
        return [outside[text] for text in texts]

    def is_foreign(self, text: str) -> bool:
        """Tell whether a text is in another language than training."""
        return bool(self.language) and identify(text) not in {"", self.language}

    def to_dict(self) -> dict[str, Any]:
        """Return plain data for a file."""
        numbers = {"threshold": self.threshold, "mean": self.mean, "floor": self.floor}
        return {"language": self.language, **numbers, "words": self.words}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        """Read what `to_dict` gave.

        Raises
        ------
        TypeError, KeyError, ValueError, AttributeError
            If it is something else.
        """
        words = {str(word): float(value) for word, value in data["words"].items()}
        floor, mean, threshold = (float(data[name]) for name in ("floor", "mean", "threshold"))
        return cls(words, floor, mean, threshold, str(data.get("language", "en")))  # older models are in English


def windows(frame: pd.DataFrame) -> list[str]:
    """Join each statement with its heading and neighbours: all that is known where the article is not at hand."""
    return [
        " ".join(row) for row in zip(*(frame[n] for n in ("heading", "previous", "text", "following")), strict=True)
    ]


def lowest_of_domain(scores: Floats, groups: Sequence[str], share: float) -> float:
    """Return the threshold below which no group has more than a share of its in-domain scores.

    Parameters
    ----------
    scores : array, shape (n,)
        Scores of in-domain texts that the detector was not trained on.
    groups : sequence of str
        Collection of each: news and opinion differ in their words, and none of them may be flagged much.
    share : float
        The largest share of false flags in any group; 0 flags nothing. A group too small to show it does not count.
    """
    named = np.asarray(groups, dtype=object)
    parts = [scores[named == name] for name in dict.fromkeys(groups)]
    # Fewer statements than make up one false flag cannot tell where the lowest share begins.
    lowest = [np.quantile(part, share, method="lower") for part in parts if share * len(part) >= 1]
    return round(float(min(lowest)), DIGITS) if lowest else NOTHING


def _content(text: str) -> list[str]:
    return [word for word in WORD.findall(text.lower()) if word not in FUNCTION_WORDS]
