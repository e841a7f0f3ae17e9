"""How fast a collection is predicted, and how long it will still take, on standard error."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING

from stance.commands.terminal import console_of, say

if TYPE_CHECKING:
    from rich.status import Status

    from stance.progress import Progress

SILENT = 2.0  # seconds in which nothing is shown: most predictions are done by then
EVERY = 30.0  # seconds between lines where there is no terminal to write over


class Throughput:
    """A line that is written over on a terminal, and a line now and then elsewhere, as in the log of a job.

    Parameters
    ----------
    count : callable
        Counts the records of the input, None where that takes reading it all; asked once, and only if it takes long.
    """

    def __init__(self, count: Callable[[], int | None]) -> None:
        self.count = count
        self.total: int | None = None
        self.status: Status | None = None
        self.started = self.told = time.monotonic()
        self.before: tuple[int, int] | None = None  # statements and records done by an earlier command

    def __enter__(self) -> Throughput:
        return self

    def __call__(self, progress: Progress) -> None:
        """Show how far it is."""
        now = time.monotonic()
        if self.before is None:
            self.before = progress.statements, progress.read
            if progress.read:
                say(f"going on from statement {progress.statements + 1:,}")
        elif self.status:
            self.status.update(self._line(progress, now))
        elif now - self.told > (SILENT if self.told == self.started else EVERY):
            self._tell(progress, now)

    def _tell(self, progress: Progress, now: float) -> None:
        if self.told == self.started:
            self.total = self.count()
        self.told = now
        console = console_of(stderr=True)
        if console.is_terminal:
            self.status = console.status(self._line(progress, now))
            self.status.start()
        else:
            say(self._line(progress, now))

    def _line(self, progress: Progress, now: float) -> str:
        statements, read = self.before or (0, 0)
        seconds = now - self.started
        line = f"{progress.statements:,} statements, {(progress.statements - statements) / seconds:,.0f} a second"
        if self.total is None or progress.read == read:
            return line
        left = max(0, self.total - progress.read) * seconds / (progress.read - read)
        return f"{line}, {progress.read / max(self.total, progress.read):.0%}, {_duration(left)} left"

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.status:
            self.status.stop()


def _duration(seconds: float) -> str:
    """Say how long, in the largest unit that does not read as zero."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 90 * 60 else f"{seconds / 3600:.1f} h"
