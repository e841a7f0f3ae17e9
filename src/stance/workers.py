"""Worker processes: each has the model, does one job at a time, and is ended and replaced when a job takes too long.

Processes, not threads: Python cannot stop a thread, a slow regular expression in one would hold up all the others, and
a broken PDF that ends its reader would end the server with it.
"""

from __future__ import annotations

import logging
import signal
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from queue import Empty, Queue
from threading import BoundedSemaphore
from typing import Any

from stance.errors import StanceError

# A job is a function at the top level of a module, called with the model and what can be pickled.
Job = Callable[..., Any]


class BusyError(StanceError):
    """Every worker has a job, and enough others wait."""


class TimeLimitError(StanceError):
    """A job took longer than it may."""


class WorkerError(StanceError):
    """A job failed through a fault of ours, or ended its process."""


@dataclass(frozen=True)
class Answer:
    """What a job returned, and the notices it gave on the way (``read as windows-1252``)."""

    value: Any
    notices: tuple[str, ...] = ()


class Workers:
    """A few worker processes that share a queue.

    Parameters
    ----------
    model : path or str
        As for `stance.predict.load_model`; each worker loads it for itself.
    count : int
        Worker processes, which is how many jobs are done at once.
    seconds : float
        How long a job may wait for a worker, and then how long it may take.
    waiting : int
        Jobs that may wait; one more is refused at once.
    """

    def __init__(self, model: Path | str, count: int, seconds: float, waiting: int) -> None:
        self._seconds = seconds
        self._places = BoundedSemaphore(count + waiting)
        self._workers = [_Worker(model) for _ in range(count)]
        self._free: Queue[_Worker] = Queue()

    def start(self) -> None:
        """Start the processes; `run` waits until their models are loaded."""
        for worker in self._workers:
            worker.start()
            self._free.put(worker)

    def stop(self) -> None:
        """End the processes, whatever they are doing."""
        for worker in self._workers:
            worker.stop()

    def run(self, job: Job, *arguments: object) -> Answer:
        """Let a free worker do ``job(model, *arguments)``, and wait for its answer.

        Raises
        ------
        BusyError, TimeLimitError
            If no worker was to be had, or the job took too long.
        StanceError
            That the job raised.
        WorkerError
            If the job failed otherwise; the worker has printed why.
        """
        if not self._places.acquire(blocking=False):
            raise BusyError("the server is busy", remedy="Try again in a minute.")
        try:
            return self._run(job, arguments)
        finally:
            self._places.release()

    def _run(self, job: Job, arguments: tuple[object, ...]) -> Answer:
        try:
            worker = self._free.get(timeout=self._seconds)
        except Empty:
            raise BusyError("the server is busy", remedy="Try again in a minute.") from None
        try:
            return worker.call(job, arguments, self._seconds)
        finally:
            self._free.put(worker)


class _Worker:
    """One process, and our end of the pipe to it."""

    def __init__(self, model: Path | str) -> None:
        self._model = model
        self._stopped = False

    def start(self) -> None:
        # "spawn" alone is safe in a process that has threads, and the same on every system.
        context = get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(self._model, theirs), daemon=True)
        self._process.start()
        theirs.close()
        self._ready = False

    def stop(self) -> None:
        self._stopped = True
        self._process.kill()
        self._process.join()

    def call(self, job: Job, arguments: tuple[object, ...], seconds: float) -> Answer:
        try:
            self._ready = self._ready or self._pipe.recv()
            self._pipe.send((job, arguments))
            answered = self._pipe.poll(seconds)
            outcome = self._pipe.recv() if answered else None
        except (EOFError, OSError):  # the process is gone
            self._restart()
            raise _failed() from None
        if not answered:
            self._restart()
            raise TimeLimitError(f"took longer than {seconds:g} seconds", remedy="Send a shorter text, or fewer texts.")
        if isinstance(outcome, StanceError):
            raise outcome
        if not isinstance(outcome, Answer):
            raise _failed()
        return outcome

    def _restart(self) -> None:
        if self._stopped:
            return
        self._process.kill()
        self._process.join()
        self._pipe.close()
        self.start()


def _failed() -> WorkerError:
    return WorkerError("the server failed on this text", remedy="The terminal that runs stance serve may say more.")


class _Notices(logging.Handler):
    """Keeps what the package would tell a person at a terminal."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


def _serve(model: Path | str, pipe: Connection) -> None:
    """Do jobs until the other end of the pipe is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; our parent then ends us
    from stance.predict import load_model

    loaded = load_model(model)
    notices = _Notices()
    logging.getLogger("stance").addHandler(notices)
    with suppress(EOFError, BrokenPipeError):
        pipe.send(True)
        while True:
            job, arguments = pipe.recv()
            notices.lines.clear()
            pipe.send(_outcome(job, loaded, arguments, notices))


def _outcome(job: Job, model: object, arguments: tuple[object, ...], notices: _Notices) -> Answer | StanceError | None:
    try:
        return Answer(job(model, *arguments), tuple(notices.lines))
    except StanceError as error:
        return error
    except Exception:  # a fault of ours: one job fails, the worker lives on
        traceback.print_exc()
        return None
