"""PostgreSQL's own troubles: races, locks, lost connections; the caller hears what they mean."""

import socket
import threading
import time

import pytest
from peewee import fn

from tracepro.database import Limits, open_store, p, statement
from tracepro.database.errors import TransactionLost
from tracepro.database.pg_connection import PgConnection
from tracepro_hookspecs import Conflict, NotFound, TryAgain

DIE = "SELECT pg_terminate_backend(pg_backend_pid())"


@pytest.fixture
def database():
    return "postgresql"


@pytest.fixture
def started(open_here):
    store = open_here(write_threads=4, lock_seconds=0.2)
    store.start()
    return store


def count(store, tables):
    return store.read(lambda db: db.value(tables.Unit.select(fn.COUNT(tables.Unit.id))))


def locking(tables):
    @statement
    def lock_unit():
        return tables.Unit.select(tables.Unit.id).where(tables.Unit.id == p("id")).for_update()

    return lock_unit


def test_a_deadlock_is_tried_again(open_here, tables):
    store = open_here(lock_seconds=20)
    store.start()
    store.write_inline(lambda db: db.insert_many(tables.NEW, [{"barcode": "1"}, {"barcode": "2"}]))
    both, runs, lock = threading.Barrier(2), [], locking(tables)

    def in_order(*ids):
        def work(db):
            runs.append(ids)
            db.one(lock, id=ids[0])
            if len(runs) <= 2:
                both.wait(30)
            db.one(lock, id=ids[1])
            return ids

        return work

    futures = [store.write(in_order(1, 2)), store.write(in_order(2, 1))]
    assert [future.result(30) for future in futures] == [(1, 2), (2, 1)]
    assert len(runs) in (3, 4)  # PostgreSQL may take both for the victim


def test_a_unique_key_that_another_took_meanwhile_is_looked_for_again(started, tables):
    @statement
    def by_code():
        return tables.Unit.select(tables.Unit.id).where(tables.Unit.barcode == p("code"))

    both, seen = threading.Barrier(2), []

    def create(db):
        found = db.value(by_code, code="x")
        seen.append(found)
        if len(seen) <= 2:
            both.wait(30)
        if found:
            raise Conflict("unit-exists", "There is a unit x already.")
        return db.insert(tables.NEW, barcode="x")

    futures = [started.write(create), started.write(create)]
    errors = [future.exception(30) for future in futures]
    assert sorted(str(error and error.code) for error in errors) == ["None", "unit-exists"]
    assert count(started, tables) == 1


def test_races_without_end_are_told_busy(started):
    runs = []

    def never(db):
        runs.append(1)
        db.define("DO $$ BEGIN RAISE EXCEPTION 'raced' USING ERRCODE = '40001'; END $$")

    assert started.write(never).exception(30).code == "busy"
    assert len(runs) == 6


def test_waiting_for_a_lock_ends_with_busy(started, tables):
    started.write_inline(lambda db: db.insert(tables.NEW, barcode="1"))
    lock, has, go = locking(tables), threading.Event(), threading.Event()

    def hold(db):
        db.one(lock, id=1)
        has.set()
        assert go.wait(30)

    holding = started.write(hold)
    assert has.wait(30)
    assert started.write(lambda db: db.one(lock, id=1)).exception(30).code == "busy"
    go.set()
    holding.result(30)


@pytest.mark.deadline
def test_a_statement_that_takes_too_long_ends_with_busy(open_here):
    store = open_here(statement_seconds=0.05)
    with pytest.raises(TryAgain) as error:
        store.read(lambda db: db.raw_rows("SELECT pg_sleep(20)"))
    assert error.value.code == "busy"
    assert store.read(lambda db: db.raw_rows("SELECT 1")) == [(1,)]


def test_a_failure_that_somebody_swallowed_is_no_success(started, tables):
    def swallow(db):
        db.insert(tables.NEW, barcode="x")
        try:
            db.raw_rows("SELECT 1/0")
        except Exception:
            return "all is well"

    with pytest.raises(Exception, match="division by zero"):
        started.write(swallow).result(30)
    assert count(started, tables) == 0


def test_a_failure_that_was_taken_back_is_none(started, tables):
    def take_back(db):
        db.insert(tables.NEW, barcode="x")
        try:
            with db.savepoint():
                db.insert(tables.NEW, barcode="x")
        except Exception:
            raise NotFound("x-not-found", "Something else is wrong.") from None

    assert started.write(take_back).exception(30).code == "x-not-found"


def test_a_connection_that_died_while_idle_is_replaced(started, tables):
    for use in (started.read, started.write_inline):
        (pid,) = use(lambda db: db.raw_rows("SELECT pg_backend_pid()"))[0]
        kill = open_store(started.url)
        kill.write_inline(lambda db, pid=pid: db.raw_rows(f"SELECT pg_terminate_backend({pid}, 5000)"))
        kill.close()
        assert use(lambda db: db.raw_rows("SELECT pg_backend_pid()")) != [(pid,)]


def test_a_connection_lost_before_the_commit_wrote_nothing(started, tables):
    def die(db):
        db.insert(tables.NEW, barcode="x")
        try:
            db.raw_rows(DIE)
        except Exception:
            pytest.fail("a lost connection is no failure that may be caught")

    error = started.write(die).exception(30)
    assert (error.code, error.data) == ("database-unavailable", {"outcome": "none"})
    assert count(started, tables) == 0
    with pytest.raises(TryAgain):
        started.read(lambda db: db.raw_rows(DIE))
    assert started.write(lambda db: db.insert(tables.NEW, barcode="x")).exception(30) is None


@pytest.mark.faults("the database away")
def test_a_connection_lost_in_the_commit_leaves_it_unknown(started, tables):
    started.write_inline(
        lambda db: db.define(
            "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;"
            " CREATE CONSTRAINT TRIGGER die AFTER INSERT ON t_unit DEFERRABLE INITIALLY DEFERRED"
            " FOR EACH ROW EXECUTE FUNCTION die()"
        )
    )
    try:
        error = started.write(lambda db: db.insert(tables.NEW, barcode="x")).exception(30)
    finally:
        started.write_inline(lambda db: db.define("DROP FUNCTION die() CASCADE"))
    assert (error.code, error.data) == ("database-unavailable", {"outcome": "unknown"})
    assert "same idempotency key" in error.info


def test_a_server_that_is_away_is_told_at_once():
    with socket.socket() as kept:
        kept.bind(("127.0.0.1", 0))  # and nobody listens there
        port = kept.getsockname()[1]
        store = open_store(f"postgresql://nobody@127.0.0.1:{port}/nothing", Limits(write_threads=1))
        store.start()
        for use in (store.ping, lambda: store.write_inline(print), lambda: store.write(print).result(30)):
            with pytest.raises(TryAgain) as error:
                use()
            assert (error.value.code, error.value.data) == ("database-unavailable", {"outcome": "none"})
        store.close()


def test_only_one_call_waits_for_a_server_that_gives_no_answer(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        store = open_store(f"postgresql://nobody@127.0.0.1:{listener.getsockname()[1]}/nothing")
        monkeypatch.setattr(
            store._pool.backoff, "start", lambda: setattr(store._pool.backoff, "_ends", float("inf"))
        )
        for _ in range(3):
            with pytest.raises(TryAgain, match="not available"):
                store.ping()
        listener.accept()
        with pytest.raises(BlockingIOError):
            listener.accept()
        store.close()


def test_a_wait_for_an_answer_that_never_comes_can_be_cut(started):
    connection = PgConnection(started.url, Limits(), statement_seconds=0)
    connection.begin("BEGIN")
    threading.Thread(target=_abort_when_waiting, args=(connection,)).start()
    with pytest.raises(TransactionLost):
        connection.execute("SELECT pg_sleep(30)")
    assert not connection.is_open
    connection.begin("BEGIN")
    connection.close()


def _abort_when_waiting(connection):
    ends = time.monotonic() + 30
    while not connection.waiting_since and time.monotonic() < ends:
        time.sleep(0.001)
    connection.abort()


def test_statements_are_prepared_once_whatever_the_size_of_numbers(started, tables):
    @statement
    def find():
        return tables.Unit.select(tables.Unit.id).where(tables.Unit.order_id == p("n"))

    def work(db):
        for n in (1, 40_000, 2**40, 2):
            db.rows(find, n=n)
        return db.raw_rows(
            "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%order_id%' AND statement NOT LIKE '%pg_%'"
        )

    assert started.write_inline(work) == [(1,)]
