"""Operations on several units at once: all or none, in a fixed number of statements."""

from tracepro.testing.watched import statements_of_sessions


def batch(floor, units, op, **params):
    wanted = {"item_ids": units, "op": op, "act": None, "wp_id": 100, "workers": [32]}
    return floor.plant.call("batch_addop", **wanted | params)


def refusal(floor, units, op, **params):
    wanted = {"item_ids": units, "op": op, "act": None, "wp_id": 100, "workers": [32]}
    error = floor.plant.error("batch_addop", **wanted | params)
    return error["data"].get("reasons", error["data"]["code"])


def test_each_unit_gets_its_operation_and_its_data(floor):
    units = [floor.unit() for _ in range(3)]
    done = batch(floor, units, 10, data=[[10, "tray", "T1"], [0, "note", "x"]])
    assert [row["item_id"] for row in done["ops"]] == units and done["skipped"] == []
    for unit, row in zip(units, done["ops"], strict=True):
        (operation,) = floor.getitemoperations(unit)
        assert operation["id"] == row["op_id"] and operation["data"] == [[10, "tray", "T1"], [0, "note", "x"]]
        assert floor.getitemslots(unit) == {"tray": "T1"}
    assert floor.counts() == {10: (3, 0), 20: (0, 0), 30: (0, 0)}


def test_repeated_ids_count_once_and_the_order_asked_is_kept(floor):
    first, second = floor.unit(), floor.unit()
    done = batch(floor, [second, first, second, str(first)], 10)
    assert [row["item_id"] for row in done["ops"]] == [second, first]
    assert floor.counts()[10] == (2, 0)


def test_bad_units_are_skipped(floor):
    units = [floor.unit() for _ in range(3)]
    floor.setitemscrap(units[1], 100, [32])
    done = batch(floor, units, 10)
    assert [row["item_id"] for row in done["ops"]] == [units[0], units[2]] and done["skipped"] == [units[1]]
    assert batch(floor, [units[1]], 10) == {"ops": [], "skipped": [units[1]]}
    assert batch(floor, [], 10) == {"ops": [], "skipped": []}


def test_a_batch_of_bad_units_only_is_judged_by_its_orders_its_step_and_who_works_where(floor):
    first, second = floor.unit(), floor.unit()
    for unit in (first, second):
        floor.setitemscrap(unit, 100, [32])
    floor.blockworkplace(100, "torn stencil")
    wrong = refusal(floor, [first, second], 40, workers=[34])
    assert [reason["code"] for reason in wrong] == ["op-not-in-route", "workplace-blocked", "worker-inactive"]
    floor.unblockworkplace(100)
    floor.updateorder(floor.order, {"status": 2})
    assert [reason["code"] for reason in refusal(floor, [first, second], 10)] == ["order-not-active"]
    assert refusal(floor, [first], 10, wp_id=999) == "workplace-not-found"
    good = floor.unit(order=floor.make_order(erp_ref="VP-2", product="PCB-B"))
    assert batch(floor, [first, good], 10)["skipped"] == [first]


def test_one_unit_that_may_not_stops_them_all(floor):
    units = [floor.unit() for _ in range(3)]
    floor.do(units[2], 10)
    reasons = refusal(floor, units, 10)
    assert [(reason["code"], reason["item_id"]) for reason in reasons] == [("op-already-done", units[2])]
    assert floor.counts()[10] == (1, 0)
    assert refusal(floor, [*units[:2], 99], 10) == "item-not-found"
    assert floor.counts()[10] == (1, 0)


def test_units_of_several_orders_go_together(floor):
    first = floor.order
    mine = floor.unit("A")
    other = floor.make_order([{"op": 10, "act": 3}], erp_ref="VP-2")
    theirs = floor.unit("B")
    done = batch(floor, [theirs, mine], 10)
    assert [row["item_id"] for row in done["ops"]] == [theirs, mine]
    assert floor.counts(first)[10] == floor.counts(other)[10] == (1, 0)
    floor.updateorder(first, {"status": 2})
    assert [reason["code"] for reason in refusal(floor, [mine, theirs], 10)] == [
        "order-not-active",
        "op-already-done",
        "op-already-done",
    ]


def test_panels_and_boards_mix_but_not_a_panel_with_its_own(floor):
    panel, boards = floor.panel("P1", 2)
    _, others = floor.panel("P2", 2)
    assert refusal(floor, [panel, boards[0]], 10) == "invalid-params"
    batch(floor, [panel, others[0]], 10)
    assert floor.counts()[10] == (3, 0)


def test_the_number_of_statements_does_not_grow_with_the_batch(floor):
    few, many = ([floor.unit() for _ in range(count)] for count in (2, 40))
    count = _statements(floor, few)
    assert 0 < count <= 12
    assert _statements(floor, many) == count


def _statements(floor, units):
    with statements_of_sessions() as sent:
        batch(floor, units, 10)
    return len(sent)
