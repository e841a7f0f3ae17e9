"""Error rates of a model: what it predicted for statements whose labels are known, as counts that travel with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from stance.codebook import Codebook

if TYPE_CHECKING:
    import pandas as pd

Cell = tuple[str, str, str, str, str]
COLUMNS = ("motive", "stance", "predicted_motive", "predicted_stance", "status")
ABOUT = (
    "What this model's like predicted for labeled statements of articles that it had not seen (out of fold), none of"
    " them of the test split; statements read by one annotator alone are left out where others were read by two. Rows"
    " count statements by true labels, predicted labels and status; `natural` counts those of the natural mix."
)


@dataclass(frozen=True)
class ErrorRates:
    """Counts of predictions by true labels.

    Attributes
    ----------
    collection : str
        Where the statements are from.
    articles : int
        Of how many articles they are.
    counts : dict
        Statements by (true motive, true stance, predicted motive, predicted stance, status); status is ``ok`` or
        ``abstain``.
    natural : dict
        Of these, statements not picked for their labels, by (true motive, true stance): how common labels are.
    """

    collection: str
    articles: int
    counts: dict[Cell, int]
    natural: dict[tuple[str, str], int]

    @property
    def statements(self) -> int:
        """How many statements were counted."""
        return sum(self.counts.values())

    @classmethod
    def count(cls, frame: pd.DataFrame, collections: Sequence[str]) -> Self | None:
        """Count out-of-fold predictions of the first of the collections that is there; None where none is.

        Parameters
        ----------
        frame : DataFrame
            One row a statement: `COLUMNS`, ``article_id``, ``collection``, ``split``, ``batch`` and ``agreed``.
        collections : sequence of str
            As ``data.evaluate`` names them: the first is what the model is for.
        """
        from stance.corpus import TRAINING_ONLY_BATCHES  # not when a model is loaded: predicting reads no corpus

        frame = frame[(frame["split"] != "test") & (frame["status"] != "out_of_domain")]
        there = set(frame["collection"])
        head = next((name for name in collections if name in there), None)
        if head is None:
            return None
        frame = frame[frame["collection"] == head]
        frame = frame[frame["agreed"].notna()] if frame["agreed"].notna().any() else frame
        natural = frame[~frame["batch"].isin(TRAINING_ONLY_BATCHES)]
        counts = Counter(frame[list(COLUMNS)].itertuples(index=False, name=None))
        mix = Counter((natural if len(natural) else frame)[["motive", "stance"]].itertuples(index=False, name=None))
        return cls(head, frame["article_id"].nunique(), dict(sorted(counts.items())), dict(sorted(mix.items())))

    def to_dict(self) -> dict[str, Any]:
        """Return plain data for a file."""
        return {
            "about": ABOUT,
            "collection": self.collection,
            "articles": self.articles,
            "statements": self.statements,
            "columns": list(COLUMNS),
            "counts": [[*cell, n] for cell, n in self.counts.items()],
            "natural": [[*pair, n] for pair, n in self.natural.items()],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], codebook: Codebook) -> Self:
        """Read what `to_dict` gave.

        Raises
        ------
        CodebookError, ValueError, TypeError, KeyError
            If it is something else, or of another codebook.
        """
        counts = {_cell(row): _positive(row[-1]) for row in data["counts"]}
        natural = {(str(row[0]), str(row[1])): _positive(row[-1]) for row in data["natural"]}
        for true in {cell[:2] for cell in counts} | {cell[2:4] for cell in counts} | set(natural):
            codebook.check(*true, where="error rates")
        if not counts or not natural:
            raise ValueError("error rates without a count")
        return cls(str(data["collection"]), int(data["articles"]), counts, natural)


def _cell(row: Sequence[Any]) -> Cell:
    motive, stance, predicted_motive, predicted_stance, status = map(str, row[:-1])
    if status not in {"ok", "abstain"}:
        raise ValueError(f"error rates of status {status!r}")
    return motive, stance, predicted_motive, predicted_stance, status


def _positive(n: Any) -> int:
    if isinstance(n, bool) or not isinstance(n, int) or n < 1:
        raise ValueError(f"error rates count {n!r} statements")
    return n
