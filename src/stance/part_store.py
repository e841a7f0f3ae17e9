"""Finished parts of a long prediction, kept beside its output until it is whole, so that it can go on after anything.

A hidden folder ``.OUT.parts`` holds what the job is (`JOB`), the bytes of all parts one after another (`DATA`), and
a line for each part (`JOURNAL`). A part counts once its line is written; what stands in `DATA` beyond is cut off.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from stance.batches import Rejected
from stance.errors import StanceError
from stance.parquet_parts import join
from stance.parts import Part
from stance.progress import Progress, nothing_read
from stance.storage import read_json, to_json, write_jsonl, write_text

JOB, DATA, JOURNAL, WHOLE = "job.json", "data", "parts.jsonl", "whole"


class PartStore:
    """The parts of one output file.

    Parameters
    ----------
    output : Path
        The file that they are to become.
    job : dict
        All that the output's bytes depend on; parts of any other job are left alone.
    opening : bytes
        See `stance.parts.opening`.
    resumable : bool
        Whether the input can be read a second time; if not, what is left of the same job is discarded.
    anew : bool
        Discard what is left of any job.

    Raises
    ------
    StanceError
        If the parts are those of another job, or another process is at them.
    """

    def __init__(self, output: Path, job: dict[str, Any], opening: bytes, *, resumable: bool, anew: bool) -> None:
        self.output, self.job, self.opening, self.resumable = output, job, opening, resumable
        self.folder = output.with_name(f".{output.name}.parts")
        if not output.parent.is_dir():
            rule = "no such folder to write to"
            raise StanceError(rule, where=output.parent, remedy="Make it first, or name another.")
        if output.is_dir():
            raise StanceError("is a folder", where=output, remedy="Name a file to write.")
        self.folder.mkdir(exist_ok=True)
        self._lock = _lock(self.folder)
        self.progress = Progress()
        if (self.folder / JOB).exists() and not anew:
            self._check_job()
        if anew or not resumable or not (self.folder / JOB).exists():
            self._begin()
        self._open()

    def _begin(self) -> None:
        (self.folder / DATA).unlink(missing_ok=True)
        (self.folder / JOURNAL).write_bytes(b"")
        write_text(self.folder / JOB, to_json(self.job, indent=1) + "\n")

    def _check_job(self) -> None:
        other = read_json(self.folder / JOB, StanceError)
        differing = [name for name in self.job if other.get(name) != self.job[name]]
        if differing:
            rule = f"parts of an unfinished job lie there, and this one is another: {', '.join(differing)} differs"
            raise StanceError(rule, where=self.folder, remedy="Give --anew to discard them, or name another output.")

    def _open(self) -> None:
        """Count what is whole, and cut off what is not."""
        data, journal = self.folder / DATA, self.folder / JOURNAL
        size = data.stat().st_size if data.exists() else 0
        end, kept = len(self.opening), 0
        for line, part in self._lines():
            if end + part["bytes"] > size:
                break
            self.progress.add(part["statements"], part["accepted"], len(part["rejected"]))
            end, kept = end + part["bytes"], kept + len(line)
        self._data, self._journal = data.open("ab"), journal.open("ab")
        if size < len(self.opening):
            self._data.truncate(0)
            self._data.write(self.opening)
            self._data.flush()
        self._data.truncate(end)
        self._journal.truncate(kept)

    def _lines(self) -> Iterator[tuple[bytes, dict[str, Any]]]:
        """Yield the lines of the journal, up to one that was cut short."""
        with suppress(FileNotFoundError, json.JSONDecodeError), (self.folder / JOURNAL).open("rb") as lines:
            for line in lines:
                if line.endswith(b"\n"):
                    yield line, json.loads(line)

    def append(self, part: Part) -> None:
        """Add the next part."""
        line = {
            "bytes": len(part.data),
            "statements": part.statements,
            "accepted": part.accepted,
            "rejected": [asdict(each) for each in part.rejected],
        }
        with self._writing():
            for file, data in ((self._data, part.data), (self._journal, to_json(line).encode() + b"\n")):
                file.write(data)
                file.flush()
        self.progress.add(part.statements, part.accepted, len(part.rejected))

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Say of a full disk where the job goes on, in place of a bare error."""
        try:
            yield
        except OSError as cause:
            rule = f"cannot be written ({cause.strerror or cause}); {self.standing()}"
            raise StanceError(rule, where=self.output, remedy="Mend that first.") from None

    def standing(self) -> str:
        """Say where the same command would go on."""
        if not self.resumable:
            return "nothing was kept, since the input cannot be read a second time"
        return f"the same command goes on from statement {self.progress.statements + 1:,}"

    def rejected(self) -> Iterator[Rejected]:
        """Yield the records set aside so far."""
        for _, part in self._lines():
            yield from (Rejected(**each) for each in part["rejected"])

    def finish(self) -> Path | None:
        """Make the parts the output, and the records set aside a file beside it, which is returned.

        Raises
        ------
        ArticleError
            If all that was read is set aside; then there is no output.
        """
        rejects = self.output.with_name(f"{self.output.name}.rejected.jsonl")
        with self._writing():
            rejects.unlink(missing_ok=True)
            if self.progress.is_nothing:
                first = next(self.rejected())
                if self.progress.rejected > 1:
                    write_jsonl(rejects, (asdict(each) for each in self.rejected()))
                self._discard()
                raise nothing_read(first, self.progress.rejected)
            if self.progress.rejected:
                write_jsonl(rejects, (asdict(each) for each in self.rejected()))
            self._close_files()
            self._whole().replace(self.output)
            self._discard()
        return rejects if self.progress.rejected else None

    def _whole(self) -> Path:
        if self.job["format"] != "parquet":
            return self.folder / DATA
        with (self.folder / DATA).open("rb") as parts:
            join(parts, len(self.opening), (part["bytes"] for _, part in self._lines()), self.folder / WHOLE)
        return self.folder / WHOLE

    def close(self) -> None:
        """Close the files; what is written stays, to be gone on from."""
        self._close_files()
        if not self.resumable:
            self._discard()

    def _close_files(self) -> None:
        for file in (self._data, self._journal, self._lock):
            with suppress(OSError):  # what is left of a part that found no room
                file.close()

    def _discard(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


def _lock(folder: Path) -> IO[bytes]:
    """Keep a second process from the same parts; the lock goes with the process that holds it."""
    file = (folder / JOURNAL).open("ab")
    try:
        import fcntl
    except ImportError:  # Windows: two at once are then not told apart
        return file
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        rule = "another process is writing this output"
        raise StanceError(rule, where=folder, remedy="Wait for it, or name another output.") from None
    return file
