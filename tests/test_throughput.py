import pytest

from stance.commands import throughput
from stance.commands.throughput import Throughput
from stance.progress import Progress


@pytest.fixture
def clock(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(throughput.time, "monotonic", lambda: now[0])
    return now


def test_a_quick_prediction_says_nothing_and_never_counts_its_input(clock, capsys):
    with Throughput(lambda: pytest.fail("counted")) as watch:
        for done in range(4):
            watch(Progress(done * 1000, done * 10))
            clock[0] += 0.5
    assert capsys.readouterr().err == ""


def test_a_long_one_says_its_pace_and_what_is_left_now_and_then(clock, capsys):
    with Throughput(lambda: 1000) as watch:
        for done in range(71):
            watch(Progress(done * 1000, done * 10))
            clock[0] += 1
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "3,000 statements, 1,000 a second, 3%, 2 min left"
    assert lines[2:] == ["63,000 statements, 1,000 a second, 63%, 37 s left"]


def test_one_that_goes_on_says_from_where_and_does_not_count_what_was_done_before(clock, capsys):
    with Throughput(lambda: None) as watch:
        for seconds, statements in [(0, 50_000), (60, 51_000), (3, 54_000)]:
            clock[0] += seconds
            watch(Progress(statements, 1))
    assert capsys.readouterr().err == "going on from statement 50,001\n54,000 statements, 1,000 a second\n"
