"""Labels that a stronger model gave to statements nobody annotated, for a smaller model to learn from (distillation).

A file of them is stand-off, like all labels on the text of others: ``article_id, start, end, sha256`` (of the span, 32
bytes), ``motive, stance`` and ``proba`` (of the motive). See Hinton, Vinyals & Dean (2015); the labels are hard here,
weighted by their proba, because a linear SVM takes no soft ones.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stance.articles import Article
from stance.classifier import FIELDS
from stance.codebook import Codebook
from stance.corpus import CollectionState, Surroundings
from stance.errors import CorpusError
from stance.storage import sha256, to_json

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("article_id", "start", "end", "sha256", "motive", "stance", "proba")


@dataclass(frozen=True)
class Teacher:
    """Statements with the teacher's labels: `FIELDS`, ``article_id``, ``motive``, ``stance`` and ``weight``."""

    frame: pd.DataFrame
    state: CollectionState

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over the statements and labels that are here, and their weights."""
        return sha256("\n".join(to_json(row) for row in self.frame.to_numpy(dtype=object).tolist()))

    def beside(self, gold: pd.DataFrame, held_out: Collection[str] = ()) -> pd.DataFrame:
        """Return gold statements, and the teacher's of articles that are not held out, each with its weight."""
        import pandas as pd

        gold = gold if "weight" in gold else gold.assign(weight=1.0)
        mine = self.frame[~self.frame["article_id"].isin(list(held_out))]
        return pd.concat([gold[mine.columns], mine], ignore_index=True) if len(mine) else gold


def load_teacher(
    path: Path, articles: Mapping[str, Article], reason: str, codebook: Codebook, *, weight: float, not_of: set[str]
) -> Teacher:
    """Read a teacher's labels and resolve their text.

    Parameters
    ----------
    path : Path
        Parquet with `COLUMNS`.
    articles : mapping of id to Article
        Those whose text is here; labels on others are left out and counted.
    reason : str
        Why some articles are not here.
    codebook : Codebook
        Every label must be in it.
    weight : float
        Of a statement that the teacher is sure of; others count for its proba of that.
    not_of : set of str
        Articles of validation and test, of which no label may be.

    Raises
    ------
    CorpusError, CodebookError
        If the file is missing or malformed, or labels an article of validation or test.
    """
    import pandas as pd

    try:
        rows = pd.read_parquet(path, columns=list(COLUMNS))
    except (OSError, ValueError) as cause:
        rule = f"cannot be read as a teacher's labels ({str(cause).splitlines()[0]})"
        raise CorpusError(rule, where=path, remedy="Restore the file, or set data.teacher to null.") from None
    if held_out := sorted(set(rows["article_id"]) & not_of):
        rule = f"labels statements of {held_out[0]!r}, an article that is held out"
        raise CorpusError(rule, where=path, remedy="Set data.teacher to null, or make the labels anew.")
    for motive, stance in rows[["motive", "stance"]].drop_duplicates().itertuples(index=False):
        codebook.check(motive, stance, path)
    found = [row for row in map(_resolver(articles), rows.itertuples(index=False)) if row is not None]
    columns = [*FIELDS, "article_id", "motive", "stance", "proba"]
    frame = pd.DataFrame(found, columns=columns)
    frame = frame.assign(weight=weight * frame.pop("proba").astype(float))
    return Teacher(frame, CollectionState("teacher", len(rows), len(frame), reason if len(frame) < len(rows) else ""))


def _resolver(articles: Mapping[str, Article]) -> Any:
    surroundings: dict[str, Surroundings] = {}

    def resolve(row: Any) -> tuple[Any, ...] | None:
        article = articles.get(row.article_id)
        if article is None:
            return None
        text = article.text[row.start : row.end]
        if hashlib.sha256(text.encode()).digest() != row.sha256:
            return None
        if row.article_id not in surroundings:
            surroundings[row.article_id] = Surroundings(article)
        values = {"text": text} | surroundings[row.article_id].around(row.start, row.end)
        return (*(values[name] for name in FIELDS), row.article_id, row.motive, row.stance, row.proba)

    return resolve
