"""The power goes while SQLite writes: what was acknowledged is there, what is there is whole, and the plant goes on."""

import random
import sqlite3
from contextlib import closing

import pytest

pytestmark = pytest.mark.faults("the power cut")

PLUGINS = ("workplaces", "workers", "orders", "items", "counters")
PLANT = {
    "acts": [{"id": 1, "name": "AOI", "desc": ""}],
    "workplaces": [{"id": 100, "name": "AOI", "erp_ref": "WP", "esd": False, "acts": [1]}],
    "workers": [{"id": 32, "name": "J. Novak", "code": "JN32", "active": True}],
}


@pytest.fixture
def plant(disk, make_plant):
    """A plant that syncs as a server does."""
    return make_plant(PLUGINS, PLANT)


class Books:
    """Books units one after the other, and cuts the power at some of the moments when something is written."""

    def __init__(self, plant, disk, seed, every):
        self.plant, self.disk = plant, disk
        self.dice, self.every = random.Random(seed), every
        self.acknowledged, self.cuts, self.moments, self.failures = {}, 0, 0, []
        order = plant.call("makeorder", "VP-1", "PCB-1", 1, 1)
        plant.call("updateorder", order["id"], {}, [{"op": 10, "act": 1, "name": "AOI"}])
        self.order = order["id"]

    def book(self, number):
        unit = self.plant.call("getitem", self.order, f"U{number:04d}", 1)["id"]
        self.acknowledged[unit] = None
        self.acknowledged[unit] = self.plant.call(
            "addop", unit, 10, 1, 100, [32], data=[[0, "n", str(number)]]
        )["op_id"]

    def perhaps_cut(self):
        self.moments += 1
        if self.moments % self.every == 0:
            self.cuts += 1
            left = self.disk.after_power_cut(self.plant.site.store.path, self.dice)
            try:
                self.check(left)
            except Exception as error:  # SQLite, which calls, would lose it
                self.failures.append(f"cut {self.cuts}: {error!r}")

    def check(self, file):
        """Open what is left as a start does."""
        with closing(sqlite3.connect(file)) as left:
            assert left.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert left.execute("PRAGMA foreign_key_check").fetchall() == []
            found = dict(left.execute("SELECT item_id, id FROM items_operation"))
            data = left.execute("SELECT count(*) FROM items_data").fetchone()[0]
            counts = left.execute("SELECT good FROM items_tally").fetchall()
            units = {id for (id,) in left.execute("SELECT id FROM items_unit")}
        assert {unit: op for unit, op in self.acknowledged.items() if op is not None}.items() <= found.items()
        assert set(self.acknowledged) <= units
        assert data == len(found) <= len(self.acknowledged) and sum(good for (good,) in counts) == len(found)


@pytest.mark.parametrize(
    ("units", "every"), [(12, 25), pytest.param(100, 1, marks=(pytest.mark.slow, pytest.mark.timeout(3600)))]
)
def test_what_was_acknowledged_survives_a_power_cut_at_any_write(plant, disk, seed, tried, units, every):
    books = Books(plant, disk, seed, every)
    disk.after = books.perhaps_cut
    for number in range(units):
        books.book(number)
    disk.after = None
    assert books.failures == []
    assert books.cuts > units
    tried(power_cuts=books.cuts, bookings=units)
