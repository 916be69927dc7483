"""The master ends a worker that stands still, and none that stood still because the machine did."""

from types import SimpleNamespace

import pytest

from tracepro.server.master import Master


@pytest.fixture
def clock(monkeypatch):
    """The monotonic clock of master and gunicorn, moved by the test."""
    now = SimpleNamespace(seconds=1000.0)
    ticking = SimpleNamespace(monotonic=lambda: now.seconds)
    monkeypatch.setattr("tracepro.server.master.time", ticking)
    monkeypatch.setattr("gunicorn.arbiter.time", ticking)
    return now


@pytest.fixture
def master(clock):
    """A master with one worker, whose loop gave its last sign at the beginning and whose watchdog beats on."""
    board = SimpleNamespace(beats=1, limit=10.0)
    tmp = SimpleNamespace(last_update=lambda: 1000.0)
    worker = SimpleNamespace(
        tmp=tmp, aborted=False, leaving=False, scoreboard=board, beats=0, silent_seconds=0.0
    )
    made = Master.__new__(Master)
    made.WORKERS, made.timeout, made._looked, made._awake_since = {7: worker}, 60, 1000.0, 1000.0
    made.log = SimpleNamespace(critical=lambda *words: None)
    made.ended = []
    made.kill_worker = lambda pid, number: made.ended.append(pid)
    return made


def look(master, clock, seconds):
    """Look once a second for so long."""
    for _ in range(seconds):
        clock.seconds += 1
        master.WORKERS[7].scoreboard.beats += 1
        master.murder_workers()


def test_a_loop_that_stands_still_for_a_minute_ends_its_worker(master, clock):
    look(master, clock, 60)
    assert master.ended == []
    look(master, clock, 1)
    assert master.ended == [7]


def test_after_a_pause_of_the_machine_a_worker_has_its_minute_anew(master, clock):
    look(master, clock, 30)
    clock.seconds += 3600
    look(master, clock, 60)
    assert master.ended == []
    look(master, clock, 2)
    assert master.ended == [7]
