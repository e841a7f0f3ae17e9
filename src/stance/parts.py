"""One batch predicted and written as bytes: the part of the output that it becomes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stance.articles import Article
from stance.batches import Batch, Rejected, Unit
from stance.predict import Model
from stance.tables import encode

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Task:
    """What is to be made of every batch: the arguments of `stance.collection.predict_collection` that shape output."""

    unit: Unit
    proba: bool
    details: bool
    format: str


@dataclass(frozen=True)
class Part:
    """A predicted batch: its bytes in the output's format, and how many records and statements they come from."""

    data: bytes
    statements: int
    accepted: int
    rejected: list[Rejected]

    @property
    def read(self) -> int:
        """How many records of the input it takes up."""
        return self.accepted + len(self.rejected)


def predict_part(model: Model, task: Task, batch: Batch) -> Part:
    """Predict one batch."""
    table = predict_batch(model, batch, unit=task.unit, proba=task.proba, details=task.details)
    return Part(body(table, task.format), len(table), len(batch.records), batch.rejected)


def predict_batch(model: Model, batch: Batch, *, unit: Unit, proba: bool, details: bool) -> pd.DataFrame:
    """Return the table of one batch, as from `Model.predict`; single statements are numbered through the collection."""
    if unit == "article":
        return model.predict(
            [each for each in batch.records if isinstance(each, Article)], proba=proba, details=details
        )
    rows: list[Any] = batch.records
    text, previous, following, heading, id_ = (
        [row[name] for row in rows] for name in ("text", "previous", "following", "heading", "id")
    )
    table = model.predict_statements(text, previous, following, heading, ids=id_, proba=proba)
    return table.assign(statement_index=table["statement_index"] + batch.first)


def body(table: pd.DataFrame, format: str) -> bytes:  # noqa: A002
    """Return a part's bytes; the header of a CSV file stands only once in the output, so it is left out."""
    data = encode(table, format)
    return data.partition(b"\n")[2] if format == "csv" else data


def opening(model: Model, task: Task) -> bytes:
    """Return what stands before the first part: the header of a CSV file, or a Parquet file without rows."""
    return encode(model.predict([], proba=task.proba, details=task.details), task.format)
