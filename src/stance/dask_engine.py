"""Predicting batches on the workers of a Dask cluster: the same parts as on one machine, in the same order.

Needs the extra ``dask``, here and on the workers. The model's files are sent to every worker once, also to one that
joins later, and loaded there; a batch whose worker is lost is given to another.
"""

from __future__ import annotations

import tempfile
from collections import deque
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

from stance import __version__
from stance.batches import Batch
from stance.errors import ModelError, StanceError
from stance.parts import Part, Task, predict_part
from stance.predict import Model, load_model
from stance.processes import on_disk
from stance.storage import write_bytes

try:
    from distributed import Client, Future, WorkerPlugin, get_worker
    from distributed.scheduler import KilledWorker
except ImportError:
    rule, remedy = "a cluster needs the package distributed", 'Install it by: pip install "stance[dask]"'
    raise StanceError(rule, where="--cluster", remedy=remedy) from None

PLUGIN = "stance-model"
AHEAD = 3  # batches under way for each thread of the cluster, so that none waits for the network
PATIENCE = 10  # seconds for the scheduler to answer


def on_cluster(model: Model, task: Task, batches: Iterator[Batch], *, address: str) -> Generator[Part, None, None]:
    """Predict batches on a cluster and yield the parts in order; for `stance.collection.predict_collection`.

    Parameters
    ----------
    model : Model
        From `load_model`.
    task : Task
        What to make of each batch.
    batches : iterator of Batch
        Read as the cluster gets on, a few ahead.
    address : str
        The scheduler's, such as ``tcp://host:8786``.

    Raises
    ------
    StanceError
        If no scheduler answers, the workers have another version of stance, or a batch ends one worker after another.
    """
    with _connected(address) as client:
        _check_versions(client, address)
        client.register_plugin(ModelPlugin(model), name=PLUGIN)
        under_way: deque[Future[Part]] = deque()
        for batch in batches:
            under_way.append(client.submit(_predict, task, batch, pure=False))
            if len(under_way) >= AHEAD * max(1, sum(client.nthreads().values())):
                yield _result(under_way.popleft())
        while under_way:
            yield _result(under_way.popleft())


class ModelPlugin(WorkerPlugin):
    """Brings a model to a worker: its files as bytes, since the worker may share no disk with us."""

    model: Model

    def __init__(self, model: Model) -> None:
        folder = on_disk(model)
        files = [path for path in folder.rglob("*") if path.is_file()]
        self.files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}

    def setup(self, worker: Any) -> None:  # noqa: ARG002 - the name that Dask calls it by
        """Load the model, when the plugin or the worker is new."""
        with tempfile.TemporaryDirectory() as folder:
            for name, data in self.files.items():
                write_bytes(Path(folder) / name, data)
            self.model = load_model(Path(folder))


def _predict(task: Task, batch: Batch) -> Part:
    plugin: Any = get_worker().plugins[PLUGIN]
    return predict_part(plugin.model, task, batch)


def _result(future: Future[Part]) -> Part:
    try:
        part: Part = future.result()
    except KilledWorker as cause:
        rule = f"a batch ended {cause.allowed_failures + 1} workers one after another, as when memory is short"
        raise StanceError(rule, where="--cluster", remedy="Give the workers more memory.") from None
    return part


def _connected(address: str) -> Client:
    try:
        return Client(address, timeout=PATIENCE)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as cause:
        rule = f"no Dask scheduler answers ({type(cause).__name__})"
        raise StanceError(rule, where=address, remedy="Start one with `dask scheduler`, and workers.") from None


def _check_versions(client: Client, address: str) -> None:
    client.wait_for_workers(1, timeout=PATIENCE)
    found = set(client.run(_version).values())
    if found != {__version__}:
        rule = f"its workers have stance {', '.join(sorted(found))}, and here is {__version__}"
        raise ModelError(rule, where=address, remedy="Install the same version everywhere.")


def _version() -> str:
    return __version__
