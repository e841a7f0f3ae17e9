import logging
import os
import threading
import time

import pytest

from stance.errors import ArticleError
from stance.workers import BusyError, TimeLimitError, WorkerError, Workers


def name_of(model):
    return model.name


def give_notice(model, line):
    logging.getLogger("stance").warning("%s", line)


def sleep(model, seconds):
    time.sleep(seconds)


def refuse(model):
    raise ArticleError("is empty", where="a.txt:3", remedy="Give text.")


def divide_by_zero(model):
    return 1 / 0


def die(model):
    os._exit(3)


@pytest.fixture(scope="module")
def workers():
    made = Workers("fast", count=1, seconds=0.5, waiting=1)
    made.start()
    yield made
    made.stop()


def test_a_job_has_the_model_and_its_answer_comes_back(workers):
    assert workers.run(name_of).value == "fast"


def test_notices_come_with_the_answer_of_their_own_job(workers):
    assert workers.run(give_notice, "read as windows-1252").notices == ("read as windows-1252",)
    assert workers.run(name_of).notices == ()


def test_what_the_user_can_mend_is_raised_here_as_it_was_there(workers):
    with pytest.raises(ArticleError) as raised:
        workers.run(refuse)
    assert str(raised.value) == "a.txt:3: is empty. Give text."


@pytest.mark.parametrize("job", [divide_by_zero, die])
def test_a_job_that_fails_or_ends_its_process_spoils_no_other(workers, job):
    with pytest.raises(WorkerError):
        workers.run(job)
    assert workers.run(name_of).value == "fast"


def test_a_job_that_takes_too_long_is_ended_and_its_worker_replaced(workers):
    with pytest.raises(TimeLimitError, match=r"longer than 0.5 seconds"):
        workers.run(sleep, 30)
    assert workers.run(name_of).value == "fast"


def test_who_would_wait_too_long_is_sent_away(workers):
    failed = []

    def run(seconds):
        try:
            workers.run(sleep, seconds)
        except BusyError as error:
            failed.append(error)

    threads = [threading.Thread(target=run, args=(0.3,)) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(failed) == 2  # one at work, one waiting


def test_workers_that_are_stopped_answer_no_more():
    made = Workers("fast", count=1, seconds=30, waiting=0)
    made.start()
    failed = []

    def run():
        try:
            made.run(sleep, 30)
        except WorkerError as error:
            failed.append(error)

    at_work = threading.Thread(target=run)
    at_work.start()
    made.stop()
    at_work.join(20)
    assert failed
