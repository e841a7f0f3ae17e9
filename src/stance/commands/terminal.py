"""What commands share: what goes to the terminal, and how."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from stance.errors import StanceError

if TYPE_CHECKING:
    from rich.console import Console


class Progress:
    """A progress bar on standard error while something long runs; plain lines where that is no terminal."""

    def __enter__(self) -> Progress:
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        columns = (TextColumn("{task.description:<40}"), BarColumn(), TimeElapsedColumn())
        self.bar = Progress(*columns, console=console_of(stderr=True), transient=True)
        self.task = self.bar.add_task("", total=1)
        self.bar.start()
        return self

    def __call__(self, what: str, done: int, total: int) -> None:
        """Show what is being done, and how far it is."""
        self.bar.update(self.task, description=what, completed=done, total=total or None)
        if not self.bar.console.is_terminal:
            say(f"[{done}/{total}] {what}" if total else what)

    def __exit__(self, *_: object) -> None:
        self.bar.stop()


def console_of(*, stderr: bool) -> Console:
    """Console on standard output, or on standard error."""
    from rich.console import Console

    console = Console(stderr=stderr)
    # Off a terminal rich cuts to 80 columns, which is too narrow for a statement beside its labels.
    return console if console.is_terminal else Console(stderr=stderr, width=140)


def say(line: str) -> None:
    """Text for people goes to standard error, so that standard output can carry data."""
    print(line, file=sys.stderr, flush=True)  # noqa: T201


def write(data: bytes, output: Path | None) -> None:
    """Write to a file, whole or not at all; to standard output where there is none, or it is ``-``."""
    from stance.storage import write_bytes

    if output is None or str(output) == "-":
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    if not output.parent.is_dir():
        raise StanceError("no such folder to write to", where=output.parent, remedy="Make it first, or name another.")
    try:
        if output.exists() and not output.is_file() and not output.is_dir():
            output.write_bytes(data)  # a device or a pipe is written to: renaming a file over /dev/null would end it
        else:
            write_bytes(output, data)
    except OSError as cause:
        remedy = "Name a file in a folder you may write to."
        raise StanceError(f"cannot be written ({cause.strerror})", where=output, remedy=remedy) from None
    say(f"wrote {relative(output)}")


def keep_out_of_runs(texts: Path | None, output: Path | None, *runs: Path) -> None:
    """Refuse to write a page with the text of others into a run directory, which is there to be passed on."""
    if texts and output and any(output.resolve().is_relative_to(run.resolve()) for run in runs):
        rule = "a page with the text of others is for your own reading, so it is not written into a run directory"
        raise StanceError(rule, where=f"-o {output}", remedy="Name a file elsewhere.")


def relative(path: Path) -> Path:
    """Name a path from here where it lies below, else in full."""
    path = path.resolve()
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
