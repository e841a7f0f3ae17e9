import os
import signal
from functools import partial

import pytest
from collections_of_rows import write_collection

from stance import batches
from stance.collection import predict_collection
from stance.errors import StanceError
from stance.predict import load_model

distributed = pytest.importorskip("distributed")
from stance.dask_engine import on_cluster  # noqa: E402 - needs the extra


@pytest.mark.slow
def test_a_cluster_gives_the_same_bytes_when_a_worker_is_killed_midway(tmp_path, monkeypatch):
    monkeypatch.setattr(batches, "RECORDS", 2)
    rows, model = write_collection(tmp_path, n=120), load_model()
    killed = []
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, memory_limit=None
    ) as cluster:

        def kill_one(progress):
            if progress.statements > 50 and not killed:
                killed.append(cluster.workers[0].process.pid)
                os.kill(killed[0], signal.SIGKILL)

        engine = partial(on_cluster, address=cluster.scheduler_address)
        predict_collection(model, [rows], tmp_path / "cluster", engine=engine, watch=kill_one)
    predict_collection(model, [rows], tmp_path / "here", workers=1)
    assert killed
    assert (tmp_path / "cluster").read_bytes() == (tmp_path / "here").read_bytes()


def test_a_scheduler_that_does_not_answer_is_one_line(tmp_path, monkeypatch):
    monkeypatch.setattr("stance.dask_engine.PATIENCE", 0.3)
    rows = write_collection(tmp_path)
    engine = partial(on_cluster, address="tcp://127.0.0.1:9")
    with pytest.raises(StanceError, match=r"tcp://127\.0\.0\.1:9: no Dask scheduler answers"):
        predict_collection(load_model(), [rows], tmp_path / "out", engine=engine)
