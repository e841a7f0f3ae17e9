"""What ``stance predict`` does with a format that programs read: a file that grows part by part, or standard output."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING

from stance.commands.terminal import relative, say
from stance.commands.throughput import Throughput
from stance.errors import StanceError

if TYPE_CHECKING:
    from stance.batches import Rejected
    from stance.collection import Summary

Run = Callable[..., "Summary"]  # `predict_collection` with all but the output and who watches


def collect(run: Run, inputs: Sequence[str], output: Path | None, format: str) -> None:  # noqa: A002
    """Run a prediction; say how far it is, where its output is, and what was set aside."""
    from stance.collection import Interrupted

    try:
        if output is None or str(output) == "-":
            done = _to_stream(run, sys.stdout.buffer, format)
        elif output.exists() and not output.is_file() and not output.is_dir():  # a device or a pipe
            with output.open("wb") as stream:
                done = _to_stream(run, stream, format)
        else:
            done = _to_file(run, inputs, output)
    except Interrupted as stopped:
        say(str(stopped))
        raise
    if done.rejected:
        kept = f" in {relative(done.rejects)}" if done.rejects else ""
        say(f"{done.rejected:,} record{'s' if done.rejected > 1 else ''} set aside{kept}")


def tell(rejected: Rejected) -> None:
    """Say of one record why it is set aside."""
    say(f"set aside: {rejected.error()}")


def tell_all(rejected: Sequence[Rejected], accepted: int) -> None:
    """Say of every record why it is set aside.

    Raises
    ------
    ArticleError
        If not one is left.
    """
    from stance.progress import nothing_read

    if rejected and not accepted:
        raise nothing_read(rejected[0], len(rejected))
    for each in rejected:
        tell(each)


def _to_file(run: Run, inputs: Sequence[str], output: Path) -> Summary:
    from stance.collection_size import count_records

    with Throughput(partial(count_records, inputs)) as watch:
        done = run(output, watch=watch)
    say(f"wrote {relative(output)}")
    return done


def _to_stream(run: Run, stream: IO[bytes], format: str) -> Summary:  # noqa: A002
    """Write parts as they come; but a Parquet file only when it is whole, because it is put together at its end."""
    if format != "parquet":
        return run(stream, aside=tell)
    from stance.batches import Rejected
    from stance.storage import read_jsonl

    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "whole"
        done = run(whole)
        with whole.open("rb") as file:
            shutil.copyfileobj(file, stream)
        for _, row in read_jsonl(done.rejects, StanceError) if done.rejects else ():
            tell(Rejected(**row))
    return replace(done, rejects=None)
