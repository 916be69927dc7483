"""A plant with something of everything, a backup of it, and databases to restore into."""

import pytest

from tracepro.backup import make_backup

STEPS = [{"op": 10, "act": 1, "flags": 2}, {"op": 20, "act": 2}]
PLANT = {
    "acts": [{"id": 1, "name": "SMT", "desc": ""}, {"id": 2, "name": "Test", "desc": ""}],
    "workplaces": [{"id": 100, "name": "SMT", "erp_ref": "WP100", "esd": False, "acts": [1, 2]}],
    "workers": [{"id": 32, "name": "J. Novak", "code": "JN32", "active": True}],
}
OPTIONS = {"workers": {"login_required": False}, "erp": {"kinds": "operation"}}
BUILT_IN = 11


def silent(word, done, total):
    """Show no progress."""


def book(plant, order, number):
    """Book a unit with what was built into it, with material taken for it, into a box."""
    part = plant.call("getitem", order, f"PART-{number}", 1)["id"]
    host = plant.call("getitem", order, f"Žluť-{number}", 3)["id"]
    lot = plant.call("receivemat", "R-10K", f"LOT-{number}", 100)["wfloormat_id"]
    mat = [[lot, "R1", 2.5, 0]]
    where = {"op": 10, "act": 1, "wp_id": 100, "workers": [32]}
    plant.call("addopwithmat", item_id=part, mat=mat, **where)
    plant.call("addop", item_id=host, data=[[BUILT_IN, "U7", f"PART-{number}"], [1, "t", 1.5]], **where)
    plant.call("addboxitem", plant.call("makebox", "", 0, f"BOX-{number}")["id"], host)
    return host


@pytest.fixture
def make_filled(make_plant):
    """Make plants on the test's database in which some units were booked."""

    def make(**more):
        plant = make_plant(plant=PLANT, options=OPTIONS, alone=True, **more)
        order = plant.call("makeorder", "VP-1", "PCB-A", 1, 1, 0)["id"]
        plant.call("updateorder", order, {}, STEPS)
        plant.units = [book(plant, order, number) for number in range(3)]
        plant.order = order
        return plant

    return make


@pytest.fixture
def plant(make_filled):
    return make_filled()


@pytest.fixture
def back_up(tmp_path):
    """Back a plant up and return the file and the proof."""

    def back_up(plant, name="plant.backup", **more):
        file = tmp_path / name
        return file, make_backup(plant.site, file, **{"overwrite": False, "progress": silent} | more)

    return back_up


@pytest.fixture
def bare_postgresql(databases, tmp_path):
    """The url of a PostgreSQL database without tables."""
    return databases.bare("postgresql", tmp_path)
