"""Boxes are made, found, labelled, sized, closed and shipped."""

from tracepro.access.caller import Caller
from tracepro_schemas import defs

OPEN, CLOSED, SHIPPED = defs.BOX_ST_OPEN, defs.BOX_ST_CLOSED, defs.BOX_ST_SHIPPED

BOX = {
    "id": 1,
    "item": "PCB-A",
    "box_size": 3,
    "label": "B-1",
    "status": 0,
    "parent_id": None,
    "items": [],
    "boxes": [],
    "count": 0,
}


def test_a_box_is_made_and_found_by_id_and_label(floor):
    assert floor.makebox("PCB-A", 3, "B-1") == BOX
    assert floor.getbox(1) == floor.getbox("1") == floor.getboxbylabel(" B-1\r") == BOX
    assert floor.makebox("") == {**BOX, "id": 2, "item": "", "box_size": 0, "label": ""}


def test_what_is_not_there_is_null_for_finders_and_an_error_for_the_rest(floor):
    unit = floor.unit()
    floor.box()
    assert [floor.getbox(9), floor.getboxbylabel("X"), floor.getboxbylabel("")] == [None] * 3
    assert floor.getboxbyitem(99) == floor.getboxbyitem(unit) == []
    step = {"box_id": 9, "wp_id": 100, "workers": [32]}
    for method, params in (
        ("addboxitem", {"wbox_id": 9, "item_id": unit}),
        ("addboxbox", {"wbox_id": 9, "child_box_id": 1}),
        ("addboxbox", {"wbox_id": 1, "child_box_id": 9}),
        ("delfrombox", {"wbox_id": 9, "item_id": unit}),
        ("clearbox", {"wbox_id": 9}),
        ("setboxlabel", {"box_id": 9, "label": "X"}),
        ("setboxparams", {"box_id": 9}),
        ("box_canaddop", {**step, "op_act_list": [[10, 1]]}),
        ("box_addop", {**step, "op": 10, "act": 1}),
    ):
        assert floor.refusal(method, **params) == (1001, "box-not-found"), method


def test_a_label_is_on_one_box_and_an_empty_one_on_any_number(floor):
    first, second, third = floor.box(label="B-1"), floor.box(), floor.box()
    assert floor.refusal("makebox", "", 0, "B-1") == (1002, "label-exists")
    assert floor.refusal("setboxlabel", second, "B-1") == (1002, "label-exists")
    assert floor.refusal("setboxparams", second, label="B-1", status=CLOSED) == (1002, "label-exists")
    assert floor.getbox(second)["status"] == OPEN
    assert floor.setboxlabel(first, "B-1")["label"] == "B-1"
    assert floor.setboxlabel(first, "")["label"] == floor.getbox(third)["label"] == ""
    assert floor.setboxlabel(second, "B-1")["label"] == "B-1"
    assert floor.getboxbylabel("B-1")["id"] == second


def test_only_what_is_not_null_changes(floor):
    box = floor.box(item="PCB-A", box_size=3, label="B-1")
    assert floor.set(box) == floor.getbox(box) == BOX
    assert floor.set(box, status=CLOSED) == {**BOX, "status": 1}
    changed = floor.set(box, label="", box_size=0, item="", status=OPEN)
    assert changed == floor.getbox(box) == {**BOX, "label": "", "box_size": 0, "item": ""}


def test_wrong_values_are_refused_as_a_parameter(floor):
    box = floor.box()
    for wrong in ({"status": 3}, {"status": -1}, {"box_size": -1}, {"item": "\x01"}, {"label": 7}):
        assert floor.refusal("setboxparams", box, **wrong) == (-32602, "invalid-params"), wrong
    assert floor.refusal("makebox", "", -1) == floor.refusal("makebox", None) == (-32602, "invalid-params")


def test_the_size_is_what_lies_directly_in_a_box(floor):
    units = [floor.unit() for _ in range(5)]
    inner = floor.box(*units[:3])
    box = floor.box(units[3], box_size=2, inside=[inner])
    assert floor.getbox(box)["count"] == 4
    assert floor.refusal("addboxitem", box, units[4]) == (1000, ["box-full"])
    assert floor.refusal("addboxbox", box, floor.box()) == (1000, ["box-full"])
    assert floor.refusal("setboxparams", box, box_size=1) == (1000, ["box-full"])
    assert floor.set(box, box_size=3)["box_size"] == 3
    assert floor.addboxitem(box, units[4])["items"] == units[3:]
    assert floor.set(box, box_size=0)["box_size"] == 0
    assert floor.addboxbox(box, floor.box())["count"] == 5


def test_a_box_without_a_size_takes_the_one_of_its_line(make_floor):
    sizes = {"boxes": {"default_size": 10}, "boxes@PACK-2": {"default_size": 4}}
    lines = [{"name": "PACK-2", "machines": [{"name": "M1", "wp_id": 101}]}]
    floor = make_floor("lines", sections={"lines": lines}, options=sizes)
    assert floor.makebox("")["box_size"] == 10
    assert floor.makebox("", 7)["box_size"] == 7
    assert floor.set(1, box_size=0)["box_size"] == 0
    floor.plant.caller = Caller("T", 1, frozenset(("read", "write")), frozenset(("PACK-2",)), "10.1.2.3")
    assert floor.makebox("")["box_size"] == 4


def test_a_shipped_box_stays_as_it_is(floor):
    box = floor.box(floor.unit(), item="PCB-A", box_size=2, label="B-1")
    floor.set(box, status=SHIPPED)
    for values in (
        {"status": OPEN},
        {"status": CLOSED},
        {"label": "X"},
        {"label": ""},
        {"box_size": 5},
        {"item": ""},
        {"status": OPEN, "label": "X"},
    ):
        assert floor.refusal("setboxparams", box, **values) == (1000, ["box-closed"]), values
    assert floor.refusal("setboxlabel", box, "X") == (1000, ["box-closed"])
    same = {"label": "B-1", "box_size": 2, "item": "PCB-A", "status": SHIPPED}
    assert floor.set(box, **same) == floor.setboxlabel(box, "B-1") == floor.getbox(box)


def test_a_box_in_a_shipped_one_stays_as_it_is_too_and_none_is_opened_in_a_closed_one(floor):
    inner, middle, outer = floor.nested()
    floor.set(inner, status=CLOSED)
    floor.set(outer, status=CLOSED)
    assert floor.refusal("setboxparams", inner, status=OPEN) == (1000, ["box-closed"])
    assert floor.set(inner, label="B-1")["label"] == "B-1"
    assert floor.set(middle, status=CLOSED)["status"] == CLOSED
    floor.set(outer, status=SHIPPED)
    assert floor.refusal("setboxparams", middle, status=OPEN) == (1000, ["box-closed"])
    assert floor.refusal("setboxlabel", inner, "B-2") == (1000, ["box-closed"])
    assert floor.refusal("setboxparams", inner, box_size=1) == (1000, ["box-closed"])


def test_the_product_of_a_box_is_that_of_all_it_holds(floor):
    other = floor.make_order("VP-2", "PCB-B")
    inner, middle, outer = floor.nested(floor.unit())
    assert floor.refusal("setboxparams", outer, item="PCB-B") == (1000, ["box-product-mismatch"])
    floor.set(outer, item="PCB-A")
    assert floor.refusal("setboxparams", middle, item="PCB-B") == (1000, ["box-product-mismatch"] * 2)
    assert floor.refusal("addboxitem", inner, floor.unit(other)) == (1000, ["box-product-mismatch"])
    floor.clearbox(inner)
    assert floor.set(middle, item="PCB-A")["item"] == "PCB-A"
    assert floor.refusal("setboxparams", outer, item="PCB-B") == (1000, ["box-product-mismatch"])
    floor.set(middle, item="")
    floor.set(outer, item="PCB-B")
    assert floor.addboxitem(inner, floor.unit(other))["count"] == 1
