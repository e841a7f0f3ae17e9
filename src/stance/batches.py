"""A collection cut into batches, each what one process predicts at a time; what cannot be read is set aside."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Literal

from stance.articles import Article
from stance.errors import ArticleError
from stance.inputs import each_article, each_statement
from stance.seen_ids import SeenIds

# A batch is full at either: some thousand statements, which the fast model predicts in a sixth of a second. Where it
# is cut depends on the input alone, so that the same input gives the same bytes on any number of processes.
RECORDS, CHARACTERS = 1_000, 150_000

Unit = Literal["article", "statement"]
Record = Article | dict[str, str]  # a statement is a dict of its fields


@dataclass(frozen=True)
class Rejected:
    """A record that is set aside: where it stands, what is wrong, what to do, and its id where that is known."""

    where: str
    reason: str
    remedy: str
    id: str = ""

    def error(self) -> ArticleError:
        """Return the error that it would have been, had it been the only input."""
        return ArticleError(self.reason, where=self.where, remedy=self.remedy)


@dataclass
class Batch:
    """Records that are predicted together.

    Attributes
    ----------
    first : int
        How many records of the collection were accepted before these.
    records : list of Article or of dict
        Those accepted.
    rejected : list of Rejected
        Those set aside among them.
    """

    first: int
    records: list[Record] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)

    @property
    def read(self) -> int:
        """How many records of the input the batch takes up."""
        return len(self.records) + len(self.rejected)


def cut(inputs: Sequence[str], unit: Unit, skip: int = 0) -> Iterator[Batch]:
    """Read inputs one record at a time, and yield them in batches.

    Parameters
    ----------
    inputs : sequence of str
        As for `stance.inputs.each_article` and `each_statement`.
    unit : {"article", "statement"}
        What a record is.
    skip : int
        Records to pass over, because they are predicted already; their ids still count.
    """
    records = _sort_out(inputs, unit)
    batch, size = Batch(sum(not isinstance(each, Rejected) for each in islice(records, skip))), 0
    for record in records:
        if isinstance(record, Rejected):
            batch.rejected.append(record)
        else:
            batch.records.append(record)
            size += len(record.text if isinstance(record, Article) else record["text"])
        if batch.read == RECORDS or size >= CHARACTERS:
            yield batch
            batch, size = Batch(batch.first + len(batch.records)), 0
    if batch.read:
        yield batch


def _sort_out(inputs: Sequence[str], unit: Unit) -> Iterator[Record | Rejected]:
    """Yield every record, or why it is set aside: it cannot be read, or its id was there before."""
    seen = SeenIds()
    records: Iterator[tuple[str, Record | ArticleError]]
    records = each_article(inputs) if unit == "article" else each_statement(inputs)
    for where, record in records:
        if isinstance(record, ArticleError):
            yield Rejected(record.where or where, record.what, record.remedy)
            continue
        id_ = record.id if isinstance(record, Article) else record["id"]
        if not id_ or seen.add(id_):
            yield record
        else:
            remedy = f"Give each {unit} its own id{', or none' if unit == 'statement' else ''}."
            yield Rejected(where, f"id {id_!r} stands a second time", remedy, id_)
