"""A plant with two orders, and helpers that say what they do."""

from types import SimpleNamespace

import pytest

PLUGINS = ("workplaces", "workers", "orders", "items", "material", "erp")
PLANT = {
    "acts": [{"id": 1, "name": "PLACE"}, {"id": 2, "name": "TEST"}],
    "workplaces": [{"id": 100, "name": "Placer", "acts": [1]}, {"id": 101, "name": "Tester", "acts": [2]}],
    "workers": [
        {"id": 31, "name": "A. Svoboda", "code": "AS31", "active": True},
        {"id": 32, "name": "J. Novak", "code": "JN32", "active": True},
        {"id": 33, "name": "M. Dvorak", "code": "MD33", "active": False},
    ],
}
STEPS = [
    {"op": 10, "act": 1, "flags": 2},
    {"op": 20, "act": 2, "flags": 6},
    {"op": 30, "act": 2, "flags": 6},
]


@pytest.fixture
def make_shop(make_plant):
    """Return the function that makes a plant with two orders."""

    def make(**settings):
        plant = make_plant(PLUGINS, PLANT, **settings)

        def order(erp_ref, product="PCB-A", flags=1, amount=0, **properties):
            made = plant.call("makeorder", erp_ref, product, 1, flags, amount)["id"]
            plant.call("updateorder", made, properties, STEPS)
            return made

        def unit(code, order_id=None, tp=1):
            return plant.call("getitem", order_id or shop.order, code, tp)["id"]

        def record(item_id, **params):
            where = {"item_id": item_id, "op": 10, "act": 1, "wp_id": 100, "workers": [32]}
            method = "addopwithmat" if "mat" in params else "addop"
            return plant.call(method, **where | params)["op_id"]

        def queue(*kinds, **params):
            rows = plant.call("erpqueue", **params)["rows"]
            return [row for row in rows if not kinds or row["kind"] in kinds]

        shop = SimpleNamespace(
            plant=plant,
            call=plant.call,
            error=plant.error,
            make_order=order,
            unit=unit,
            record=record,
            queue=queue,
        )
        shop.order = order("VP-1")
        return shop

    return make


@pytest.fixture
def shop(make_shop, database):
    return make_shop()


@pytest.fixture
def erp_plant():
    """What a server for these tests is made of."""
    return SimpleNamespace(plugins=PLUGINS, rows=PLANT, steps=STEPS)
