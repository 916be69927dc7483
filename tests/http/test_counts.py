"""What calls cost, counted: function calls, statements, round trips to PostgreSQL. A plant feels each of them in every scan.

The tables are ceilings. Who makes a call cheaper writes the new figure here; who has to make one dearer says why in
the commit.
"""

import itertools
import json
import re
from collections import Counter

import pytest

from tracepro.testing.counting import function_calls
from tracepro.testing.makers import usual_plugins
from tracepro.testing.watched import RoundTrips, is_framing, watched

KEY = "with a key"
FUNCTION_CALLS = {
    "addop": 221,
    f"addop {KEY}": 233,
    "a refused addop": 171,
    "canaddop": 150,
    "getitembybarcode": 78,
}
"""Python functions from the body to its answer, with workplaces, workers, orders and items on no line, on SQLite."""
STATEMENTS = {
    "addop": 8,
    f"addop {KEY}": 10,
    "a refused addop": 3,
    "canaddop": 3,
    "getitembybarcode": 2,
}
"""Statements between BEGIN and COMMIT, on SQLite; many rows of one kind are one. The addop has a row of data, which is one."""
ROUND_TRIPS = {
    "addop": 2,
    f"addop {KEY}": 3,
    "a refused addop": 2,
    "canaddop": 2,
    "getitembybarcode": 3,
}
"""Pieces in which PostgreSQL is sent a call, BEGIN and COMMIT among it; each is waited for but the COMMIT of a read."""
MORE_STATEMENTS = {"erp": 2, "lines": 1, "tooling": 1}
"""What each plugin adds to the statements of an addop when all first-party plugins are on; others add none."""

BASE = ("workplaces", "workers", "orders", "items")
PLANT = {
    "acts": [{"id": 1, "name": "Print", "desc": ""}],
    "workplaces": [{"id": 100, "name": "Printer", "erp_ref": "WP100", "esd": False, "acts": [1]}],
    "workers": [{"id": 31, "name": "J. Novak", "code": "JN31", "active": True}],
}
HERE = {"wp_id": 100, "workers": [31]}
FIRST_TABLE = re.compile(r'\b(?:FROM|INTO|UPDATE) "([a-z]+)_')
"""The plugin whose table a statement names first."""
WARM = 3
"""Calls before the one that is counted: statements are compiled by the first and prepared by the second."""


class Calls:
    """The calls of the tables, each on a unit of its own."""

    def __init__(self, plant):
        self.plant = plant
        self._order = plant.call("makeorder", "VP-1", "PCB-A", 1, 1)["id"]
        plant.call("updateorder", self._order, {}, [{"op": 10, "act": 1, "name": "Print"}])
        self._numbers = itertools.count(1)
        self._done = self._unit()["id"]
        plant.call("addop", self._done, 10, 1, **HERE)
        self._by_name = {
            "addop": self._addop,
            f"addop {KEY}": self._addop,
            "a refused addop": lambda: ("addop", {"item_id": self._done, "op": 10, "act": 1, **HERE}),
            "canaddop": lambda: (
                "canaddop",
                {"item_id": self._unit()["id"], "op_act_list": [[10, 1]], **HERE},
            ),
            "getitembybarcode": lambda: ("getitembybarcode", {"barcode": self._unit()["barcode"]}),
        }

    def _unit(self):
        return self.plant.call("getitem", self._order, f"PCB-A-{next(self._numbers):04}", 1)

    def _addop(self):
        data = [[2, "VCC", {"value": 3.3}]]
        return "addop", {"item_id": self._unit()["id"], "op": 10, "act": 1, "data": data, **HERE}

    def cost(self, name, count):
        """Return what ``count(ask)`` finds when a call is made that was made before."""
        for _ in range(WARM):
            self._ask(name)()
        return count(self._ask(name))

    def _ask(self, name):
        method, params = self._by_name[name]()
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()
        key = f"terminal-{next(self._numbers)}" if name.endswith(KEY) else None

        def ask():
            answer = json.loads(self.plant.request(body, key=key))
            assert ("error" in answer) == ("refused" in name), answer

        return ask


def count_functions(ask):
    """Return how many Python functions are called, but for the tests' own."""
    return function_calls(ask, __file__)


@pytest.fixture
def told():
    """The statements that were run on the plants that this test makes; who counts clears it before."""
    told = []
    with watched(lambda sql, values: None if is_framing(sql) else told.append(sql)):
        yield told


def too_dear(found, ceilings):
    """Return what is above its ceiling, by how much."""
    over = {name: count - ceilings.get(name, 0) for name, count in found.items()}
    return {
        name: f"{found[name]}, {more} more than {ceilings.get(name, 0)}"
        for name, more in over.items()
        if more > 0
    }


def test_a_call_calls_no_more_functions(make_plant):
    calls = Calls(make_plant(BASE, PLANT))
    found = {name: calls.cost(name, count_functions) for name in FUNCTION_CALLS}
    assert too_dear(found, FUNCTION_CALLS) == {}


def test_a_call_makes_no_more_statements(told, make_plant):
    def count(ask):
        told.clear()
        ask()
        return len(told)

    calls = Calls(make_plant(BASE, PLANT))
    found = {name: calls.cost(name, count) for name in STATEMENTS}
    assert too_dear(found, STATEMENTS) == {}


def test_a_call_waits_no_more_often_for_postgresql(make_plant):
    trips = RoundTrips()

    def count(ask):
        before = trips.count
        ask()
        return trips.count - before

    with trips.watching():
        calls = Calls(make_plant(BASE, PLANT, database="postgresql"))
        found = {name: calls.cost(name, count) for name in ROUND_TRIPS}
    assert too_dear(found, ROUND_TRIPS) == {}


def test_a_further_plugin_adds_no_more_statements_to_an_addop(told, make_plant):
    def count(ask):
        told.clear()
        ask()
        return Counter(FIRST_TABLE.search(sql)[1] for sql in told)

    found = Calls(make_plant(plant=PLANT)).cost("addop", count)
    assert found.keys() - {"core"} <= set(usual_plugins())
    assert too_dear({name: found[name] for name in found.keys() - {"core", *BASE}}, MORE_STATEMENTS) == {}
    assert sum(found[name] for name in ("core", *BASE)) <= STATEMENTS["addop"]
