"""Predict on collections of any size: streaming, on all cores, in order; an interrupted call is gone on with."""

from __future__ import annotations

import glob
import hashlib
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import IO, Any

from stance.batches import Batch, Unit, cut
from stance.errors import ArticleError
from stance.listing import STDIN, is_url, list_files
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
    inputs: Sequence[str | Path],
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
    inputs : sequence of str or Path
        As for `stance.inputs.each_article`, or `each_statement` where ``unit`` is so.
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
        Processes; if not given, one for each core, or one in all for a model that takes all cores by itself. A script
        that lets several start needs the usual ``if __name__ == "__main__":``.
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
    files = listed(inputs)
    task = Task(unit, proba, details, format)
    workers = workers or (1 if model.classifier.uses_all_cores else cores())
    engine = engine or partial(on_this_machine, workers=workers)
    sink: PartStore | PartStream
    if isinstance(output, Path):
        again = all(Path(file).is_file() for file in files)  # standard input and pipes cannot be read a second time
        sink = PartStore(output, _job(model, task, files), opening(model, task), resumable=again, anew=anew)
    else:
        sink = PartStream(output, opening(model, task), aside or (lambda _: None))
    watch = watch or (lambda _: None)
    try:
        watch(sink.progress)
        with closing(engine(model, task, cut(files, unit, skip=sink.progress.read))) as parts:
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


def listed(inputs: Sequence[str | Path]) -> list[str]:
    """Return every file that is meant.

    Raises
    ------
    ArticleError
        If one that is named is not there: it is mistyped, which is another thing than a record that cannot be read.
    """
    files = [each.where if isinstance(each, ArticleError) else file for file, each in list_files(map(str, inputs))]
    for file in files:
        if file != STDIN and not is_url(file) and not glob.has_magic(file) and not Path(file).exists():
            raise ArticleError("no such file", where=file, remedy="Check the path.")
    return files


def _job(model: Model, task: Task, files: Sequence[str]) -> dict[str, Any]:
    """All that the bytes of the output depend on."""
    from stance import __version__

    digest = hashlib.sha256((on_disk(model) / HEADER).read_bytes()).hexdigest()  # it has those of the other files
    state = sha256(to_json([_state(Path(file)) for file in files]))
    return {"version": __version__, "model": digest, "input": state, **asdict(task)}


def _state(file: Path) -> list[Any]:
    """Tell a file from a changed one by its size and time, since reading all of it would take long."""
    stat = file.stat() if file.is_file() else None
    return [str(file.absolute()), stat and stat.st_size, stat and stat.st_mtime_ns]
