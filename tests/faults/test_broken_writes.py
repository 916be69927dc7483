"""SQLite fails at every single write of a call in turn: what the call does is wholly there or wholly absent."""

import itertools
import json
import random
import sqlite3
from contextlib import closing

import pytest
from tracepro_tooling import models as m

from tracepro.database import Insert
from tracepro.rpc.dispatcher import Dispatcher
from tracepro_hookspecs import TryAgain

pytestmark = pytest.mark.faults("writes that fail")

WRITES = ("INSERT", "UPDATE", "DELETE", "COMMIT", "RELEASE call")
MOST_WRITES = 60
DATA = [[0, "note", "first"], [10, "serial", "S1"]]
LOADED = [("R-10K-0603", "L2611-001", 1), ("C-100N-0603", "K7-5521", 2), ("IC-STM32G0", "ST-26W40-A", 3)]


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


class Calls:
    """Calls of different plugins on the demo plant; each is made anew for each try, and says whether it was refused."""

    def __init__(self, plant):
        self.plant = plant
        plant.site.start()
        plant.dispatcher = Dispatcher(plant.site)
        for item, lot, hole in LOADED:
            plant.call("setwpmat", 101, item, lot, 2000, hole)
        plant.call("setlineorder", "SMT-1", 1)
        self.tool = plant.write(self._put_tools)
        self.placed = []

    def _put_tools(self, call):
        """Have the placer use a tool, so that bookings count on it, and return one that can be replaced."""
        process = call.db.insert(Insert(m.Process), name="Place", machine_id=101)
        call.db.insert(Insert(m.Program), name="P1", process_id=process, item="CTRL-7")
        assembly = call.db.insert(Insert(m.ToolAssembly), name="Head", process_id=process)
        return call.db.insert(
            Insert(m.Tool), name="Nozzle", assembly_id=assembly, start_day=1, created=call.now
        )

    def unit(self, number, step=10):
        """Return a unit that is ready to be placed, or to be printed."""
        unit = self.plant.call("getitem", 1, f"C7-{number:06}", 1)["id"]
        if step == 20:
            self.plant.call("addop", unit, 10, None, 100, [31])
        return unit

    def addop(self, number):
        """Place a unit with material and data."""
        self.placed.append(self.unit(number, 20))
        params = {"item_id": self.placed[-1], "op": 20, "act": None, "wp_id": 101, "workers": [31, 32]}
        return self._rpc("addop", {**params, "mat_auto": True, "data": DATA}, number)

    def box_addop(self, number):
        """Print all that is in a box."""
        box = self.plant.call("makebox", "", 0, f"BOX-{number}")["id"]
        for each in range(2):
            self.plant.call("addboxitem", box, self.unit(500_000 + 2 * number + each))
        return self._rpc(
            "box_addop", {"box_id": box, "op": 10, "act": None, "wp_id": 100, "workers": [31]}, number
        )

    def lineaddop(self, number):
        """Scan a new unit at a machine."""
        return self._rpc("lineaddop", {"machine_id": 1, "barcode": f"C7-{number:06}", "data": DATA}, number)

    def replace(self, number):
        """Replace a tool over REST."""

        def send():
            answer = self.plant.rest(
                "POST",
                f"/api/tools/{self.tool}/replace",
                {"reason": 1},
                idempotency_key=f"replace-{number:06}",
            )
            assert answer.status in (201, 503), answer.body
            return answer.status == 503

        return send

    def load(self, number):
        """Import a plant file that changes workers and makes workplaces."""
        names = {
            "workers": [
                {"id": 31, "name": f"A. {number}", "code": f"A{number}"},
                {"id": 5000 + number, "name": "New"},
            ],
            "workplaces": [{"id": 5000 + number, "name": f"New {number}", "acts": [1]}],
        }

        def send():
            try:
                self.plant.load(names)
            except TryAgain:
                return True
            return False

        return send

    def _rpc(self, method, params, number):
        body = {"jsonrpc": "2.0", "id": number, "method": method, "params": params}

        def send():
            answer = json.loads(self.plant.request(body, key=f"{method}-{number:06}"))
            assert "result" in answer or answer["error"]["code"] == -32000, answer
            return "error" in answer

        return send


METHODS = ("addop", "box_addop", "lineaddop", "replace", "load")
SHORT = ("addop", "replace")
LONG = pytest.param(METHODS, marks=(pytest.mark.slow, pytest.mark.timeout(3600)))


@pytest.fixture
def make_calls(make_plant, demo, plugins):
    """Return a function that makes the calls on a plant of its own."""
    anonymous = {"api": {"anonymous_scopes": "read write"}}
    return lambda: Calls(make_plant(plugins=plugins, plant=demo, parameters=anonymous))


def _fail_each(calls, method, faults, numbers, every, check=lambda: None):
    """Fail each write of a call in turn, and send it again; return how many were failed."""
    with closing(sqlite3.connect(calls.plant.site.store.path)) as other:
        tables = [name for (name,) in other.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]

        def rows():
            return [other.execute(f'SELECT * FROM "{name}"').fetchall() for name in tables]

        for tries, number in enumerate(numbers):
            send = getattr(calls, method)(number)
            before = rows()
            faults.arm(1 + tries * every)
            refused = send()
            faults.disarm()
            if not faults.fired:
                assert not refused
                return tries
            check()
            if refused:
                assert rows() == before
                assert not send()
    raise AssertionError


def _check_placed(calls):
    for unit in calls.placed:
        (_, placed) = calls.plant.call("getitemoperations", unit)
        assert placed["data"] == DATA and len(placed["mat"]) == 3
    counts = {row["op"]: row["good"] for row in calls.plant.call("getordercounts", 1)}
    assert counts[20] == len(calls.placed)


@pytest.mark.parametrize("methods", [SHORT, LONG], ids=["few", "all"])
@pytest.mark.parametrize("loses", [True, False], ids=["lost", "full"])
def test_a_call_is_wholly_there_or_wholly_absent_whichever_statement_fails(
    make_calls, faults, tried, loses, methods
):
    calls, numbers = make_calls(), itertools.count(1)
    faults.loses = loses
    failed = {method: _fail_each(calls, method, faults, numbers, 1) for method in methods}
    assert all(4 < count < MOST_WRITES for count in failed.values()), failed
    _check_placed(calls)
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

    failed = {method: _fail_each(calls, method, disk, numbers, every, cut_power) for method in methods}
    assert all(failed.values()), failed
    _check_placed(calls)
    tried(failed_writes=sum(failed.values()))
