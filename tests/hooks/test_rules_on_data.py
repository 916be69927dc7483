"""A rule on data is asked wherever data comes from: with an operation, whoever records it, and later."""

import contextlib

import pytest

from tracepro.database import Insert, Integer, Key, Model, statement
from tracepro.database.schema import Schema
from tracepro_hookspecs import Reason, hookimpl

NUMBER, SLOT, COMPONENT = 1, 10, 11
PLANT = {
    "acts": [{"id": 1, "name": "Screw", "desc": ""}],
    "workplaces": [{"id": 100, "name": "Screwdriver", "erp_ref": "WP100", "esd": False, "acts": [1]}],
    "workers": [{"id": 32, "name": "J. Novak", "code": "JN32", "active": True}],
}
MACHINE = {"id": 11, "name": "Driver", "wp_id": 100, "op": 10, "act": 1}
LINES = {"lines": [{"id": 1, "name": "SMT-1", "machines": [MACHINE]}]}
GOOD, BAD = [[NUMBER, "torque", 2]], [[NUMBER, "torque", 2], [NUMBER, "torque", 9], [SLOT, "tray", 1]]


class Torque(Model):
    """A screw that was driven."""

    id = Key()
    op_id = Integer()
    torque = Integer()

    class Meta:
        table_name = "screws_torque"


NEW = Insert(Torque)


@statement
def kept():
    """What was kept, in the order written."""
    return Torque.select(Torque.op_id, Torque.torque).order_by(Torque.id)


class Screws:
    """A plugin with one rule on torques and a table of its own."""

    def __init__(self):
        self.asked = []
        self.fails = False

    def reasons_against(self, call, rows):
        self.asked.append(tuple(rows))
        high = max((value for _, key, value in rows if key == "torque"), default=0)
        return (
            [Reason("torque-high", f"A torque of {high} is more than 5; drive it again.")] if high > 5 else []
        )

    def keep(self, call, op_ids, rows):
        torques = [value for _, key, value in rows if key == "torque"]
        call.db.insert_many(
            NEW, [{"op_id": op_id, "torque": torque} for op_id in op_ids for torque in torques]
        )
        if self.fails:
            raise RuntimeError("broken")

    @hookimpl
    def tracepro_check_operations(self, call, draft):
        return [] if draft is None else self.reasons_against(call, draft.data)

    @hookimpl
    def tracepro_check_added_data(self, call, data):
        return self.reasons_against(call, data)

    @hookimpl
    def tracepro_apply_operations(self, call, operations, draft):
        self.keep(call, [operation.id for operation in operations], draft.data)

    @hookimpl
    def tracepro_apply_added_data(self, call, operation, data):
        self.keep(call, [operation.id], data)


class Floor:
    """A plant with the plugin, an order, two units in a box, and what was recorded of each."""

    def __init__(self, make_plant, plugins):
        self.screws = Screws()
        self.plant = make_plant((*plugins, "screws"), PLANT, extra={"screws": self.screws})
        with contextlib.suppress(Exception):  # PostgreSQL's database has it from the test before
            self.plant.write(lambda call: Schema(call.db).create(Torque))
        self.order = self.plant.call("makeorder", "VP-1", "PCB-A", 1, 1)["id"]
        self.plant.call("updateorder", self.order, {}, [{"op": op, "act": 1, "flags": 2} for op in (10, 20)])
        self.units = [self.plant.call("getitem", self.order, code, 1)["id"] for code in ("U1", "U2")]

    def kept(self):
        """What the plugin keeps."""
        return self.plant.read(lambda call: call.db.rows(kept))

    def data(self):
        """The data of all operations."""
        found = [self.plant.call("getitemoperations", unit) for unit in self.units]
        return [operation["data"] for operations in found for operation in operations]


@pytest.fixture
def floor(make_plant, database):
    return Floor(make_plant, ("workplaces", "workers", "orders", "items"))


def test_a_rule_on_data_is_asked_by_every_method_that_takes_data(make_plant):
    plugins = ("workplaces", "workers", "orders", "items", "material", "boxes", "lines")
    floor = Floor(make_plant, plugins)
    plant, (first, second) = floor.plant, floor.units
    plant.load(LINES)
    plant.call("setlinelogin", "SMT-1", [], [32])
    box = plant.call("makebox", "", 0, "")["id"]
    plant.call("addboxitem", box, second)
    here = {"op": 10, "act": 1, "wp_id": 100, "workers": [32]}
    op_id = plant.call("addop", item_id=first, **here)["op_id"]
    calls = {
        "addop": ("data", {"item_id": first, **here}),
        "addopwithmat": ("data", {"item_id": first, **here}),
        "batch_addop": ("data", {"item_ids": [first, second], **here}),
        "box_addop": ("data", {"box_id": box, **here}),
        "lineaddop": ("data", {"machine_id": 11, "barcode": "U1"}),
        "addopdata": ("data_list", {"op_id": op_id}),
        "lslineoptonextboard": ("data", {"line_name": "SMT-1", **here, "op": 20}),
    }
    taking = {
        name
        for name, bound in plant.site.methods.items()
        if any(param["schema"].get("$ref", "").endswith("/DataRows") for param in bound.spec["params"])
    }
    assert taking == set(calls)
    for name, (data, params) in calls.items():
        floor.screws.asked.clear()
        before = (floor.data(), floor.kept())
        error = plant.error(name, **params, **{data: BAD})
        assert [reason["code"] for reason in error["data"]["reasons"]] == ["torque-high"], name
        assert (floor.data(), floor.kept()) == before, name
        plant.call(name, **params, **{data: GOOD})
        assert floor.screws.asked == [tuple(map(tuple, BAD)), tuple(map(tuple, GOOD))], name
    assert len(floor.kept()) == 8  # one of each unit of the batch


def test_a_code_that_becomes_a_unit_is_asked_about_before_it_is_made(make_plant):
    floor = Floor(make_plant, ("workplaces", "workers", "orders", "items", "lines"))
    floor.plant.load(LINES)
    floor.plant.call("setlinelogin", "SMT-1", [], [32])
    floor.plant.call("setlineorder", "SMT-1", floor.order)
    error = floor.plant.error("lineaddop", 11, "U3", data=BAD)
    assert [reason["code"] for reason in error["data"]["reasons"]] == ["torque-high"]
    assert floor.plant.call("getitembybarcode", "U3") == []
    floor.plant.call("lineaddop", 11, "U3", data=GOOD)
    assert len(floor.screws.asked) == 3 and len(floor.kept()) == 1


def test_what_can_not_be_added_is_told_with_all_reasons_and_writes_nothing(floor):
    op_id = floor.plant.call("addop", floor.units[0], 10, 1, 100, [32])["op_id"]
    error = floor.plant.error("addopdata", op_id, [*BAD, [COMPONENT, "R1", "nobody"]])
    assert error["code"] == 1000
    assert [(reason["code"], reason["plugin"]) for reason in error["data"]["reasons"]] == [
        ("component-not-found", "items"),
        ("torque-high", "screws"),
    ]
    assert floor.data() == [[]] and floor.kept() == []
    assert floor.plant.call("getitemslots", floor.units[0]) == {}


def test_a_plugin_that_fails_to_follow_added_data_takes_it_back(floor):
    op_id = floor.plant.call("addop", floor.units[0], 10, 1, 100, [32])["op_id"]
    floor.screws.fails = True
    assert floor.plant.error("addopdata", op_id, GOOD)["data"]["code"] == "plugin-failed"
    assert floor.data() == [[]] and floor.kept() == []
    floor.screws.fails = False
    floor.plant.call("addopdata", op_id, GOOD)
    assert floor.data() == [GOOD] and floor.kept() == [(op_id, 2)]


def test_no_rows_ask_nobody_and_a_replay_asks_nobody_again(floor):
    op_id = floor.plant.call("addop", floor.units[0], 10, 1, 100, [32])["op_id"]
    floor.screws.asked.clear()
    floor.plant.call("addopdata", op_id, [])
    assert floor.screws.asked == []
    call = {"jsonrpc": "2.0", "id": 1, "method": "addopdata", "params": [op_id, GOOD]}
    answers = [floor.plant.request(call, key="torque-1") for _ in range(2)]
    assert answers[0] == answers[1] and len(floor.screws.asked) == 1
    assert floor.kept() == [(op_id, 2)]


def test_non_charged_work_is_asked_about_with_its_hidden_unit(floor):
    (op_id,) = floor.plant.call("addncops", floor.order, [[10, None]], 5, 100, [32])["op_ids"]
    assert floor.plant.error("addopdata", op_id, BAD[:2])["data"]["code"] == "torque-high"
    floor.plant.call("addopdata", op_id, GOOD)
    assert floor.kept() == [(op_id, 2)]
