"""Predict on collections of any size: streaming, on all cores, in order; an interrupted call is gone on with."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import IO, Any

from stance.batches import Batch, Unit, cut
from stance.errors import ArticleError
from stance.part_store import PartStore
from stance.part_stream import Aside, PartStream
from stance.parts import Part, Task, opening
from stance.persist import HEADER
from stance.predict import Model
from stance.processes import cores, on_disk, on_this_machine
from stance.progress import Progress
from stance.storage import sha256, to_json

Engine = Callable[
    [Model, Task, Iterator[Batch]], Generator[Part, None, None]
]  # predicts batches; yields their parts in order
Watch = Callable[[Progress], None]  # told before the first part, and after each


@dataclass(frozen=True)
class Summary:
    """What a finished prediction did: statements, records they come from, and records set aside.

    ``rejects`` is the file that these are in, None where there are none or where they were not written to a file.
    """

    statements: int
    accepted: int
    rejected: int
    rejects: Path | None = None


class Interrupted(KeyboardInterrupt):
    """The prediction was interrupted; the text says where it goes on."""


def predict_collection(
    model: Model,
    inputs: Sequence[Path],
    output: Path | IO[bytes],
    *,
    unit: Unit = "article",
    proba: bool = False,
    details: bool = False,
    format: str = "parquet",  # noqa: A002 - the command's option is called so
    workers: int | None = None,
    engine: Engine | None = None,
    anew: bool = False,
    watch: Watch | None = None,
    aside: Aside | None = None,
) -> Summary:
    """Predict every statement of collections that may be larger than memory.

    Called again with the same arguments after it was interrupted or killed, it goes on where it stopped. The bytes
    written are the same, however often that was, and on however many processes or machines.

    Parameters
    ----------
    model : Model
        From `load_model`.
    inputs : sequence of Path
        Articles, folders and collections; of statements where ``unit`` is so. ``-`` is standard input.
    output : Path or binary file
        Where to write. What cannot be read is set aside in ``OUTPUT.rejected.jsonl``, and the rest goes on. An open
        file is written to at once, cannot be gone on with, and takes no Parquet; see ``aside``.
    unit : {"article", "statement"}
        What each record of the input is.
    proba, details : bool
        As in `Model.predict`; single statements have no details.
    format : {"parquet", "jsonl", "csv"}
        Of the output.
    workers : int, optional
        Processes; as many as there are cores if not given. A script that lets several start needs the usual
        ``if __name__ == "__main__":``.
    engine : callable, optional
        Predicts elsewhere, as `stance.dask_engine.on_cluster` does.
    anew : bool
        Discard what another job has left unfinished at this output, rather than refuse.
    watch : callable, optional
        Told the `Progress` before the first part and after each.
    aside : callable, optional
        Told every record that is set aside, where ``output`` is an open file.

    Raises
    ------
    ArticleError
        If not one record could be predicted.
    StanceError
        If the output cannot be written, or is that of another unfinished job.
    Interrupted
        At Ctrl-C, after what is done was kept.
    """
    check_inputs(inputs)
    task = Task(unit, proba, details, format)
    engine = engine or partial(on_this_machine, workers=workers or cores())
    sink: PartStore | PartStream
    if isinstance(output, Path):
        job = _job(model, task, inputs, output)
        sink = PartStore(output, job, opening(model, task), resumable=_is_resumable(inputs), anew=anew)
    else:
        sink = PartStream(output, opening(model, task), aside or (lambda _: None))
    watch = watch or (lambda _: None)
    try:
        watch(sink.progress)
        with closing(engine(model, task, cut(inputs, unit, skip=sink.progress.read))) as parts:
            for part in parts:
                sink.append(part)
                watch(sink.progress)
        rejects = sink.finish()
    except KeyboardInterrupt:
        raise Interrupted(f"interrupted; {sink.standing()}") from None
    finally:
        sink.close()
    done = sink.progress
    return Summary(done.statements, done.read - done.rejected, done.rejected, rejects)


def check_inputs(inputs: Sequence[Path]) -> None:
    """Refuse an input that is not there: it is mistyped, which is another thing than a record that cannot be read.

    Raises
    ------
    ArticleError
        For the first such input.
    """
    for path in inputs:
        if str(path) != "-" and not re.match("https?:/", str(path)) and not path.exists():
            raise ArticleError("no such file", where=path, remedy="Check the path.")


def _is_resumable(inputs: Sequence[Path]) -> bool:
    """Whether the inputs can be read a second time, as standard input and pipes cannot."""
    return all(path.is_file() or path.is_dir() for path in inputs)


def _job(model: Model, task: Task, inputs: Sequence[Path], output: Path) -> dict[str, Any]:
    """All that the bytes of the output depend on."""
    from stance import __version__

    digest = hashlib.sha256((on_disk(model) / HEADER).read_bytes()).hexdigest()  # it has those of the other files
    state = sha256(to_json([_state(path, output) for path in inputs]))
    return {"version": __version__, "model": digest, "input": state, **asdict(task)}


def _state(path: Path, output: Path) -> list[Any]:
    """Tell an input from a changed one by its size and time, since reading all of it would take long."""
    files = sorted(path.rglob("*")) if path.is_dir() else [path]
    own = f".{output.name}", output.name
    known = [each for each in files if each.is_file() and not each.name.startswith(own)]
    return [str(path.resolve()), [[str(each), each.stat().st_size, each.stat().st_mtime_ns] for each in known]]
