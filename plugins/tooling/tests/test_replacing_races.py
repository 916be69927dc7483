"""Replacing, undoing, deleting and counting at the same moment, through HTTP: all of it happens once, one after the other."""

from functools import partial

import pytest
from psycopg.errors import DeadlockDetected
from tracepro_tooling import models as m

from tracepro.database.pg_connection import PgConnection
from tracepro.testing.races import LONG

pytestmark = pytest.mark.faults("a race")

MACHINE, STOCK = 101, 100_000
BEGIN, END = "2026-11-20T09:50:00Z", "2026-11-20T10:00:00Z"
ROUNDS = [4, LONG]


class Floor:
    """A machine with one process, and what is done at it."""

    def __init__(self, rest):
        self.rest, self.call, self.units = rest, rest.plant.call, 0
        self.process = rest.make("processes", name="Housing", machine_id=MACHINE)["id"]
        self.program = rest.make("programs", name="O1", process_id=self.process, item="H")["id"]
        self.assembly = rest.make("tools/assemblies", name="T1", process_id=self.process)["id"]
        self.item = rest.make("inventory/items", name="Insert")["id"]
        self.point = rest.make("inventory", name="Cabinet", items={str(self.item): STOCK})["id"]
        self.tool = self.make_tool(assembly_id=self.assembly)
        self.order = self.call("makeorder", "VP-1", "H", 1, 1, 0)["id"]
        self.call("updateorder", self.order, {}, [{"op": 10, "act": 1, "flags": 2}])

    def make_tool(self, **fields):
        return self.rest.make("tools", name="Mill", inventory_item_id=self.item, durable=True, **fields)["id"]

    def mill(self):
        """Return a call that records a unit."""
        self.units += 1
        unit = self.call("getitem", self.order, f"U{self.units}", 1)["id"]
        where = {"item_id": unit, "op": 10, "act": None, "wp_id": MACHINE, "workers": [32]}
        return lambda: self.call("addop", **where, tm0=BEGIN, tm1=END)["op_id"]

    def send(self, verb, path, body=None):
        """Return a call that sends a request and returns its status."""
        return lambda: self.rest(verb, path, body).status

    def replace(self, tool=None, **body):
        path = f"tools/{tool or self.tool}/replace"
        return lambda: self.rest("POST", path, {"inventory_point_id": self.point, **body}).json

    def undo(self, made):
        return self.send("DELETE", f"tools/replacements/{made['id']}?undo=1")

    def counted(self):
        """Return the parts in the counter, by program, and what lies in the point."""
        tool = self.rest.get(f"tools/{self.tool}")
        stock = self.rest.get(f"inventory/{self.point}")["items"][str(self.item)]
        return tool["part_count"], tool["parts"], stock


@pytest.fixture
def floor(rest_of):
    return Floor(rest_of(queued=True))


@pytest.fixture(autouse=True)
def one_order_of_locks(monkeypatch):
    """Fail a test in which calls waited for each other, so that the database ended one."""
    circles, failed = [], PgConnection._failed

    def noted(connection, error):
        if isinstance(error, DeadlockDetected):
            circles.append(error)
        return failed(connection, error)

    monkeypatch.setattr(PgConnection, "_failed", noted)
    yield
    assert circles == []


@pytest.mark.parametrize("rounds", ROUNDS)
def test_what_is_made_and_cancelled_beside_an_undoing_is_counted_once(floor, at_once, rounds):
    made = 0
    for _ in range(rounds):
        wrong = floor.mill()()
        floor.mill()()
        replaced = floor.replace()()
        cancel = partial(floor.call, "cancelop", wrong, MACHINE, [32], "wrong")
        *_, cancelled, undone = at_once(floor.mill(), floor.mill(), cancel, floor.undo(replaced))
        made += 3
        assert undone == 204 and not isinstance(cancelled, str)
        assert floor.counted() == (made, {str(floor.program): made}, STOCK)


@pytest.mark.parametrize("rounds", ROUNDS)
def test_replacements_of_one_tool_share_what_it_made_and_each_takes_a_unit(floor, at_once, rounds):
    taken = 0
    for n in range(1, rounds + 1):
        *_, first, second = at_once(floor.mill(), floor.mill(), floor.replace(), floor.replace())
        taken += first["static_part_count"] + second["static_part_count"]
        count, parts, stock = floor.counted()
        assert taken + count == 2 * n and sum(parts.values()) == count
        assert stock == STOCK - 2 * n


@pytest.mark.parametrize("rounds", ROUNDS)
def test_a_replacement_is_undone_once(floor, at_once, rounds):
    substitute = floor.make_tool()
    for n in range(1, rounds + 1):
        floor.mill()()
        made = floor.replace(substitute_id=substitute)()
        assert sorted(at_once(floor.undo(made), floor.undo(made))) == [204, 404]
        assert floor.counted() == (n, {str(floor.program): n}, STOCK)
        assert floor.rest.get(f"tools/{substitute}")["assembly_id"] is None


@pytest.mark.parametrize("rounds", ROUNDS)
def test_a_tool_is_deleted_with_its_replacements_whoever_replaces_it_meanwhile(floor, at_once, rounds):
    taken = 0
    for _ in range(rounds):
        tool = floor.make_tool(assembly_id=floor.assembly)
        replaced, deleted = at_once(floor.replace(tool), floor.send("DELETE", f"tools/{tool}"))
        assert deleted == 204 and (replaced.get("status") == 404 or replaced["tool_id"] == tool)
        taken += "tool_id" in replaced
        assert floor.rest("GET", f"tools/{tool}").status == 404
    left = floor.rest.plant.read(lambda call: call.db.rows(m.ToolReplacement.select(m.ToolReplacement.id)))
    assert left == [] and floor.counted()[2] == STOCK - taken


@pytest.mark.parametrize("rounds", ROUNDS)
def test_stock_that_is_counted_beside_a_replacement_is_before_it_or_after(floor, at_once, rounds):
    count = floor.send("PATCH", f"inventory/{floor.point}", {"items": {str(floor.item): STOCK}})
    for _ in range(rounds):
        made = floor.replace()()
        other = floor.make_tool()
        replaced, undone, counted = at_once(floor.replace(other), floor.undo(made), count)
        assert (replaced["tool_id"], undone, counted) == (other, 204, 200)
        assert STOCK - 1 <= floor.counted()[2] <= STOCK + 1
        count()


@pytest.mark.parametrize("rounds", ROUNDS)
def test_what_is_deleted_beside_an_undoing_or_a_booking_is_gone_everywhere(floor, at_once, rounds):
    for _ in range(rounds):
        assembly = floor.rest.make("tools/assemblies", name="T2", process_id=floor.process)["id"]
        program = floor.rest.make("programs", name="O2", process_id=floor.process, item="H")["id"]
        item = floor.rest.make("inventory/items", name="Insert 2")["id"]
        floor.rest.change(f"inventory/{floor.point}", items={str(item): 9})
        tool, substitute = (floor.make_tool(**fields) for fields in ({"assembly_id": assembly}, {}))
        floor.rest.change(f"tools/{tool}", inventory_item_id=item)
        made = floor.replace(tool, substitute_id=substitute)()
        gone = [f"tools/assemblies/{assembly}", f"programs/{program}", f"inventory/items/{item}"]
        answers = at_once(*(floor.send("DELETE", path) for path in gone), floor.mill(), floor.undo(made))
        assert [each for n, each in enumerate(answers) if n != 3] == [204] * 4
        for id in (tool, substitute):
            shown = floor.rest.get(f"tools/{id}")
            assert (shown["assembly_id"], str(program) in shown["parts"]) == (None, False)
        assert str(program) not in floor.rest.get(f"tools/{floor.tool}")["parts"]
        assert str(item) not in floor.rest.get(f"inventory/{floor.point}")["items"]
