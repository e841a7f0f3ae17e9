"""What long training is given: someone to tell how far it is, and a folder to go on from after an interruption."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Progress = Callable[[str, int, int], None]  # what is being done, steps done, steps in all (0 while not known)


@dataclass(frozen=True)
class Work:
    """Progress of one training; ``folder`` may hold checkpoints and is removed when the run is whole."""

    progress: Progress
    folder: Path


class Steps:
    """Counts steps for a progress display; how many there are is known once the config is read."""

    def __init__(self, progress: Progress | None) -> None:
        self.progress, self.total, self.done, self.prefix = progress, 0, 0, ""

    def of(self, total: int) -> Steps:
        """Set how many steps there are."""
        self.total = total
        return self

    def prefixed(self, prefix: str) -> Steps:
        """Say ahead, from here on, what the steps are of."""
        self.prefix = f"{prefix}: "
        return self

    def __call__(self, what: str, advance: int = 1) -> None:
        """Say what is being done, ``advance`` steps further on."""
        self.done += advance
        self.within(what, self.done, self.total)

    def within(self, what: str, done: int, total: int) -> None:
        """Tell how far one step is that takes minutes; the count of steps stays."""
        if self.progress:
            self.progress(f"{self.prefix}{what}", done, total)
