"""A small plant that packs, and helpers that say what they do."""

import pytest

PLUGINS = ("workplaces", "workers", "orders", "items", "boxes")
STEPS = [{"op": 10, "act": 1}, {"op": 20, "act": 2}]
PLANT = {
    "acts": [{"id": 1, "name": "TEST", "desc": ""}, {"id": 2, "name": "PACK", "desc": ""}],
    "workplaces": [
        {"id": 100, "name": "Tester", "erp_ref": "WP100", "esd": False, "acts": [1]},
        {"id": 101, "name": "Packing", "erp_ref": "WP101", "esd": False, "acts": [2]},
    ],
    "workers": [{"id": 32, "name": "J. Novak", "code": "JN32", "active": True}],
}
PCB, PANEL = 1, 2


class Floor:
    """A plant with an order, and short names for what the tests do over and over."""

    def __init__(self, plant):
        self.plant = plant
        self.made = 0
        self.order = self.make_order("VP-1", "PCB-A")

    def __getattr__(self, method):
        return lambda *args, **params: self.plant.call(method, *args, **params)

    def make_order(self, erp_ref, product, steps=STEPS, **properties):
        """Make an order and return its id."""
        order = self.plant.call("makeorder", erp_ref, product, 1, 1, 0)["id"]
        self.plant.call("updateorder", order, properties, steps)
        return order

    def unit(self, order=None, code=None, tp=PCB):
        """Create a unit and return its id."""
        self.made += 1
        return self.plant.call("getitem", order or self.order, code or f"U{self.made}", tp)["id"]

    def panel(self, code="P1", boards=2):
        """Create a panel and return its id with those of its boards."""
        self.plant.call("updateorder", self.order, {"mptp": 1, "mpcount": boards})
        panel = self.unit(code=code, tp=PANEL)
        codes = [f"{code}/{n}" for n in range(1, boards + 1)]
        return panel, [self.plant.call("getitembybarcode", code)[0]["id"] for code in codes]

    def box(self, *units, item="", box_size=0, label="", inside=()):
        """Make a box with units and boxes in it and return its id."""
        box = self.plant.call("makebox", item, box_size, label)["id"]
        for unit in units:
            self.plant.call("addboxitem", box, unit)
        for child in inside:
            self.plant.call("addboxbox", box, child)
        return box

    def nested(self, *units):
        """Make three boxes, each in the next one, with units in the innermost, and return them from the inside."""
        inner = self.box(*units)
        middle = self.box(inside=[inner])
        return inner, middle, self.box(inside=[middle])

    def set(self, box, **values):
        """Change what a box is."""
        return self.plant.call("setboxparams", box, **values)

    def refusal(self, method, *args, **params):
        """The number of a refused call and its stable code, of a rule's no all codes."""
        error = self.plant.error(method, *args, **params)
        reasons = error["data"].get("reasons")
        code = [reason["code"] for reason in reasons] if reasons else error["data"]["code"]
        return error["code"], code

    def record(self, box, op=10, **more):
        """Record a step on all units of a box; returns the units."""
        wanted = {"box_id": box, "op": op, "act": None, "wp_id": 100, "workers": [32]}
        return [row["item_id"] for row in self.plant.call("box_addop", **wanted | more)["ops"]]

    def against(self, box, *ops):
        """What is said against recording steps on a box, as (code, unit); that the write says the same is checked."""
        answer = self.plant.call("box_canaddop", box, [[op, None] for op in ops], 100, [32])
        assert answer["ok"] == (not answer["reasons"])
        if answer["reasons"] and len(ops) == 1:
            wanted = {"box_id": box, "op": ops[0], "act": None, "wp_id": 100, "workers": [32]}
            assert self.plant.error("box_addop", **wanted)["data"]["reasons"] == answer["reasons"]
        return [(reason["code"], reason.get("item_id")) for reason in answer["reasons"]]

    def counts(self, order=None):
        """How many units have passed each step of an order."""
        return [row["good"] for row in self.plant.call("getordercounts", order or self.order)]


@pytest.fixture
def make_floor(make_plant, database):
    def make(*more, sections=None, **settings):
        """Make a plant with more plugins and sections of the plant file than the usual ones."""
        plant = {**PLANT, **(sections or {})}
        return Floor(make_plant(plugins=(*PLUGINS, *more), plant=plant, database=database, **settings))

    return make


@pytest.fixture
def floor(make_floor):
    return make_floor()
