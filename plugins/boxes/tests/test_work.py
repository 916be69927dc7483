"""Work on a whole box: all units in it and in the boxes in it, or none, in a fixed number of statements."""

from tracepro.testing.watched import statements_of_sessions
from tracepro_schemas import defs

CLOSED, SHIPPED = defs.BOX_ST_CLOSED, defs.BOX_ST_SHIPPED


def test_each_unit_gets_its_operation_whatever_box_in_the_box_it_lies_in(floor):
    units = [floor.unit() for _ in range(4)]
    outer = floor.box(inside=[floor.box(units[1], inside=[floor.box(units[0])]), floor.box(units[3])])
    floor.addboxitem(outer, units[2])
    loose = floor.unit()
    assert floor.against(outer, 10, 20) == []
    done = floor.box_addop(outer, 10, None, 100, ["32"], result=0, data=[[10, "tray", "T1"]])["ops"]
    assert [row["item_id"] for row in done] == [units[0], units[1], units[3], units[2]]
    for row in done:
        (operation,) = floor.getitemoperations(row["item_id"])
        assert operation["id"] == row["op_id"] and operation["data"] == [[10, "tray", "T1"]]
    assert floor.getitemoperations(loose) == []
    assert floor.counts() == [4, 0]


def test_an_empty_box_is_refused(floor):
    box = floor.box(inside=[floor.box()])
    assert floor.against(box, 10) == [("box-empty", None)]
    step = {"box_id": box, "wp_id": 999, "workers": [32]}
    assert floor.refusal("box_canaddop", **step, op_act_list=[[10, 1]]) == (1001, "workplace-not-found")
    assert floor.refusal("box_addop", **step, op=10, act=1) == (1001, "workplace-not-found")


def test_one_unit_that_may_not_stops_them_all_and_is_named(floor):
    units = [floor.unit() for _ in range(3)]
    inner = floor.box(*units[1:])
    box = floor.box(units[0], inside=[inner])
    floor.addop(units[2], 10, 1, 100, [32])
    assert floor.against(box, 10) == [("op-already-done", units[2])]
    assert floor.against(box, 20) == [("previous-op-missing", unit) for unit in (units[1], units[0])]
    assert floor.against(box, 10, 20) == [("op-already-done", units[2])]
    assert floor.counts() == [1, 0]


def test_a_step_that_is_not_named_is_a_wrong_parameter_whatever_lies_in_the_box(floor):
    for box in (floor.box(), floor.box(floor.unit())):
        step = {"box_id": box, "op": None, "act": None, "wp_id": 100, "workers": [32]}
        assert floor.refusal("box_addop", **step)[0] == -32602


def test_a_unit_that_was_scrapped_inside_fails_the_box_until_it_is_taken_out(floor):
    units = [floor.unit() for _ in range(2)]
    box = floor.box(*units)
    floor.setitemscrap(units[1], 100, [32], "dropped")
    assert floor.against(box, 10) == [("item-bad", units[1])]
    floor.delfrombox(box, units[1])
    assert floor.record(box) == units[:1]


def test_units_of_several_orders_go_together_and_the_counts_of_each_follow(floor):
    other = floor.make_order("VP-2", "PCB-B", [{"op": 10, "act": 1}])
    mine, theirs = floor.unit(), floor.unit(other)
    box = floor.box(theirs, mine)
    assert floor.record(box) == [theirs, mine]
    assert floor.counts() == [1, 0] and floor.counts(other) == [1]
    floor.updateorder(floor.order, {"status": 2})
    assert floor.against(box, 20) == [("op-not-in-route", None), ("order-not-active", None)]


def test_panels_go_with_their_boards(floor):
    panel, boards = floor.panel(boards=3)
    floor.setitemscrap(boards[0], 100, [32])
    unit = floor.unit()
    assert floor.record(floor.box(panel, unit)) == [panel, unit]
    assert floor.counts() == [3, 0]


def test_a_box_that_is_closed_or_shipped_is_worked_on(floor):
    box = floor.box(floor.unit())
    floor.set(box, status=CLOSED)
    assert len(floor.record(box)) == 1
    floor.set(box, status=SHIPPED)
    assert len(floor.record(box, 20)) == 1


def test_times_data_and_material_are_judged_as_for_one_unit(floor):
    box = floor.box(floor.unit())
    step = {"box_id": box, "op": 10, "act": 1, "wp_id": 100, "workers": [32]}
    backwards = {"tm0": "2026-11-20T10:00:00Z", "tm1": "2026-11-20T09:00:00Z"}
    for wrong in (backwards, {"data": [[1, "x", "text"]]}, {"op": None, "act": None}):
        assert floor.refusal("box_addop", **{**step, **wrong}) == (-32602, "invalid-params")
    assert floor.refusal("box_addop", **step, mat_auto=True) == (1004, "plugin-off")
    assert floor.counts() == [0, 0]


def test_material_is_taken_for_every_unit_or_for_none(make_floor):
    floor = make_floor("material")
    lot = floor.getfloormat("R", "L1", 10)["wfloormat_id"]
    floor.setwpmat(100, "R", "L1", 5, 1, 2)
    box = floor.box(*(floor.unit() for _ in range(3)))
    assert floor.refusal("box_addop", box, 10, 1, 100, [32], mat_auto=True) == (1000, ["material-short"])
    assert floor.counts() == [0, 0]
    floor.setwpmat(100, "R", "L1", 10, 1, 2)
    assert len(floor.record(box, mat_auto=True)) == 3
    assert floor.getwpmat(100)[0]["amount"] == 4
    units = floor.whereused("R", "L1")["units"]
    assert [(unit["item"]["id"], unit["box"]) for unit in units] == [(unit, box) for unit in (1, 2, 3)]
    assert lot


def test_the_number_of_statements_does_not_grow_with_the_units_nor_with_the_boxes(make_floor):
    floor = make_floor("material")
    floor.setwpmat(100, "R", "L1", 100000, 1, 1)
    few = floor.box(*(floor.unit() for _ in range(2)), inside=[floor.box(floor.unit())])
    cartons = [floor.box(*(floor.unit() for _ in range(4))) for _ in range(4)]
    many = floor.box(inside=[floor.box(inside=cartons)])
    cost = _statements(floor, few)
    assert 0 < cost <= 25
    assert _statements(floor, many) == cost
    assert floor.counts() == [19, 0]


def _statements(floor, box):
    with statements_of_sessions() as sent:
        floor.record(box, mat_auto=True)
    return len(sent)
