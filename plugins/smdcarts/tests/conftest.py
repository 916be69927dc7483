"""Two lines with a placer each, an order on neither, and helpers that say what they do."""

import json

import pytest
from tracepro_lines.models import Line

from tracepro.database.core_models import Audit

PLANT = {
    "acts": [{"id": 1, "name": "PLACE"}, {"id": 2, "name": "AOI"}],
    "workplaces": [{"id": n, "name": f"Place {n}", "acts": [1, 2]} for n in (100, 101, 200, 300)],
    "workers": [{"id": 32, "name": "J. Novak", "code": "JN32", "active": True}],
    "lines": [
        {"name": "L1", "machines": [{"name": "P1", "wp_id": 100}, {"name": "AOI", "wp_id": 101}]},
        {"name": "L2", "machines": [{"name": "P2", "wp_id": 200}, {"name": "AOI", "wp_id": 201}]},
    ],
}
PLANT["workplaces"].append({"id": 201, "name": "Place 201", "acts": [1, 2]})
PLUGINS = ("workplaces", "workers", "orders", "items", "material", "lines", "smdcarts")
STEPS = [{"op": 10, "act": 1, "name": "Place", "flags": 2}, {"op": 20, "act": 2, "name": "AOI"}]


class Shop:
    """A plant, with short names for what the tests do over and over."""

    def __init__(self, plant):
        self.plant = plant
        self.a, self.b = self.order("VP-A"), self.order("VP-B")

    def order(self, erp_ref):
        order_id = self.plant.call("makeorder", erp_ref, "PCB-A", 1, 1)["id"]
        self.plant.call("updateorder", order_id, {}, STEPS)
        return order_id

    def run(self, line, order_id):
        """Have a line work on an order."""
        change = Line.update(order_id=order_id).where(Line.name == line)
        self.plant.write(lambda call: call.db.run(change))

    def set(self, order_id, op=10, program="PRG", **carts):
        """List carts of (machine, bank, reels); a reel is (hole, article, lot)."""
        return self.plant.call("setcartsfororder", order_id, op, program, as_map(carts))

    def refusal(self, order_id, op=10, **carts):
        error = self.plant.error("setcartsfororder", order_id, op, "PRG", as_map(carts))
        return error["code"] if error["code"] == -32602 else error["data"]["code"]

    def audited(self):
        """Return what the audit has of every call that listed carts."""
        query = Audit.select(Audit.changes).where(Audit.method == "setcartsfororder").order_by(Audit.id)
        return [
            json.loads(changes or "[]") for (changes,) in self.plant.read(lambda call: call.db.rows(query))
        ]

    def listed(self, order_id, op=10):
        return self.plant.call("getcartsfororder", order_id, op)

    def names(self, order_id, op=10):
        return [cart["cart"] for cart in self.listed(order_id, op)]


def as_map(carts):
    return {
        name: {
            "machine": machine,
            "bank": bank,
            "item_data": [
                {"hole_no": hole, "mat_item": article, "scanned_lot": lot} for hole, article, lot in reels
            ],
        }
        for name, (machine, bank, reels) in carts.items()
    }


@pytest.fixture(name="as_map")
def make_map():
    return as_map


@pytest.fixture
def make_shop(make_plant, database):
    def make(**options):
        how = {"database": database, "options": {"smdcarts": options}}
        return Shop(make_plant(plugins=PLUGINS, plant=PLANT, queued=True, **how))

    return make


@pytest.fixture
def shop(make_shop):
    return make_shop()
