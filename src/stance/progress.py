"""How far the prediction of a collection is, and what is said where none of it could be read."""

from __future__ import annotations

from dataclasses import dataclass

from stance.batches import Rejected
from stance.errors import ArticleError


@dataclass
class Progress:
    """How much is done: statements, records of the input read for them, and records of these set aside."""

    statements: int = 0
    read: int = 0
    rejected: int = 0

    def add(self, statements: int, accepted: int, rejected: int) -> None:
        """Count one part."""
        self.statements += statements
        self.read += accepted + rejected
        self.rejected += rejected

    @property
    def is_nothing(self) -> bool:
        """Whether all that was read is set aside."""
        return 0 < self.read == self.rejected


def nothing_read(first: Rejected, rejected: int) -> ArticleError:
    """Return the error for inputs of which no record could be read; ``first`` is the first of them."""
    if rejected == 1:
        return first.error()
    return ArticleError(
        f"none of {rejected:,} records can be read; of the first: {first.reason}",
        where=first.where,
        remedy=first.remedy,
    )
