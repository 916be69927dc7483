"""Genealogy: what is next to a unit, what is in it and what it is in."""

import pytest
from tracepro_items import api

from tracepro_hookspecs import hookimpl

ASSEMBLY = 3
IN = 11


@pytest.fixture
def family(floor):
    """A device with a module, the module with a board of a panel."""
    panel, boards = floor.panel("P1", 2)
    floor.do(panel, 10)
    module, device = floor.unit("M", ASSEMBLY), floor.unit("D", ASSEMBLY)
    floor.do(module, 10, data=[[IN, "A1", "P1/2"]])
    floor.do(device, 10, data=[[IN, "X4", "M"]])
    return {"panel": panel, "first": boards[0], "board": boards[1], "module": module, "device": device}


def shape(node):
    """A tree as nested tuples."""
    return (node["item"]["barcode"], node["kind"], node["ref"], [shape(below) for below in node["units"]])


def test_relations_are_one_level_both_ways(floor, family):
    rows = [
        (relation["rel"], relation["kind"], relation["ref"], relation["item"]["id"])
        for relation in floor.getitemrel(family["board"])
    ]
    assert rows == [
        ("parent", "panel", "2", family["panel"]),
        ("parent", "component", "A1", family["module"]),
    ]
    rows = [
        (relation["rel"], relation["kind"], relation["ref"], relation["item"]["id"])
        for relation in floor.getitemrel(family["panel"])
    ]
    assert rows == [("child", "panel", "1", family["first"]), ("child", "panel", "2", family["board"])]
    assert floor.refusal("getitemrel", 99) == (1001, "item-not-found")


def test_details_have_the_operations_of_the_unit_and_of_its_relatives(floor, family):
    details = floor.getitemdetails(family["module"])
    assert details["item"]["id"] == family["module"]
    assert [row["data"] for row in details["operations"]] == [[[IN, "A1", "P1/2"]]]
    assert [
        (relation["rel"], relation["ref"], relation["item"]["barcode"]) for relation in details["related"]
    ] == [
        ("parent", "X4", "D"),
        ("child", "A1", "P1/2"),
    ]
    assert [row["item_id"] for row in details["related"][1]["operations"]] == [family["panel"]]
    assert details["related"][1]["operations"] == floor.getitemoperations(family["board"])
    assert floor.refusal("getitemdetails", 99) == (1001, "item-not-found")


def test_the_tree_goes_down_and_up(floor, family):
    assert shape(floor.tracetree(family["device"])) == (
        "D",
        None,
        "",
        [("M", "component", "X4", [("P1/2", "component", "A1", [])])],
    )
    assert shape(floor.tracetree(family["board"], "up")) == (
        "P1/2",
        None,
        "",
        [("P1", "panel", "2", []), ("M", "component", "A1", [("D", "component", "X4", [])])],
    )
    assert shape(floor.tracetree(family["panel"])) == (
        "P1",
        None,
        "",
        [("P1/1", "panel", "1", []), ("P1/2", "panel", "2", [])],
    )


def cut(node):
    """A tree with what the depth cut off, as nested tuples."""
    return (node["item"]["barcode"], node["more"], [cut(below) for below in node["units"]])


def test_a_tree_that_is_cut_off_says_so(floor, family):
    assert cut(floor.tracetree(family["device"], "down", 0)) == ("D", True, [])
    assert cut(floor.tracetree(family["device"], "down", 1)) == ("D", False, [("M", True, [])])


def test_wrong_trees_are_refused(floor, family):
    for wrong in ({"direction": "left"}, {"depth": -1}, {"depth": 101}):
        assert floor.refusal("tracetree", item_id=family["device"], **wrong)[0] == -32602, wrong
    assert floor.refusal("tracetree", 99) == (1001, "item-not-found")


def test_ancestors_and_descendants_of_many_units_at_once(floor, family):
    above = floor.plant.read(lambda call: api.ancestors(call, [family["board"], family["device"]]))
    assert above == {
        family["board"]: [(family["panel"], "2"), (family["module"], "A1"), (family["device"], "X4")],
        family["device"]: [],
    }
    below = floor.plant.read(lambda call: api.descendants(call, [family["device"], family["panel"]]))
    assert below == {
        family["device"]: [(family["module"], "X4"), (family["board"], "A1")],
        family["panel"]: [(family["first"], "1"), (family["board"], "2")],
    }


def test_lots_stand_where_they_were_taken(make_floor):
    floor = make_floor(("workplaces", "workers", "orders", "items", "material"))
    floor.make_order()
    panel, boards = floor.panel("P1", 2)
    lots = [floor.getfloormat("R-10K", f"L{n}", 100)["wfloormat_id"] for n in (1, 2, 3)]
    floor.addopwithmat(panel, 10, 1, 100, [32], mat=[[lots[0], "R1", 2, 0]])
    floor.addopwithmat(boards[0], 20, 2, 100, [32], mat=[[lots[1], "R7", 1, 0]])
    wrong = floor.addopwithmat(boards[1], 20, 2, 100, [32], mat=[[lots[2], "R7", 1, 0]])["op_id"]
    floor.cancelop(wrong, 100, [32], "wrong lot")

    def taken(node):
        mat = [(row["mat_lot"], row["ref"], row["amount"]) for row in node["mat"]]
        return [mat, *(taken(below) for below in node["units"])]

    assert taken(floor.tracetree(panel)) == [[("L1", "R1", 2)], [[("L2", "R7", 1)]], [[]]]
    assert taken(floor.tracetree(boards[0])) == [[("L1", "R1", 2), ("L2", "R7", 1)]]
    assert taken(floor.tracetree(boards[1])) == [[("L1", "R1", 2)]]
    assert taken(floor.tracetree(boards[0], "up")) == [[("L2", "R7", 1)], [[("L1", "R1", 2)]]]


class Knows:
    """A plugin that knows something about units; another one fails."""

    def __init__(self, answer):
        self.answer = answer

    @hookimpl
    def tracepro_item_extra(self, item):
        return {"seen": self.answer[item.barcode]}


def test_extra_is_what_the_plugins_know_and_a_failing_one_is_left_out(make_floor):
    names = ("workplaces", "workers", "orders", "items", "scale", "camera")
    floor = make_floor(names, extra={"scale": Knows({"U": 12.5}), "camera": Knows({})})
    floor.make_order()
    assert floor.getitemextra(floor.unit("U")) == {"scale": {"seen": 12.5}}
    assert floor.refusal("getitemextra", 99) == (1001, "item-not-found")
