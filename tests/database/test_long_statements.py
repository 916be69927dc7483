"""One statement may take only so long, on both kinds of database; calls of many statements may take longer."""

import contextlib
import time

import pytest

from tracepro_hookspecs import TryAgain

ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"
SHORT = ENDLESS.replace("FROM n) ", "FROM n WHERE x < 20000) ")
SECONDS = 30


@pytest.fixture
def started(open_here):
    store = open_here(statement_seconds=0.3)
    store.start()
    return store


def test_an_endless_statement_is_stopped_and_costs_its_call_only(started, tables):
    def work(db):
        db.insert(tables.NEW, barcode="never")
        db.raw_rows(ENDLESS)

    calls = [
        started.write(lambda db: db.insert(tables.NEW, barcode="before")),
        started.write(work),
        started.write(lambda db: db.insert(tables.NEW, barcode="after")),
    ]
    errors = [call.exception(SECONDS) for call in calls]
    assert isinstance(errors[1], TryAgain) and (errors[1].code, errors[0], errors[2]) == ("busy", None, None)
    found = started.read(lambda db: db.rows(tables.Unit.select(tables.Unit.barcode)))
    assert sorted(found) == [("after",), ("before",)]


def test_a_plugin_that_swallows_every_exception_writes_nothing_after_a_stopped_statement(started, tables):
    def work(db):
        with contextlib.suppress(Exception):
            db.raw_rows(ENDLESS)
        db.insert(tables.NEW, barcode="later")

    assert started.write(work).exception(SECONDS).code == "busy"
    assert started.read(lambda db: db.rows(tables.Unit.select(tables.Unit.barcode))) == []


def test_many_statements_may_take_longer_than_one(started):
    def work(db):
        ends = time.monotonic() + 0.5
        while time.monotonic() < ends:
            db.raw_rows(SHORT)
        return "done"

    assert started.write(work).result(SECONDS) == "done"


def test_a_command_takes_its_time(open_here):
    store = open_here(statement_seconds=0.01)
    (count,) = store.write_inline(lambda db: db.raw_rows(SHORT.replace("20000", "400000")))
    assert count == (400000,)
