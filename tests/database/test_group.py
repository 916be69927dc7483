"""The SQLite writer's groups: one commit for many calls, and no call fails for another's fault."""

import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tracepro.database import Limits
from tracepro.database.group import GroupWriter
from tracepro.database.store import QueuedWrite
from tracepro_hookspecs import CallError, NotFound, TryAgain

BIG = "x" * 400_000


@pytest.fixture
def database():
    return "sqlite"


class Traced:
    """A group writer with its queue, that notes the transactions it makes."""

    def __init__(self, store, **limits):
        self.log = []
        self.writer = GroupWriter(lambda: self._connect(store), Limits(group_seconds=60, **limits))

    def _connect(self, store):
        connection = store._pool.open_writer()
        connection.set_trace_callback(self._note)
        return connection

    def _note(self, sql):
        if sql in ("BEGIN IMMEDIATE", "COMMIT", "ROLLBACK"):
            self.log.append(sql.split()[0])

    def write(self, *works):
        writes = [QueuedWrite(work, alone=False) for work in works]
        queue = iter(writes)
        for first in queue:
            assert first.claim()
            self.writer.write(first, lambda: next((write for write in queue if write.claim()), None))
        return [write.future.exception() or write.future.result() for write in writes]


def new(tables, code, note=None):
    return lambda db: db.insert(tables.NEW, barcode=code, note=note)


def refuse(db):
    raise NotFound("unit-not-found", "There is no such unit.")


def codes(store, tables):
    return [code for (code,) in store.read(lambda db: db.rows(tables.Unit.select(tables.Unit.barcode)))]


def test_a_group_is_one_transaction(store, tables):
    traced = Traced(store)
    assert traced.write(*(new(tables, str(n)) for n in range(5))) == [1, 2, 3, 4, 5]
    assert traced.log == ["BEGIN", "COMMIT"]


def test_a_full_group_is_closed(store, tables):
    traced = Traced(store, group_calls=2)
    traced.write(*(new(tables, str(n)) for n in range(5)))
    assert traced.log == ["BEGIN", "COMMIT"] * 3


def test_a_refused_call_leaves_nothing_and_its_neighbours_stay(store, tables):
    def write_and_refuse(db):
        db.insert(tables.NEW, barcode="refused")
        refuse(db)

    traced = Traced(store)
    first, error, last = traced.write(new(tables, "a"), write_and_refuse, new(tables, "b"))
    assert (first, error.code, last) == (1, "unit-not-found", 2)
    assert codes(store, tables) == ["a", "b"]
    assert traced.log == ["BEGIN", "COMMIT"]


def test_a_mistake_in_a_statement_is_told_as_it_is(store, tables):
    first, error, last = Traced(store).write(new(tables, "a"), new(tables, "a"), new(tables, "b"))
    assert (first, type(error), last) == (1, sqlite3.IntegrityError, 2)


@pytest.mark.parametrize("swallow", [False, True])
def test_who_fills_the_disk_fails_alone(open_here, tables, swallow):
    def fill(db):
        try:
            db.insert(tables.NEW, barcode="big", note=BIG)
        except Exception:
            if not swallow:
                raise
        db.insert(tables.NEW, barcode="after")

    store = open_here(max_page_count=40)
    traced = Traced(store)
    first, error, last = traced.write(new(tables, "a"), fill, new(tables, "b"))
    assert (first, last) == (1, 2)
    assert isinstance(error, TryAgain)
    assert (error.code, error.data) == ("database-unavailable", {"outcome": "none"})
    assert codes(store, tables) == ["a", "b"]


def test_after_a_lost_group_each_call_runs_once_more(open_here, tables):
    runs = []

    def counted(code, note=None):
        def work(db):
            runs.append(code)
            return db.insert(tables.NEW, barcode=code, note=note)

        return work

    Traced(open_here(max_page_count=40)).write(counted("a"), counted("big", BIG), counted("b"))
    assert runs == ["a", "big", "a", "big", "b"]


def test_a_broken_connection_is_opened_again(store, tables):
    traced = Traced(store)
    traced.write(new(tables, "a"))
    traced.writer._connection.close()
    (error,) = traced.write(new(tables, "b"))
    assert isinstance(error, Exception)
    assert traced.write(new(tables, "c")) == [2]


def test_a_call_runs_alone_that_asks_for_it(store, tables):
    entered, go = threading.Event(), threading.Event()

    def slow(db):
        entered.set()
        assert go.wait(30)
        return db.insert(tables.NEW, barcode="slow")

    def must_be_alone(db):
        alone_sees.append(store.read(lambda other: len(other.rows(tables.Unit.select(tables.Unit.id)))))

    alone_sees = []
    store.start()
    futures = [store.write(slow)]
    assert entered.wait(30)
    futures += [store.write(must_be_alone, alone=True), store.write(new(tables, "after"))]
    go.set()
    for future in futures:
        future.result(30)
    assert alone_sees == [1], "what came before it was committed, what came behind had not begun"


def test_calls_are_answered_in_the_order_they_came(store, tables):
    go, order = threading.Event(), []

    def numbered(n):
        def work(db):
            order.append(n)
            return n

        return work

    store.start()
    futures = [store.write(lambda db: go.wait(30))]
    futures += [store.write(numbered(n)) for n in range(200)]
    go.set()
    assert [future.result(30) for future in futures[1:]] == order == list(range(200))


def test_an_error_of_a_call_is_no_error_of_the_store(store):
    store.start()
    with pytest.raises(CallError, match="no such unit"):
        store.write(refuse).result(30)
    assert store.write(lambda db: 7).result(30) == 7


def test_a_durable_commit_is_asked_for(store):
    def pragma(connection, name):
        return connection.execute(f"PRAGMA {name}").fetchone()[0]

    connection = store._pool.open_writer()
    assert (pragma(connection, "synchronous"), pragma(connection, "journal_mode")) == (2, "wal")
    assert (pragma(connection, "foreign_keys"), pragma(connection, "wal_autocheckpoint")) == (1, 4000)
    assert (pragma(connection, "cache_size"), pragma(connection, "journal_size_limit")) == (
        -2048,
        64 * 1024 * 1024,
    )
    assert pragma(store._pool.take_reader(), "cache_size") == -4096


def test_a_pragma_can_be_changed_for_measuring(open_here):
    store = open_here(pragmas={"synchronous": "OFF", "cache_size": -100})
    ask = [
        store._pool.open_writer().execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("synchronous", "cache_size")
    ]
    assert ask == [0, -100]


def test_who_reads_takes_the_connection_that_was_used_last(store):
    def connection():
        return store.read(lambda db: db._connection)

    with ThreadPoolExecutor(1) as others:
        first = connection()
        assert others.submit(connection).result() is first
        mine, theirs = store.read(lambda db: (db._connection, others.submit(connection).result()))
        assert mine is first and theirs is not first
        assert others.submit(connection).result() is first


def test_a_reader_that_nobody_needs_for_a_minute_is_closed(store, monkeypatch):
    def connection():
        return store.read(lambda db: db._connection)

    with ThreadPoolExecutor(1) as others:
        used, needed_once = store.read(lambda db: (db._connection, others.submit(connection).result()))
    assert connection() is used and needed_once.execute("SELECT 1").fetchone() == (1,)
    really = time.monotonic
    monkeypatch.setattr("tracepro.database.sqlite_pool.time.monotonic", lambda: really() + 61)
    assert connection() is used and connection() is used
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        needed_once.execute("SELECT 1")


@pytest.mark.deadline
def test_a_read_that_takes_too_long_is_stopped(open_here):
    store = open_here(read_seconds=0.05)
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    with pytest.raises(TryAgain, match="took too long"):
        store.read(lambda db: db.raw_rows(endless))
    assert store.read(lambda db: db.raw_rows("SELECT 1")) == [(1,)]
