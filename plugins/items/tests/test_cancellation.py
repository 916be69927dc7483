"""Cancelling a wrong booking: it counts as not done, and nothing is erased."""

REPEATABLE, REPAIR = 2, 8
IN, OUT, SLOT = 11, 12, 10


def cancel(floor, op_id, **more):
    return floor.cancelop(**{"op_id": op_id, "wp_id": 100, "workers": [32], "reason": "wrong unit"} | more)


def refusal(floor, op_id, **more):
    return floor.refusal("cancelop", **{"op_id": op_id, "wp_id": 100, "workers": [32], "reason": ""} | more)


def test_a_cancelled_operation_counts_as_not_done_and_stays_in_the_history(floor):
    unit = floor.unit()
    op_id = floor.do(unit, 10)
    cancelled = cancel(floor, op_id)
    assert (cancelled["id"], cancelled["op"], cancelled["count"]) == (op_id, 10, 0)
    assert floor.counts()[10] == (0, 0)
    assert floor.can(unit, 20) == ["previous-op-missing"]
    assert floor.getitemoperations(unit) == [cancelled]
    floor.do(unit, 10)
    assert floor.counts()[10] == (1, 0)


def test_what_was_there_before_counts_again(floor):
    unit = floor.unit()
    floor.do(unit, 10, result=1)
    op_id = floor.do(unit, 10)
    cancel(floor, op_id)
    assert floor.counts()[10] == (0, 1)
    assert floor.can(unit, 20) == ["previous-op-missing"] and floor.can(unit, 10) == []


def test_only_the_latest_record_of_a_step_with_nothing_after_it_can_be_cancelled(floor):
    unit = floor.unit()
    failed, passed = floor.do(unit, 10, result=1), floor.do(unit, 10)
    assert refusal(floor, failed) == (1000, "op-not-latest")
    later = floor.do(unit, 20)
    assert refusal(floor, passed) == (1000, "op-not-latest")
    cancel(floor, later)
    assert refusal(floor, later) == (1000, "op-not-latest")
    cancel(floor, passed)
    cancel(floor, failed)
    assert floor.counts() == {10: (0, 0), 20: (0, 0), 30: (0, 0)}


def test_a_step_done_earlier_does_not_stand_in_the_way(floor):
    floor.updateorder(floor.order, {"flags": 5})
    unit = floor.unit()
    floor.do(unit, 30)
    cancel(floor, floor.do(unit, 10))
    assert floor.counts() == {10: (0, 0), 20: (0, 0), 30: (1, 0)}


def test_cancelling_a_rework_brings_back_what_it_took_away(floor):
    steps = [
        {"op": 10, "act": 1},
        {"op": 20, "act": 2},
        {"op": 90, "act": 9, "flags": REPAIR, "params": {"back_to": 10}},
    ]
    floor.updateorder(floor.order, {}, steps)
    unit = floor.unit()
    floor.do(unit, 10)
    failed = floor.do(unit, 20, result=1)
    rework = floor.do(unit, 90)
    assert floor.counts() == {10: (0, 0), 20: (0, 0), 90: (1, 0)}
    assert refusal(floor, failed) == (1000, "op-not-latest")
    cancel(floor, rework)
    assert floor.counts() == {10: (1, 0), 20: (0, 1), 90: (0, 0)}
    assert floor.can(unit, 90) == [] and floor.can(unit, 10) == ["op-already-done"]


def test_cancelling_on_a_panel_goes_for_the_boards_it_counted_for(floor):
    panel, boards = floor.panel("P1", 3)
    floor.setitembadmark(boards[2], 100, [32])
    op_id = floor.do(panel, 10)
    floor.setitembad(boards[2], 100, [32], 0)
    floor.do(boards[2], 10)
    cancel(floor, op_id)
    assert floor.counts()[10] == (1, 0)
    assert floor.can(boards[0], 10) == [] and floor.can(boards[2], 20) == []


def test_a_board_that_went_on_keeps_its_panels_operation(floor):
    panel, boards = floor.panel("P1", 2)
    op_id = floor.do(panel, 10)
    on_board = floor.do(boards[1], 20)
    assert refusal(floor, op_id) == (1000, "op-not-latest")
    cancel(floor, on_board)
    cancel(floor, op_id)
    assert floor.counts() == {10: (0, 0), 20: (0, 0), 30: (0, 0)}


def test_cancelling_on_a_board_leaves_what_its_panel_did(floor):
    panel, boards = floor.panel("P1", 2)
    floor.do(panel, 10, result=1)
    cancel(floor, floor.do(boards[0], 10))
    assert floor.counts()[10] == (0, 2)


def test_components_and_slots_are_as_they_were_before(floor):
    floor.updateorder(floor.order, {}, [{"op": 10, "act": 1, "flags": REPEATABLE}])
    host, part, other = floor.unit("H"), floor.unit("P"), floor.unit("O")
    floor.do(host, 10, data=[[IN, "U7", "P"], [SLOT, "oven", "A"], [SLOT, "nest", 1]])
    swap = floor.do(
        host, 10, data=[[OUT, "", "P"], [IN, "U7", "O"], [SLOT, "oven", "B"], [SLOT, "lid", None]]
    )
    assert floor.getitemslots(host) == {"lid": None, "nest": 1, "oven": "B"}
    cancel(floor, swap)
    assert [(relation["ref"], relation["item"]["id"]) for relation in floor.getitemrel(host)] == [
        ("U7", part)
    ]
    assert floor.getitemrel(other) == []
    assert floor.getitemslots(host) == {"nest": 1, "oven": "A"}


def test_a_component_that_went_elsewhere_can_not_come_back(floor):
    floor.updateorder(floor.order, {}, [{"op": 10, "act": 1, "flags": REPEATABLE}])
    host, _, other = floor.unit("H"), floor.unit("P"), floor.unit("O")
    floor.do(host, 10, data=[[IN, "U7", "P"]])
    out = floor.do(host, 10, data=[[OUT, "U7", "P"]])
    floor.do(other, 10, data=[[IN, "U9", "P"]])
    assert refusal(floor, out) == (1000, "component-in-use")
    assert floor.getitemrel(host) == []
    assert [operation["count"] for operation in floor.getitemoperations(host)] == [1, 1]


def test_each_non_charged_count_can_be_cancelled_once(floor):
    first, second = (floor.addncops(floor.order, [[10, 1]], n, 100, [32])["op_ids"][0] for n in (3, 4))
    floor.addncops(floor.order, [[20, 2]], 1, 100, [32])
    assert cancel(floor, first)["count"] == 0
    assert floor.counts() == {10: (4, 0), 20: (1, 0), 30: (0, 0)}
    assert refusal(floor, first) == (1000, "op-not-latest")
    floor.updateorder(floor.order, {"amount": 5})
    cancel(floor, second)
    floor.addncops(floor.order, [[10, 1]], 5, 100, [32])


def test_a_wrong_booking_is_taken_back_whatever_became_of_order_and_unit(floor):
    unit = floor.unit()
    op_id = floor.do(unit, 10)
    floor.setitemscrap(unit, 100, [32])
    floor.updateorder(floor.order, {"status": 4})
    floor.blockworkplace(100, "cleaning")
    cancel(floor, op_id)
    assert floor.counts()[10] == (0, 0)


WRONG = [
    ({"op_id": 99}, (1001, "operation-not-found")),
    ({"wp_id": 99}, (1001, "workplace-not-found")),
    ({"workers": [99]}, (1000, "worker-unknown")),
    ({"workers": [34]}, (1000, "worker-inactive")),
]


def test_wrong_calls_are_refused(floor):
    op_id = floor.do(floor.unit(), 10)
    for wrong, expected in WRONG:
        assert refusal(floor, **{"op_id": op_id} | wrong) == expected, wrong
    assert floor.counts()[10] == (1, 0)
