"""The floor is passed on in the order of asking, and nobody who keeps it holds up the others for long."""

import asyncio
import sqlite3
import threading
from types import SimpleNamespace

import pytest

from tracepro.database import group
from tracepro.database.store import Limits, QueuedWrite
from tracepro.floor import OPEN_FLOOR, SharedFloor
from tracepro.server.selector import FloorSelector

SECONDS = 30


class Thread(threading.Thread):
    """A thread that takes the floor, says so and leaves it when it is told to."""

    def __init__(self, floor, told=None):
        super().__init__()
        self.floor, self.has, self.may_leave = floor, threading.Event(), threading.Event()
        self.told = told if told is not None else []
        self.start()

    def run(self):
        self.floor.take()
        self.told.append(self.name)
        self.has.set()
        self.may_leave.wait(SECONDS)
        self.floor.leave()


@pytest.fixture
def patient(monkeypatch):
    """Let everybody wait for the floor as long as it takes."""
    monkeypatch.setattr("tracepro.floor.PATIENCE", SECONDS)


def waiting(floor, count):
    while len(floor._waiting) < count:
        threading.Event().wait(0.001)


def test_it_is_passed_on_in_the_order_of_asking(patient):
    floor, told, threads = SharedFloor(), [], []
    floor.take()
    for number in range(3):
        threads.append(Thread(floor, told))
        waiting(floor, number + 1)
    assert floor.wanted and not floor.taken and not told
    floor.leave()
    for thread in threads:
        assert thread.has.wait(SECONDS) and floor.taken
        thread.may_leave.set()
        thread.join()
    assert told == [thread.name for thread in threads]
    assert not floor.wanted and not floor.taken


def test_who_has_it_may_take_it_again_and_nobody_leaves_it_for_another(patient):
    floor = SharedFloor()
    thread = Thread(floor)
    assert thread.has.wait(SECONDS)
    floor.leave()
    assert floor.taken
    thread.may_leave.set()
    thread.join()
    floor.take()
    floor.take()
    floor.leave()
    assert not floor.taken and not floor.wanted


def test_who_keeps_it_has_lost_it_after_a_moment():
    floor = SharedFloor()
    hung = Thread(floor)
    assert hung.has.wait(SECONDS)
    floor.take()
    assert not floor.taken
    hung.may_leave.set()
    hung.join()
    other = Thread(floor)  # what hung has not left it for us
    waiting(floor, 1)
    floor.leave()
    assert other.has.wait(SECONDS)
    other.may_leave.set()
    other.join()


class LateLock:
    """A lock that somebody gave up waiting for, and what happens before it can tell."""

    def __init__(self, meanwhile):
        self.meanwhile = meanwhile

    def acquire(self, timeout=None):
        return timeout is None or bool(self.meanwhile())

    def release(self):
        """Do nothing: nobody waits any more."""


def test_who_was_passed_it_too_late_and_lost_it_again_goes_on(monkeypatch):
    floor = SharedFloor()
    first = Thread(floor)
    assert first.has.wait(SECONDS)
    others = []

    def meanwhile():
        first.may_leave.set()
        first.join()  # the floor is ours now, and we do not know it yet
        others.append(Thread(floor))
        assert others[0].has.wait(SECONDS)  # for we have kept it too long

    locks = iter([LateLock(meanwhile)])
    fake = SimpleNamespace(Lock=lambda: next(locks, None) or threading.Lock(), get_ident=threading.get_ident)
    monkeypatch.setattr("tracepro.floor.threading", fake)
    floor.take()
    assert floor.taken and not floor.wanted
    others[0].may_leave.set()
    others[0].join()
    assert not floor.taken


def test_a_free_floor_is_never_waited_for():
    OPEN_FLOOR.take()
    assert not OPEN_FLOOR.taken and not OPEN_FLOOR.wanted
    OPEN_FLOOR.leave()


@pytest.fixture
def loop():
    """A loop with a floor."""
    selector = FloorSelector()
    selector.floor = SharedFloor()
    loop = asyncio.SelectorEventLoop(selector)
    loop.floor = selector.floor
    yield loop
    loop.close()


def test_a_loop_leaves_it_while_it_waits_and_has_it_while_it_runs(loop):
    async def run():
        await asyncio.sleep(0.001)
        thread = Thread(loop.floor)
        while not thread.has.is_set():
            await asyncio.sleep(0.001)
        seen = loop.floor.taken
        thread.may_leave.set()
        await asyncio.sleep(0.001)
        return seen, loop.floor._holder == threading.get_ident()

    assert loop.run_until_complete(run()) == (False, True)


def test_a_thread_that_keeps_it_holds_up_a_loop_once(loop):
    async def run():
        hung = Thread(loop.floor)
        while not hung.has.is_set():
            await asyncio.sleep(0.001)
        taken = []
        for _ in range(20):
            await asyncio.sleep(0)
            await asyncio.sleep(0.001)
            taken.append(loop.floor.taken)
        told = loop.create_future()
        threading.Timer(0.001, loop.call_soon_threadsafe, (told.set_result, "told")).start()
        answer = await asyncio.wait_for(told, SECONDS)
        hung.may_leave.set()
        return answer, taken

    assert loop.run_until_complete(run()) == ("told", [False] * 20)


def test_the_writer_has_it_for_a_group_and_not_for_the_commit(tmp_path):
    floor, seen = SharedFloor(), []

    class Connection(sqlite3.Connection):
        def execute(self, sql, *values):
            if sql in ("BEGIN IMMEDIATE", "COMMIT", "SAVEPOINT call"):
                seen.append((sql, floor._holder == threading.get_ident()))
            return super().execute(sql, *values)

    connection = sqlite3.connect(tmp_path / "x.db", isolation_level=None, factory=Connection)
    writer = group.GroupWriter(lambda: connection, Limits(), floor=floor)
    writer.write(QueuedWrite(lambda db: 1, False), lambda: None)
    writer.write(QueuedWrite(lambda db: 1 / 0, False), lambda: None)
    writer.close()
    one = [("BEGIN IMMEDIATE", True), ("SAVEPOINT call", True), ("COMMIT", False)]
    assert seen == [*one, *one] and not floor._holder
