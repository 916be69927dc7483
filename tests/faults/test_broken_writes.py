"""SQLite fails at every single write of a call in turn: what the call does is wholly there or wholly absent."""

import itertools
import random
import sqlite3
from contextlib import ExitStack, closing

import pytest

from .calls import METHODS, Calls, fail_each

pytestmark = pytest.mark.faults("writes that fail")

WRITES = ("INSERT", "UPDATE", "DELETE", "COMMIT", "RELEASE call")
MOST_WRITES = 60


class Faults:
    """Fails the n-th write that comes after ``arm(n)``; with ``loses`` the transaction is gone with it."""

    def __init__(self):
        self.left = 0
        self.fired = False
        self.loses = True

    def arm(self, number):
        self.left, self.fired = number, False

    def disarm(self):
        self.left = 0

    def before(self, connection, sql):
        if not self.left or not sql.startswith(WRITES):
            return
        self.left -= 1
        if not self.left:
            self.fired = True
            if self.loses:
                sqlite3.Connection.rollback(connection)
            error = sqlite3.OperationalError("disk I/O error" if self.loses else "database or disk is full")
            error.sqlite_errorcode = sqlite3.SQLITE_IOERR if self.loses else sqlite3.SQLITE_FULL
            raise error


@pytest.fixture
def faults(monkeypatch):
    """Have every connection that is opened from now on fail when it is told to."""
    made, connect = Faults(), sqlite3.connect

    class Cursor(sqlite3.Cursor):
        def execute(self, sql, *values):
            made.before(self.connection, sql)
            return super().execute(sql, *values)

        def executemany(self, sql, *values):
            made.before(self.connection, sql)
            return super().executemany(sql, *values)

    def connect_faulty(*args, factory=sqlite3.Connection, **settings):
        class Connection(factory):
            def cursor(self):
                return super().cursor(Cursor)

            def execute(self, sql, *values):
                return self.cursor().execute(sql, *values)

        return connect(*args, factory=Connection, **settings)

    monkeypatch.setattr(sqlite3, "connect", connect_faulty)
    return made


SHORT = ("addop", "replace")
LONG = pytest.param(METHODS, marks=(pytest.mark.slow, pytest.mark.timeout(3600)))


@pytest.fixture
def make_calls(make_plant, demo, plugins):
    """Return a function that makes the calls on a plant of its own."""
    anonymous = {"api": {"anonymous_scopes": "read write"}}
    return lambda: Calls(make_plant(plugins=plugins, plant=demo, parameters=anonymous))


def _rows(plant, stack):
    """Return a function that reads all that the database holds."""
    other = stack.enter_context(closing(sqlite3.connect(plant.site.store.path)))
    tables = [name for (name,) in other.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return lambda: [other.execute(f'SELECT * FROM "{name}"').fetchall() for name in tables]


@pytest.mark.parametrize("methods", [SHORT, LONG], ids=["few", "all"])
@pytest.mark.parametrize("loses", [True, False], ids=["lost", "full"])
def test_a_call_is_wholly_there_or_wholly_absent_whichever_statement_fails(
    make_calls, faults, tried, loses, methods
):
    calls, numbers = make_calls(), itertools.count(1)
    faults.loses = loses
    with ExitStack() as stack:
        rows = _rows(calls.plant, stack)
        failed = {method: fail_each(calls, method, faults, numbers, rows) for method in methods}
    assert all(4 < count < MOST_WRITES for count in failed.values()), failed
    calls.check()
    tried(failed_statements=sum(failed.values()))


@pytest.mark.parametrize(
    ("full", "methods", "every"),
    [
        (False, SHORT, 29),
        pytest.param(False, METHODS, 1, marks=LONG.marks),
        pytest.param(True, METHODS, 1, marks=LONG.marks),
    ],
    ids=["few", "I/O error", "full"],
)
def test_a_call_is_wholly_there_or_wholly_absent_whichever_write_to_the_disk_or_sync_fails(
    disk, make_calls, seed, tried, full, methods, every
):
    calls, numbers, dice = make_calls(), itertools.count(1), random.Random(seed)
    disk.full = full

    def cut_power():
        with closing(sqlite3.connect(disk.after_power_cut(calls.plant.site.store.path, dice))) as left:
            assert left.execute("PRAGMA integrity_check").fetchall() == [("ok",)]

    with ExitStack() as stack:
        rows = _rows(calls.plant, stack)
        failed = {
            method: fail_each(calls, method, disk, numbers, rows, every=every, check=cut_power)
            for method in methods
        }
    assert all(failed.values()), failed
    calls.check()
    tried(failed_writes=sum(failed.values()))
