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
