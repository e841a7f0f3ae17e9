"""Predicting batches on this machine: in this process while they are few, then on all cores."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from itertools import chain, islice
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path

from stance.batches import Batch
from stance.errors import StanceError
from stance.parts import Part, Task, predict_part
from stance.predict import Model, load_model

FEW = 4  # batches that are sooner predicted here than a process has started (a second)
AHEAD = 4  # batches a process may be ahead of the one that is waited for, since parts come back in order


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def on_this_machine(model: Model, task: Task, batches: Iterator[Batch], *, workers: int) -> Generator[Part, None, None]:
    """Predict batches, on several processes where there are more than a `FEW`; yield the parts in order.

    Raises
    ------
    StanceError
        If a process ends before its time.
    """
    for batch in islice(batches, FEW if workers > 1 else None):
        yield predict_part(model, task, batch)
    following = next(batches, None)
    if following is None:
        return
    with _started(on_disk(model), task, workers) as connections:
        yield from _in_order(chain([following], batches), connections)


def on_disk(model: Model) -> Path:
    """Return the folder that other processes can load a model from.

    Raises
    ------
    ValueError
        If it was not loaded from one.
    """
    if model.folder is None:
        raise ValueError("the model is in no folder that other processes could load it from: get it from load_model")
    return model.folder


def _in_order(batches: Iterator[Batch], workers: list[Connection]) -> Iterator[Part]:
    """Give every worker one batch at a time, and read the next while they work."""
    done: dict[int, Part] = {}
    at: dict[Connection, int] = {}  # number of the batch that each busy worker is at
    idle: list[Connection] = []  # workers report once when they have loaded the model
    starting = set(workers)
    sent = given = 0
    batch = next(batches, None)
    while batch or at or done:
        while batch and idle and sent - given < AHEAD * len(workers):
            worker = idle.pop()
            with _alive():
                worker.send(batch)
            at[worker], sent, batch = sent, sent + 1, next(batches, None)
        answered = wait([*at, *starting]) if given not in done else []
        for worker in [each for each in workers if each in answered]:
            answer = _answer(worker)
            starting.discard(worker)
            idle.append(worker)
            if answer:
                done[at.pop(worker)] = answer
        while given in done:
            yield done.pop(given)
            given += 1


def _answer(worker: Connection) -> Part | None:
    with _alive():
        answer: Part | BaseException | None = worker.recv()
    if isinstance(answer, BaseException):
        raise answer
    return answer


@contextmanager
def _alive() -> Iterator[None]:
    """Say of a worker that has hung up what that means."""
    try:
        yield
    except (EOFError, ConnectionError):
        remedy = "Give the same command again, with fewer --workers: each needs memory for the model."
        raise StanceError("a process that predicts has ended, as when memory is short", remedy=remedy) from None


@contextmanager
def _started(folder: Path, task: Task, workers: int) -> Iterator[list[Connection]]:
    """Start processes, and end them with the block; each ends by itself should this one be killed.

    They are spawned, not forked: a copy of a process that has threads, as pyarrow and ONNX Runtime start, may hang.
    """
    context = get_context("spawn")
    processes: list[SpawnProcess] = []
    connections: list[Connection] = []
    try:
        for _ in range(workers):
            ours, theirs = context.Pipe()
            process = context.Process(target=_serve, args=(theirs, folder, task), daemon=True)
            with _deaf_to_interrupts():
                process.start()
            theirs.close()
            processes.append(process)
            connections.append(ours)
        yield connections
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.join()


def _serve(parent: Connection, folder: Path, task: Task) -> None:
    """Predict what the parent sends until it hangs up, or is no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends Ctrl-C to all, and the parent ends us
    with suppress(EOFError, ConnectionError):
        model = load_model(folder)
        parent.send(None)
        while True:
            parent.send(_attempt(model, task, parent.recv()))


def _attempt(model: Model, task: Task, batch: Batch) -> Part | Exception:
    try:
        return predict_part(model, task, batch)
    except Exception as error:  # whatever it is, the parent raises it
        return error


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Let a new process be deaf to Ctrl-C from its first moment, before it could print a traceback."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
