"""How fast a collection is predicted, and how long it will still take, on standard error."""

from __future__ import annotations

import time
from collections.abc import Callable
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
        self.calls = self.statements = self.read = 0  # the last two when the first part had come
        self.started = 0.0
        self.next = 0.0  # when to show something

    def __enter__(self) -> Throughput:
        return self

    def __call__(self, progress: Progress) -> None:
        """Show how far it is."""
        now = time.monotonic()
        self.calls += 1
        if self.calls == 1 and progress.read:
            say(f"going on from statement {progress.statements + 1:,}")
        # The pace is told from the first part on: passing over what is done would make it look slow.
        if self.calls <= 2:
            self.statements, self.read, self.started, self.next = progress.statements, progress.read, now, now + SILENT
        elif now >= self.next:
            self._show(progress, now)

    def _show(self, progress: Progress, now: float) -> None:
        if self.next == self.started + SILENT:
            self.total = self.count()
        console = console_of(stderr=True)
        if console.is_terminal and self.status is None:
            self.status = console.status("")
            self.status.start()
        if self.status:
            self.status.update(self.line(progress, now))
        else:
            say(self.line(progress, now))
        self.next = now + (0 if self.status else EVERY)

    def line(self, progress: Progress, now: float) -> str:
        """Say how much is done, how fast, and how long the rest takes."""
        seconds, read = now - self.started, progress.read - self.read
        line = f"{progress.statements:,} statements, {(progress.statements - self.statements) / seconds:,.0f} a second"
        if not self.total or not read:
            return line
        left = max(0, self.total - progress.read) * seconds / read
        return f"{line}, {min(1, progress.read / self.total):.0%}, {_duration(left)} left"

    def __exit__(self, *_: object) -> None:
        if self.status:
            self.status.stop()


def _duration(seconds: float) -> str:
    """Say how long, in a unit of which there are not hundreds."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 90 * 60 else f"{seconds / 3600:.1f} h"
