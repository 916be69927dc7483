"""What goes into a box, what comes out, and where it lies then."""

from tracepro_schemas import defs

OPEN, CLOSED, SHIPPED = defs.BOX_ST_OPEN, defs.BOX_ST_CLOSED, defs.BOX_ST_SHIPPED


def test_units_lie_in_the_order_of_packing_and_are_counted_with_those_of_boxes_inside(floor):
    first, second, third = (floor.unit() for _ in range(3))
    box = floor.box(second, first)
    outer = floor.box(third, inside=[box])
    assert floor.getbox(box) == floor.getbox(box) | {"items": [second, first], "count": 2, "parent_id": outer}
    assert floor.getbox(outer) == floor.getbox(outer) | {"items": [third], "boxes": [box], "count": 3}
    assert floor.delfrombox(box, second)["items"] == [first]
    assert floor.getbox(outer)["count"] == 2


def test_a_unit_lies_in_one_box(floor):
    unit = floor.unit()
    box = floor.box(unit, box_size=1)
    other = floor.box()
    assert floor.refusal("addboxitem", other, unit) == (1002, "item-in-box")
    assert floor.refusal("addboxitem", box, unit) == (1002, "item-in-box")
    assert floor.delfrombox(box, unit)["items"] == []
    assert floor.refusal("delfrombox", box, unit) == (1002, "item-not-in-box")
    assert floor.addboxitem(other, unit)["items"] == [unit]


def test_unknown_units_and_the_hidden_one_are_not_packed(floor):
    hidden = floor.addncops(floor.order, [[10, None]], 1, 100, [32])["op_ids"]
    assert hidden
    box = floor.box()
    for unit in (1, 99):
        assert floor.refusal("addboxitem", box, unit) == (1001, "item-not-found")
        assert floor.refusal("delfrombox", box, unit) == (1001, "item-not-found")


def test_a_unit_is_taken_out_of_the_box_in_which_it_lies_directly(floor):
    unit = floor.unit()
    inner, middle, outer = floor.nested(unit)
    for box in (middle, outer):
        assert floor.refusal("delfrombox", box, unit) == (1002, "item-not-in-box")
    assert floor.delfrombox(inner, unit)["count"] == 0


def test_all_boxes_around_a_unit_are_told_the_nearest_first(floor):
    unit = floor.unit()
    boxes = floor.nested(unit)
    found = floor.getboxbyitem(unit)
    assert [box["id"] for box in found] == list(boxes)
    assert found == [floor.getbox(box) for box in boxes]
    extra = [{"id": box, "label": "", "status": 0} for box in boxes]
    assert floor.getitemextra(unit) == {"boxes": {"boxes": extra}}
    floor.delfrombox(boxes[0], unit)
    assert floor.getboxbyitem(unit) == [] and floor.getitemextra(unit) == {"boxes": {"boxes": []}}


def test_what_is_built_into_a_unit_lies_where_that_does(floor):
    part, host = floor.unit(code="PART"), floor.unit()
    floor.addop(host, 10, 1, 100, [32], data=[[defs.DATA_TP_COMPONENT, "A1", "PART"]])
    box = floor.box(host)
    assert floor.getboxbyitem(part) == [floor.getbox(box)]
    assert floor.getbox(box)["items"] == [host]
    other = floor.box()
    for target in (box, other):
        assert floor.refusal("addboxitem", target, part) == (1002, "item-in-box")
    floor.delfrombox(box, host)
    assert floor.addboxitem(other, part)["items"] == [part]


def test_all_reasons_against_packing_are_told(floor):
    other = floor.make_order("VP-2", "PCB-B")
    unit, foreign = floor.unit(), floor.unit(other)
    floor.setitemscrap(foreign, 100, [32])
    box = floor.box(unit, item="PCB-A", box_size=1)
    floor.set(box, status=CLOSED)
    assert floor.refusal("addboxitem", box, foreign) == (
        1000,
        ["box-closed", "box-full", "item-bad", "box-product-mismatch"],
    )
    assert floor.getboxbyitem(foreign) == []


def test_closed_and_shipped_boxes_neither_take_nor_give_nor_does_a_box_inside_one(floor):
    unit, more = floor.unit(), floor.unit()
    inner, middle, outer = floor.nested(unit)
    floor.addboxbox(inner, floor.box())
    loose = floor.box()
    for box in (inner, outer):
        floor.set(box, status=CLOSED)
        _refuse_all(floor, inner, unit, more, loose)
        floor.set(box, status=OPEN)
    assert floor.addboxitem(inner, more)["count"] == 2
    floor.delfrombox(inner, more)
    floor.set(outer, status=SHIPPED)
    _refuse_all(floor, inner, unit, more, loose)
    assert floor.refusal("clearbox", middle) == floor.refusal("clearbox", outer) == (1000, ["box-closed"])


def _refuse_all(floor, box, inside, outside, loose):
    closed = (1000, ["box-closed"])
    assert floor.refusal("addboxitem", box, outside) == closed
    assert floor.refusal("addboxbox", box, loose) == closed
    assert floor.refusal("delfrombox", box, inside) == closed
    assert floor.refusal("clearbox", box) == closed


def test_bad_units_are_not_packed_but_stay_and_come_out(floor):
    unit, marked, packed = (floor.unit() for _ in range(3))
    floor.setitemscrap(unit, 100, [32])
    floor.setitembadmark(marked, 100, [32])
    box = floor.box(packed)
    for bad in (unit, marked):
        assert floor.refusal("addboxitem", box, bad) == (1000, ["item-bad"])
    floor.setitemscrap(packed, 100, [32], "dropped")
    assert floor.getbox(box)["items"] == [packed]
    assert floor.delfrombox(box, packed)["items"] == []
    assert floor.refusal("addboxitem", box, packed) == (1000, ["item-bad"])


def test_a_panel_and_its_boards_are_one_piece_until_the_boards_are_packed(floor):
    panel, boards = floor.panel(boards=3)
    box, other = floor.box(panel), floor.box()
    assert [found["id"] for found in floor.getboxbyitem(boards[0])] == [box]
    assert floor.refusal("addboxitem", other, boards[0]) == (1002, "item-in-box")
    assert floor.refusal("delfrombox", box, boards[0]) == (1002, "item-not-in-box")
    floor.delfrombox(box, panel)
    assert floor.addboxitem(other, boards[0])["items"] == boards[:1]
    assert floor.addboxitem(box, boards[1])["items"] == boards[1:2]
    assert floor.refusal("addboxitem", box, panel) == (1002, "item-in-box")
    assert [floor.getboxbyitem(unit) for unit in (panel, boards[2])] == [[], []]


def test_a_panel_without_a_good_board_is_not_packed(floor):
    panel, boards = floor.panel(boards=2)
    for board in boards:
        floor.setitemscrap(board, 100, [32])
    assert floor.refusal("addboxitem", floor.box(), panel) == (1000, ["item-bad"])


def test_a_box_lies_in_one_box_and_never_in_itself(floor):
    inner, middle, outer = floor.nested(floor.unit())
    for box, child in ((inner, inner), (inner, outer), (middle, outer), (inner, middle)):
        assert floor.refusal("addboxbox", box, child) == (1000, ["box-cycle"])
    other = floor.box()
    for box in (other, middle, outer):
        assert floor.refusal("addboxbox", box, inner) == (1002, "item-in-box")
    assert floor.clearbox(middle)["boxes"] == []
    assert floor.addboxbox(inner, outer)["count"] == 1
    assert [box["id"] for box in floor.getboxbyitem(floor.getbox(inner)["items"][0])] == [inner]


def test_boxes_lie_so_deep_one_in_the_other_and_no_deeper(floor):
    unit = floor.unit()
    top = floor.box()
    bottom = top
    for _ in range(31):
        child = floor.box()
        floor.addboxbox(bottom, child)
        bottom = child
    pair = floor.box(inside=[floor.box()])
    assert floor.refusal("addboxbox", bottom, floor.box()) == (-32602, "invalid-params")
    assert floor.refusal("addboxbox", floor.getbox(bottom)["parent_id"], pair) == (-32602, "invalid-params")
    assert floor.refusal("addboxbox", floor.box(), top) == (-32602, "invalid-params")
    assert floor.addboxitem(bottom, unit)["count"] == 1
    assert len(floor.getboxbyitem(unit)) == 32 and floor.getbox(top)["count"] == 1
    assert floor.record(top) == [unit]


def test_a_closed_box_is_put_into_an_open_one_and_a_shipped_one_is_not(floor):
    closed, shipped, pallet = floor.box(floor.unit()), floor.box(), floor.box()
    floor.set(closed, status=CLOSED)
    floor.set(shipped, status=SHIPPED)
    assert floor.addboxbox(pallet, closed)["count"] == 1
    assert floor.refusal("addboxbox", pallet, shipped) == (1000, ["box-closed"])


def test_a_nested_box_holds_only_what_the_outer_one_takes(floor):
    other = floor.make_order("VP-2", "PCB-B")
    pallet = floor.box(item="PCB-A")
    mixed = floor.box(floor.unit(), inside=[floor.box(floor.unit(other))])
    declared = floor.box(item="PCB-B")
    within = floor.box(inside=[floor.box(item="PCB-B")])
    for child in (mixed, declared, within):
        assert floor.refusal("addboxbox", pallet, child) == (1000, ["box-product-mismatch"])
    assert floor.addboxbox(pallet, floor.box(floor.unit()))["count"] == 1
    assert floor.addboxbox(floor.box(), mixed)["count"] == 2


def test_clearing_takes_boxes_out_as_they_are(floor):
    unit, inside = floor.unit(), floor.unit()
    inner = floor.box(inside)
    floor.set(inner, status=CLOSED)
    box = floor.box(unit, inside=[inner])
    cleared = floor.clearbox(box)
    assert cleared == floor.getbox(box) and (cleared["items"], cleared["boxes"], cleared["count"]) == (
        [],
        [],
        0,
    )
    assert floor.getbox(inner) == floor.getbox(inner) | {
        "parent_id": None,
        "items": [inside],
        "status": CLOSED,
    }
    assert floor.getboxbyitem(unit) == [] and floor.clearbox(box) == cleared
    assert floor.addboxitem(box, unit)["items"] == [unit]
