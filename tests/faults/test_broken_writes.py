"""SQLite fails at every single write of a booking in turn: it is wholly there or wholly absent."""

import itertools
import json
import sqlite3

import pytest
from tracepro_tooling import models as m

from tracepro.database import Insert
from tracepro.rpc.dispatcher import Dispatcher

pytestmark = pytest.mark.faults("writes that fail")

WRITES = ("INSERT", "UPDATE", "DELETE", "COMMIT", "RELEASE call")
MOST_WRITES = 60
DATA = [[0, "note", "first"], [10, "serial", "S1"]]


class Faults:
    """Fails the n-th write that comes after ``arm(n)``; with ``loses`` the transaction is gone with it."""

    def __init__(self):
        self.left = 0
        self.fired = False
        self.loses = True

    def arm(self, number):
        self.left, self.fired = number, False

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


@pytest.fixture
def plant(faults, make_plant, demo, plugins):
    made = make_plant(plugins=plugins, plant=demo)
    made.site.start()
    made.dispatcher = Dispatcher(made.site)
    load = [("R-10K-0603", "L2611-001", 1), ("C-100N-0603", "K7-5521", 2), ("IC-STM32G0", "ST-26W40-A", 3)]
    for item, lot, hole in load:
        made.call("setwpmat", 101, item, lot, 2000, hole)
    product = made.call("getorder", 1)["item"]
    made.write(lambda call: _put_tool(call, product))
    return made


def _put_tool(call, product):
    """Have the placer use a tool, so that bookings count on it."""
    process = call.db.insert(Insert(m.Process), name="Place", machine_id=101)
    call.db.insert(Insert(m.Program), name="P1", process_id=process, item=product)
    assembly = call.db.insert(Insert(m.ToolAssembly), name="Head", process_id=process)
    call.db.insert(Insert(m.Tool), name="Nozzle", assembly_id=assembly, start_day=1, created=call.now)


def _rows(plant):
    """Everything the database holds."""
    with sqlite3.connect(plant.site.store.path) as connection:
        tables = [
            name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        return {name: connection.execute(f'SELECT * FROM "{name}"').fetchall() for name in sorted(tables)}


def _unit(plant, number):
    """Return a unit that is ready to be placed."""
    unit = plant.call("getitem", 1, f"C7-{number:06}", 1)["id"]
    plant.call("addop", unit, 10, None, 100, [31])
    return unit


def _place(plant, unit):
    """Book the placing of a unit with material and data, exactly once however often it is sent."""
    params = {
        "item_id": unit,
        "op": 20,
        "act": None,
        "wp_id": 101,
        "workers": [31, 32],
        "mat_auto": True,
        "data": DATA,
    }
    body = {"jsonrpc": "2.0", "id": unit, "method": "addop", "params": params}
    return json.loads(plant.request(body, key=f"place-{unit:06}"))


@pytest.mark.parametrize("loses", [True, False], ids=["lost", "full"])
def test_a_booking_is_wholly_there_or_wholly_absent_whichever_write_fails(plant, faults, loses):
    faults.loses = loses
    for number in itertools.count(1):
        unit = _unit(plant, number)
        before = _rows(plant)
        faults.arm(number)
        answer = _place(plant, unit)
        faults.left = 0
        if not faults.fired:
            break
        assert answer["error"]["code"] == -32000, answer
        assert _rows(plant) == before
        assert "result" in _place(plant, unit)
    assert 5 < number < MOST_WRITES
    (_, placed) = plant.call("getitemoperations", unit)
    assert placed["id"] == answer["result"]["op_id"]
    assert placed["data"] == DATA and len(placed["mat"]) == 3
    nozzle = m.Tool.select(m.Tool.part_count).where(m.Tool.name == "Nozzle")
    assert plant.read(lambda call: call.db.value(nozzle)) == number
