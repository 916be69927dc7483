"""A small plant with a feeder workplace, an order, and helpers that say what they do."""

from dataclasses import dataclass

import pytest
from peewee import fn
from tracepro_material import lots, reels
from tracepro_material.models import Move, MoveKind

PLANT = {
    "acts": [
        {"id": 1, "name": "PLACE", "desc": "SMT placement"},
        {"id": 2, "name": "TEST", "desc": "Test"},
    ],
    "workplaces": [
        {"id": 100, "name": "Placer", "erp_ref": "WP100", "esd": False, "acts": [1]},
        {"id": 101, "name": "Placer 2", "erp_ref": "WP101", "esd": False, "acts": [1]},
    ],
    "workers": [{"id": 32, "name": "J. Novak", "code": "JN32", "active": True}],
}
PLUGINS = ("workplaces", "workers", "orders", "items", "material")
STEPS = [{"op": 10, "act": 1, "name": "Place", "flags": 2}, {"op": 20, "act": 2, "name": "Test"}]


@dataclass
class Floor:
    """A plant with one order, and short names for what the tests do over and over."""

    plant: object
    order: int = 0

    def __post_init__(self):
        self.order = self.make_order("VP-1", "PCB-A")

    def make_order(self, erp_ref, product, **properties):
        order = self.plant.call("makeorder", erp_ref, product, 1, 1, 0)
        self.plant.call("updateorder", order["id"], properties, STEPS)
        return order["id"]

    def __getattr__(self, method):
        return lambda *args, **params: self.plant.call(method, *args, **params)

    def error(self, method, *args, **params):
        """Return the error of a refused call."""
        return self.plant.error(method, *args, **params)

    def unit(self, code, tp=1, order=None):
        return self.plant.call("getitem", order or self.order, code, tp)["id"]

    def lot(self, item="R-10K", lot="L1", amount=100):
        return self.plant.call("receivemat", item, lot, amount)["wfloormat_id"]

    def record(self, unit, **params):
        """Record step 10 of a unit at workplace 100 and return the operation's id."""
        method = "addopwithmat" if "mat" in params else "addop"
        where = {"item_id": unit, "op": 10, "act": 1, "wp_id": 100, "workers": [32]}
        return self.plant.call(method, **where | params)["op_id"]

    def took(self, unit):
        """Return what a unit's operations took: (lot id, ref, amount, hole) rows."""
        operations = self.plant.call("getitemoperations", unit)
        rows = [mat for operation in operations for mat in operation["mat"]]
        return [(mat["wfloormat_id"], mat["ref"], mat["amount"], mat["hole_no"]) for mat in rows]

    def loaded(self, wp_id=100):
        """Return what is loaded: {hole: [(lot number, amount), …]} in order of queue."""
        holes = {}
        for row in self.plant.call("getwpmat", wp_id):
            assert row["queue"] == len(holes.setdefault(row["hole_no"], []))
            holes[row["hole_no"]].append((row["mat_lot"], row["amount"]))
        return holes

    def on_floor(self, lot_id):
        """Return what of a lot lies on the floor."""
        return self.plant.read(lambda call: lots.by_id(call, [lot_id], lock=False)[lot_id].answer().amount)

    def refusal(self, method, *args, **params):
        """Return the stable code of a refused call."""
        return self.error(method, *args, **params)["data"]["code"]

    def totals(self, lot_ids):
        """Return what the ledger says of lots."""
        return self.plant.read(lambda call: [balance(call, lot_id) for lot_id in lot_ids])

    def check_books(self, lot_ids, wp_ids=(100, 101)):
        """Hold the ledger of lots against what is there."""
        self.plant.read(lambda call: [check_books(call, lot_id, wp_ids) for lot_id in lot_ids])


def balance(call, lot_id):
    """Return the sums of a lot's ledger by kind, in millionths."""
    moved = Move.select(Move.kind, fn.SUM(Move.amount)).where(Move.lot == lot_id).group_by(Move.kind)
    return {MoveKind(kind): int(total) for kind, total in call.db.rows(moved)}


def check_books(call, lot_id, wp_ids):
    """Assert that received + corrections = on the floor + on workplaces + consumed + written off, and nothing is negative."""
    book = dict.fromkeys(MoveKind, 0) | balance(call, lot_id)
    floor = lots.by_id(call, [lot_id], lock=False)[lot_id].amount
    loaded = [reel.amount for wp_id in wp_ids for reel in reels.read(call, wp_id) if reel.lot_id == lot_id]
    consumed = book[MoveKind.CONSUME] - book[MoveKind.RETURN]
    assert floor >= 0 and consumed >= 0 and min(loaded, default=0) >= 0
    assert (
        book[MoveKind.RECEIVE] + book[MoveKind.CORRECT]
        == floor + sum(loaded) + consumed + book[MoveKind.WRITE_OFF]
    )


@pytest.fixture
def small_plant():
    """Return the plant file of these tests."""
    return dict(PLANT)


@pytest.fixture
def make_floor(make_plant, database):
    def make(plugins=PLUGINS, extra=None, queued=False, lines=None, plant=None, **options):
        how = {"options": {"material": options}, "database": database, "extra": extra, "queued": queued}
        return Floor(
            make_plant(plugins=(*plugins, *(extra or ())), plant=PLANT | (plant or {}), lines=lines, **how)
        )

    return make


@pytest.fixture
def floor(make_floor):
    return make_floor()
