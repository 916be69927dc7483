"""A small line with an order, and helpers that say what the tests do over and over."""

from dataclasses import dataclass
from functools import partial

import pytest

PLUGINS = ("workplaces", "workers", "orders", "items", "lines")
PLANT = {
    "acts": [{"id": n, "name": f"ACT {n}", "desc": ""} for n in (1, 2, 3)],
    "workplaces": [
        {"id": 100, "name": "printer", "acts": [1]},
        {"id": 101, "name": "placer", "acts": [2]},
        {"id": 102, "name": "AOI", "acts": [3]},
        {"id": 110, "name": "printer 2", "acts": [1]},
        {"id": 140, "name": "repair", "acts": [3]},
    ],
    "workers": [
        {"id": 31, "name": "A. Svoboda", "code": "AS31", "active": True},
        {"id": 32, "name": "J. Novak", "code": "JN32", "active": True},
        {"id": 33, "name": "P. Horak", "code": "PH33", "active": False},
    ],
    "lines": [
        {
            "id": 1,
            "name": "SMT-1",
            "machines": [
                {"id": 1, "name": "printer", "wp_id": 100, "op": 10, "act": 1},
                {"id": 2, "name": "placer", "wp_id": 101, "act": 2},
                {"id": 3, "name": "AOI", "wp_id": 102},
            ],
        },
        {
            "id": 2,
            "name": "SMT-2",
            "machines": [{"id": 11, "name": "printer", "wp_id": 110, "op": 10, "act": 1}],
        },
    ],
}
STEPS = [{"op": 10, "act": 1}, {"op": 20, "act": 2}, {"op": 30, "act": 3}]


@dataclass
class Watched:
    """A plant with lines and orders, and short names."""

    plant: object

    def __getattr__(self, method):
        return lambda *args, **params: self.plant.call(method, *args, **params)

    def make_order(self, erp_ref="VP-1", product="PCB-A", flags=1, amount=0, steps=STEPS, **properties):
        """Make an active order and return its id."""
        order = self.plant.call("makeorder", erp_ref, product, 1, flags, amount)["id"]
        self.plant.call("updateorder", order, properties, steps)
        return order

    def refusal(self, method, *args, **params):
        """The number and the stable code of a refused call."""
        error = self.plant.error(method, *args, **params)
        return error["code"], error["data"]["code"]

    def reasons(self, method, *args, **params):
        """The codes of all reasons for which a call was refused."""
        error = self.plant.error(method, *args, **params)
        assert error["code"] == 1000 and error["data"]["code"] == error["data"]["reasons"][0]["code"]
        return [reason["code"] for reason in error["data"]["reasons"]]

    def can(self, *args, **params):
        """The item id and the codes of the reasons of linecanaddop."""
        answer = self.plant.call("linecanaddop", *args, **params)
        assert answer["ok"] == (not answer["reasons"])
        return answer["item_id"], [reason["code"] for reason in answer["reasons"]]

    def refused(self, *args, **params):
        """The reasons that linecanaddop tells, once lineaddop was refused with the very same and counted nothing."""
        counters = self.counters()
        asked = self.plant.call("linecanaddop", *args, **params)["reasons"]
        assert self.plant.error("lineaddop", *args, **params)["data"]["reasons"] == asked
        assert self.counters() == counters
        return [reason["code"] for reason in asked]

    def counters(self):
        """What each machine has counted."""
        lines = (self.plant.call("linegetinfo", name)["line"] for name in ("SMT-1", "SMT-2"))
        return {machine["id"]: machine["counter0"] for line in lines for machine in line["machines"]}

    def units(self, order):
        """The units of an order: ``{code: (type, bad)}``."""
        return {
            unit["barcode"]: (unit["tp"], unit["bad"]) for unit in self.plant.call("getorderitems", order)
        }


@pytest.fixture
def make_sqlite_watched(make_plant):
    def make(*plugins, **settings):
        return Watched(make_plant(plugins=(*PLUGINS, *plugins), plant=PLANT, **settings))

    return make


@pytest.fixture
def make_watched(make_sqlite_watched, database):
    return partial(make_sqlite_watched, database=database)


@pytest.fixture
def watched(make_watched):
    return make_watched()
