"""How long no write has got through, and what else a store notes of its writes: the same on both databases."""

import threading

import pytest

from tracepro.database import Limits
from tracepro.database.errors import TransactionLost, busy
from tracepro.database.store import QueuedWrite
from tracepro.database.write_queue import WriteQueue
from tracepro_hookspecs import NotFound, TryAgain


class Clock:
    """A monotonic clock that a test moves."""

    def __init__(self):
        self.now = 1000.0

    def monotonic(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    for module in ("write_queue", "write_figures", "store"):
        monkeypatch.setattr(f"tracepro.database.{module}.time", clock)
    return clock


@pytest.fixture
def store(open_here):
    store = open_here(write_threads=1)
    store.start()
    return store


@pytest.fixture
def held(store):
    """Hold the only writer; whoever calls it lets go."""
    entered, go = threading.Event(), threading.Event()

    def hold(db):
        entered.set()
        assert go.wait(30)

    future = store.write(hold)
    assert entered.wait(30)
    yield lambda: (go.set(), future.result(30), settled(store))
    go.set()


def settled(store):
    """Wait until the writers have noted what they ended."""
    until = threading.Event()
    for _ in range(3000):
        if not store.writes.under_way:
            return
        until.wait(0.01)
    raise AssertionError("The writes did not end.")


def refuse(db):
    raise NotFound("unit-not-found", "There is no such unit.")


def keep_waiting(db):
    raise busy()


def fail(db):
    raise TryAgain("database-unavailable", "The disk is full.", outcome="none")


def test_an_idle_server_has_no_write_age_however_long_it_is_idle(clock, store):
    assert store.writes.age() == 0
    store.write(lambda db: None).result(30)
    settled(store)
    clock.now += 86_400
    assert store.writes.age() == 0
    assert clock.now - store.writes.figures.last_through == 86_400


def test_the_age_grows_while_a_write_hangs_and_ends_with_it(clock, store, held):
    for passed in (1, 59, 3600):
        clock.now += passed
        assert store.writes.age() == clock.now - 1000
    assert "No write has got through for" in store.writes.known_trouble()
    held()
    assert store.writes.age() == 0
    assert store.writes.known_trouble() is None


def test_it_counts_from_the_last_that_got_through_where_writes_always_wait(clock):
    queue = WriteQueue(Limits())
    first, second = QueuedWrite(refuse, False), QueuedWrite(refuse, False)
    queue.put(first)
    queue.put(second)
    clock.now += 5
    assert queue.age() == 5
    queue.ended(queue.take())
    assert queue.age() == 0
    clock.now += 2
    assert queue.age() == 2


def test_a_failed_write_counts_until_one_gets_through_though_nobody_writes_any_more(
    clock, store, monkeypatch
):
    monkeypatch.setattr("tracepro.database.write_queue.write_and_forget", lambda db: None)
    assert store.write(fail).exception(30).code == "database-unavailable"
    settled(store)
    clock.now += 600
    assert store.writes.age() == 600
    assert store.writes.try_again().future.result(30) is None
    settled(store)
    assert store.writes.age() == 0
    assert store.writes.try_again() is None


def test_writes_that_fail_one_after_another_are_trouble_until_one_gets_through(clock, store):
    for _ in range(3):
        clock.now += 1.0
        with pytest.raises(TryAgain):
            store.write(keep_waiting).result(30)
        settled(store)
    assert store.writes.known_trouble() == "No write has got through for 2.0 s."
    store.write(lambda db: None).result(30)
    settled(store)
    assert store.writes.known_trouble() is None


def test_what_the_rules_refuse_has_not_failed(clock, store):
    assert store.write(refuse).exception(30).code == "unit-not-found"
    settled(store)
    clock.now += 600
    assert store.writes.age() == 0


def test_who_is_not_taken_in_time_has_failed(clock):
    queue = WriteQueue(Limits(queue_seconds=2, opening_seconds=2))
    write = QueuedWrite(refuse, False)
    queue.put(write)
    clock.now += 3
    queue._expire_due(clock.now)
    assert write.future.exception(0).code == "busy"
    assert queue.figures.expired == 1
    clock.now += 100
    assert queue.age() == 103


def test_what_is_noted_of_writes(store, tables):
    futures = [store.write(lambda db, n=n: db.insert(tables.NEW, barcode=str(n))) for n in range(5)]
    assert store.write(refuse).exception(30)
    [future.result(30) for future in futures]
    settled(store)
    figures = store.writes.figures
    assert len(figures.waits) == len(figures.writes) == 6
    assert min(figures.waits) >= 0 and min(figures.writes) > 0
    assert sum(calls for calls, _ in figures.commits) == (6 if store.dialect == "sqlite" else 5)
    assert all(seconds > 0 for _, seconds in figures.commits)
    if store.dialect == "postgresql":
        assert {calls for calls, _ in figures.commits} == {1}


def test_calls_that_wait_together_share_a_commit_on_sqlite(database, store, held, tables):
    futures = [store.write(lambda db, n=n: db.insert(tables.NEW, barcode=str(n))) for n in range(5)]
    held()
    [future.result(30) for future in futures]
    settled(store)
    calls = [calls for calls, _ in store.writes.figures.commits]
    assert sum(calls) == 6
    assert (max(calls) > 1) == (database == "sqlite")


def test_a_lost_transaction_is_counted_as_a_retry(store, tables):
    tries = []

    def lose_once(db):
        tries.append(db)
        db.insert(tables.NEW, barcode=f"try {len(tries)}")
        if len(tries) == 1:
            raise TransactionLost(lost(store))

    entered, go = threading.Event(), threading.Event()
    first = store.write(lambda db: (entered.set(), go.wait(30), None)[-1])
    assert entered.wait(30)
    second = store.write(lose_once)
    go.set()
    first.result(30), second.result(30)
    settled(store)
    assert len(tries) == 2
    assert store.writes.figures.retries >= 1


def lost(store):
    if store.dialect == "sqlite":
        return RuntimeError("The transaction is gone.")
    from psycopg.errors import SerializationFailure

    return SerializationFailure("Two writes collided.")


def test_a_store_knows_its_size(store):
    sizes = store.sizes()
    assert sizes["database"] > 0
    assert sizes.keys() == ({"database", "wal", "free"} if store.dialect == "sqlite" else {"database"})
