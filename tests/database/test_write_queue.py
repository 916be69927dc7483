"""Writes wait for their turn: not too long, whatever their clients do, and in both kinds of store."""

import threading

import pytest

from tracepro_hookspecs import TryAgain

SOON = 0.5


@pytest.fixture
def store(open_here):
    store = open_here(queue_seconds=SOON, write_threads=1)
    store.start()
    return store


@pytest.fixture
def held(store):
    """A write that holds the only writer until ``go`` is set."""
    entered, go = threading.Event(), threading.Event()

    def hold(db):
        entered.set()
        assert go.wait(30)
        return "held"

    future = store.write(hold)
    assert entered.wait(30)
    yield future, go
    go.set()


@pytest.mark.deadline
def test_who_is_not_taken_up_in_time_is_told_busy_and_never_written(store, held):
    ran = []
    waiting = store.write(ran.append)
    assert waiting.exception(30).code == "busy"
    future, go = held
    go.set()
    assert future.result(30) == "held", "a call once taken up is answered by its end, however long it takes"
    store.write(lambda db: None).result(30)
    assert ran == []


@pytest.mark.deadline
def test_a_call_nobody_waits_for_is_not_run(store, held):
    ran = []
    waiting = store.write(ran.append)
    assert waiting.cancel()
    held[1].set()
    store.write(lambda db: None).result(30)
    assert ran == []


def test_a_closed_store_takes_no_more_writes(store):
    store.hand_over()
    with pytest.raises(TryAgain) as error:
        store.write(lambda db: None).result(30)
    assert error.value.code == "busy"
    assert error.value.retryable


def test_handing_over_answers_what_is_queued(open_here, tables):
    store = open_here(write_threads=1)
    store.start()
    futures = [store.write(lambda db, n=n: db.insert(tables.NEW, barcode=str(n))) for n in range(20)]
    store.hand_over()
    assert [future.result(0) for future in futures] == list(range(1, 21))


def test_a_store_that_never_started_can_be_closed(open_here):
    store = open_here()
    waiting = store.write(lambda db: None)
    store.close()
    assert waiting.exception(0).code == "busy"
