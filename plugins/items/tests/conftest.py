"""A small plant with one order, and helpers that say what they do."""

from dataclasses import dataclass, field
from functools import partial

import pytest

PLUGINS = ("workplaces", "workers", "orders", "items")
PLANT = {
    "acts": [{"id": n, "name": f"ACT {n}", "desc": ""} for n in (1, 2, 3, 9)],
    "workplaces": [
        {"id": 100, "name": "Line", "erp_ref": "WP100", "esd": False, "acts": [1, 2, 3]},
        {"id": 101, "name": "Repair", "erp_ref": "WP101", "esd": False, "acts": [9]},
    ],
    "workers": [
        {"id": 32, "name": "J. Novak", "code": "JN32", "active": True},
        {"id": 33, "name": "M. Kovacs", "code": "MK33", "active": True},
        {"id": 34, "name": "P. Horak", "code": "PH34", "active": False},
    ],
}
OPTIONAL, REPEATABLE, ANY_ORDER, REPAIR = 1, 2, 4, 8
STEPS = [{"op": 10, "act": 1}, {"op": 20, "act": 2}, {"op": 30, "act": 3}]
PCB, PANEL, ASSEMBLY = 1, 2, 3


@dataclass
class Floor:
    """A plant with an order, and short names for what the tests do over and over."""

    plant: object
    order: int = 0
    made: int = field(default=0, init=False)

    def make_order(self, steps=STEPS, erp_ref="VP-1", product="PCB-A", flags=1, amount=0, **properties):
        """Make an order, which is the one meant from now on, and return its id."""
        self.order = self.plant.call("makeorder", erp_ref, product, 1, flags, amount)["id"]
        self.plant.call("updateorder", self.order, properties, steps)
        return self.order

    def __getattr__(self, method):
        return lambda *args, **params: self.plant.call(method, *args, **params)

    def refusal(self, method, *args, **params):
        """The number and the stable code of a refused call."""
        error = self.plant.error(method, *args, **params)
        return error["code"], error["data"]["code"]

    def unit(self, code=None, tp=PCB, order=None):
        """Create a unit and return its id."""
        self.made += 1
        return self.plant.call("getitem", order or self.order, code or f"U{self.made}", tp)["id"]

    def panel(self, code="P1", boards=3):
        """Create a panel and return its id with those of its boards."""
        self.plant.call("updateorder", self.order, {"mptp": 1, "mpcount": boards})
        panel = self.unit(code, PANEL)
        return panel, [
            self.plant.call("getitembybarcode", f"{code}/{n}")[0]["id"] for n in range(1, boards + 1)
        ]

    def do(self, unit, op, result=0, **params):
        """Record a step of a unit and return the operation's id."""
        wanted = {"item_id": unit, "op": op, "act": None, "wp_id": 100, "workers": [32], "result": result}
        return self.plant.call("addop", **wanted | params)["op_id"]

    def pass_all(self, unit, *ops):
        """Pass steps of a unit, one after the other."""
        for op in ops:
            self.do(unit, op)

    def can(self, unit, *ops):
        """The codes of the reasons why a unit may not do these steps."""
        answer = self.plant.call("canaddop", unit, [[op, None] for op in ops], 100, [32])
        assert answer["ok"] == (not answer["reasons"])
        return [reason["code"] for reason in answer["reasons"]]

    def cannot(self, unit, op, **params):
        """The codes of the reasons why recording a step was refused; checks that nothing was written."""
        before = self.plant.call("getordercounts", self.order)
        wanted = {"item_id": unit, "op": op, "act": None, "wp_id": 100, "workers": [32]}
        error = self.plant.error("addop", **wanted | params)
        assert error["code"] == 1000 and error["data"]["code"] == error["data"]["reasons"][0]["code"]
        assert self.plant.call("getordercounts", self.order) == before
        return [reason["code"] for reason in error["data"]["reasons"]]

    def counts(self, order=None):
        """The counts of an order's steps: ``{op: (good, bad)}``."""
        rows = self.plant.call("getordercounts", order or self.order)
        return {row["op"]: (row["good"], row["bad"]) for row in rows}

    def unit_counts(self):
        """The counts of the order's units: ``{type: (good, bad)}``."""
        counts = self.plant.call("getorderitemcounts", self.order)
        return {int(tp): (count["good"], count["bad"]) for tp, count in counts.items()}

    def item(self, code):
        """The one unit with a code."""
        (found,) = self.plant.call("getitembybarcode", code)
        return found


@pytest.fixture
def make_sqlite_floor(make_plant):
    def make(plugins=PLUGINS, **settings):
        return Floor(make_plant(plugins=plugins, plant=PLANT, **settings))

    return make


@pytest.fixture
def make_floor(make_sqlite_floor, database):
    return partial(make_sqlite_floor, database=database)


@pytest.fixture
def floor(make_floor):
    floor = make_floor()
    floor.make_order()
    return floor
