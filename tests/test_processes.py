import multiprocessing
import os
import signal

import pytest
from collections_of_rows import write_collection

from stance import batches, processes
from stance.batches import cut
from stance.errors import StanceError
from stance.parts import Task
from stance.predict import Model, load_model
from stance.processes import on_this_machine

TASK = Task("statement", proba=False, details=False, format="jsonl")


@pytest.fixture
def many(tmp_path, monkeypatch):
    monkeypatch.setattr(batches, "RECORDS", 2)
    monkeypatch.setattr(processes, "FEW", 0)
    return str(write_collection(tmp_path))


def children():
    """Processes of ours; other tests may keep some."""
    return {each.pid for each in multiprocessing.active_children()}


def test_few_batches_start_no_process(many, monkeypatch):
    monkeypatch.setattr(processes, "FEW", 30)
    monkeypatch.setattr(processes, "_started", None)
    assert len(list(on_this_machine(load_model(), TASK, cut([many], "statement"), workers=8))) == 20


def test_a_process_that_is_killed_is_one_line(many, monkeypatch):
    monkeypatch.setattr(processes, "AHEAD", 1)  # so that not all is done before it is killed
    others = children()
    parts = on_this_machine(load_model(), TASK, cut([many], "statement"), workers=2)
    next(parts)
    os.kill((children() - others).pop(), signal.SIGKILL)
    with pytest.raises(StanceError, match="a process that predicts has ended"):
        list(parts)
    assert children() == others


def test_what_fails_in_a_process_is_raised_here_and_all_are_ended(many):
    others = children()
    batches = iter([*cut([many], "statement"), "no batch"])
    with pytest.raises(AttributeError, match="'str' object has no attribute 'records'"):
        list(on_this_machine(load_model(), TASK, batches, workers=2))
    assert children() == others


def test_a_model_without_a_folder_stays_in_this_process(many):
    loaded = load_model()
    model = Model(loaded.name, loaded.classifier, loaded.decision)
    with pytest.raises(ValueError, match="get it from load_model"):
        list(on_this_machine(model, TASK, cut([many], "statement"), workers=2))
