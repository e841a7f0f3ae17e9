"""Finished parts written to an open file at once, as to standard output."""

from __future__ import annotations

from collections.abc import Callable
from typing import IO

from stance.batches import Rejected
from stance.parts import Part
from stance.progress import Progress, nothing_read

Aside = Callable[[Rejected], None]  # told every record that is set aside


class PartStream:
    """An open file that parts are written to; it takes the place of `stance.part_store.PartStore`."""

    def __init__(self, file: IO[bytes], opening: bytes, aside: Aside) -> None:
        self.file, self.opening, self.aside = file, opening, aside
        self.progress = Progress()
        self._held: list[Rejected] = []  # while there is nothing else: one alone is an error, and no record set aside

    def append(self, part: Part) -> None:
        """Write the next part, and tell of the records set aside for it."""
        if part.accepted and self.progress.read == self.progress.rejected:
            self.file.write(self.opening)
        self.progress.add(part.statements, part.accepted, len(part.rejected))
        self._held += part.rejected
        if not self.progress.is_nothing:
            self._tell()
        self.file.write(part.data if part.accepted else b"")
        self.file.flush()

    def _tell(self) -> None:
        for each in self._held:
            self.aside(each)
        self._held.clear()

    def finish(self) -> None:
        """End the output.

        Raises
        ------
        ArticleError
            If all that was read is set aside.
        """
        if self.progress.is_nothing:
            first = self._held[0]
            if len(self._held) > 1:
                self._tell()
            raise nothing_read(first, self.progress.rejected)
        if not self.progress.read:
            self.file.write(self.opening)

    def standing(self) -> str:
        """Say where the same command would go on."""
        return "what was written to standard output is not whole"

    def close(self) -> None:
        """Leave the file open: it is not ours."""
