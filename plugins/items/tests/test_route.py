"""The interlock: which step a unit may do next, rule by rule."""

import pytest

OPTIONAL, REPEATABLE, ANY_ORDER, REPAIR = 1, 2, 4, 8
FREE_ROUTE = 4


def route(*rows):
    """A routing of (op, flags) or (op, flags, params) rows; REPAIR steps have act 9."""
    return [
        {"op": op, "act": 9 if flags & REPAIR else 1, "flags": flags, "params": dict(*params)}
        for op, flags, *params in rows
    ]


@pytest.fixture
def on_route(make_floor):
    def make(*rows, **order):
        floor = make_floor()
        floor.make_order(route(*rows), **order)
        return floor, floor.unit()

    return make


def test_steps_are_done_in_order(on_route):
    floor, unit = on_route((10, 0), (20, 0), (30, 0))
    assert floor.can(unit, 10) == []
    assert floor.can(unit, 20) == floor.cannot(unit, 20) == ["previous-op-missing"]
    floor.do(unit, 10)
    assert floor.can(unit, 20) == []
    assert floor.cannot(unit, 30) == ["previous-op-missing"]
    floor.pass_all(unit, 20, 30)
    assert floor.counts() == {10: (1, 0), 20: (1, 0), 30: (1, 0)}


def test_a_step_is_passed_once_unless_it_is_repeatable(on_route):
    floor, unit = on_route((10, 0), (20, REPEATABLE))
    floor.pass_all(unit, 10, 20, 20, 20)
    assert floor.can(unit, 10) == floor.cannot(unit, 10) == ["op-already-done"]
    assert floor.counts() == {10: (1, 0), 20: (1, 0)}


def test_a_failed_step_blocks_and_may_be_done_again(on_route):
    floor, unit = on_route((10, 0), (20, 0))
    floor.do(unit, 10, result=3)
    assert floor.can(unit, 20) == ["previous-op-missing"]
    assert floor.counts() == {10: (0, 1), 20: (0, 0)}
    floor.do(unit, 10)
    assert floor.counts() == {10: (1, 0), 20: (0, 0)}
    floor.do(unit, 20)


def test_a_repeated_step_counts_with_its_latest_result(on_route):
    floor, unit = on_route((10, REPEATABLE), (20, 0))
    floor.do(unit, 10)
    floor.do(unit, 10, result=1)
    assert floor.counts()[10] == (0, 1)
    assert floor.can(unit, 20) == ["previous-op-missing"]


def test_latest_is_the_order_of_recording_not_the_time_said(on_route):
    floor, unit = on_route((10, REPEATABLE), (20, 0))
    floor.do(unit, 10, result=1, tm0="2026-11-20T09:00:00Z", tm1="2026-11-20T09:59:00Z")
    floor.do(unit, 10, result=0, tm0="2026-11-19T09:00:00Z", tm1="2026-11-19T09:01:00Z")
    assert floor.can(unit, 20) == []


def test_an_optional_step_may_be_missing_but_not_failed(on_route):
    floor, unit = on_route((10, 0), (20, OPTIONAL), (30, 0))
    floor.do(unit, 10)
    assert floor.can(unit, 30) == []
    floor.do(unit, 20, result=1)
    assert floor.can(unit, 30) == ["previous-op-missing"]
    floor.pass_all(unit, 20, 30)


def test_a_step_of_any_order_needs_no_predecessor_but_is_one(on_route):
    floor, unit = on_route((10, 0), (20, ANY_ORDER), (30, 0))
    floor.pass_all(unit, 20, 10, 30)
    other = floor.unit()
    floor.do(other, 10)
    assert floor.can(other, 30) == ["previous-op-missing"]


def test_a_free_route_needs_no_predecessors(on_route):
    floor, unit = on_route((10, 0), (20, 0), (30, 0), flags=1 | FREE_ROUTE)
    floor.pass_all(unit, 30, 10, 20)
    assert floor.can(unit, 10) == ["op-already-done"]


def test_repair_is_due_while_the_last_record_is_a_fail(on_route):
    floor, unit = on_route((10, 0), (15, REPAIR), (20, 0))
    assert floor.can(unit, 15) == floor.cannot(unit, 15) == ["repair-not-due"]
    floor.do(unit, 10, result=1)
    floor.do(unit, 15, result=1)
    floor.do(unit, 15)
    assert floor.can(unit, 15) == ["repair-not-due"]
    assert floor.can(unit, 20) == ["previous-op-missing"]
    floor.pass_all(unit, 10, 20)
    assert floor.counts() == {10: (1, 0), 15: (1, 0), 20: (1, 0)}


def test_a_failed_repair_never_blocks_a_later_step(on_route):
    floor, unit = on_route((10, 0), (15, REPAIR), (20, 0))
    floor.do(unit, 10, result=1)
    floor.do(unit, 15, result=1)
    floor.pass_all(unit, 10, 20)


def test_a_repair_needs_no_predecessors_wherever_it_stands(on_route):
    floor, unit = on_route((10, 0), (20, 0), (90, REPAIR))
    floor.do(unit, 10, result=1)
    assert floor.can(unit, 90) == []


def test_rework_makes_everything_from_a_step_on_count_as_not_done(on_route):
    floor, unit = on_route((10, 0), (20, 0), (30, 0), (90, REPAIR, {"back_to": 20}))
    floor.pass_all(unit, 10, 20)
    floor.do(unit, 30, result=1)
    floor.do(unit, 90, result=1)
    assert floor.counts() == {10: (1, 0), 20: (1, 0), 30: (0, 1), 90: (0, 1)}
    floor.do(unit, 90)
    assert floor.counts() == {10: (1, 0), 20: (0, 0), 30: (0, 0), 90: (1, 0)}
    assert floor.can(unit, 30) == ["previous-op-missing"]
    assert floor.can(unit, 10) == ["op-already-done"]
    assert floor.can(unit, 90) == ["repair-not-due"]
    floor.pass_all(unit, 20, 30)
    assert len(floor.getitemoperations(unit)) == 7


def test_rework_again_and_again(on_route):
    floor, unit = on_route((10, 0), (20, 0), (25, REPAIR, {"back_to": 10}))
    for _ in range(3):
        floor.do(unit, 10)
        floor.do(unit, 20, result=1)
        floor.do(unit, 25)
        assert floor.counts() == {10: (0, 0), 20: (0, 0), 25: (1, 0)}
    floor.pass_all(unit, 10, 20)


def test_rework_to_a_step_after_the_repair_leaves_the_repair(on_route):
    floor, unit = on_route((10, 0), (15, REPAIR, {"back_to": 20}), (20, 0))
    floor.pass_all(unit, 10)
    floor.do(unit, 20, result=1)
    floor.do(unit, 15)
    assert floor.counts() == {10: (1, 0), 15: (1, 0), 20: (0, 0)}


def test_pairs_of_a_question_are_asked_in_route_order_as_if_the_earlier_had_passed(on_route):
    floor, unit = on_route((10, 0), (20, 0), (30, 0), (35, REPAIR))
    assert floor.can(unit, 20, 10) == []
    assert floor.can(unit, 30, 10) == ["previous-op-missing"]
    floor.do(unit, 10, result=1)
    assert floor.can(unit, 20, 35) == ["previous-op-missing"]
    assert floor.can(unit, 10, 20, 30) == []


def test_a_repair_in_a_question_sends_the_unit_back_before_the_steps_after_it(on_route):
    floor, unit = on_route((10, 0), (20, 0), (25, REPAIR, {"back_to": 20}), (30, 0), (40, REPAIR))
    floor.pass_all(unit, 10, 20)
    floor.do(unit, 30, result=1)
    assert floor.can(unit, 25, 30, 40) == ["previous-op-missing", "repair-not-due"]
    floor.do(unit, 25)
    assert floor.can(unit, 30, 40) == ["previous-op-missing", "repair-not-due"]
    assert floor.can(unit, 20, 30) == []


def test_all_reasons_are_told_in_the_order_of_the_rules(on_route):
    floor, unit = on_route((10, 0), (20, 0))
    floor.do(unit, 10)
    floor.setitemscrap(unit, 100, [32], "cracked")
    floor.blockworkplace(100, "fire drill")
    floor.updateorder(floor.order, {"status": 2})
    answer = floor.canaddop(unit, [[10, None], [30, None]], 100, [34, 77])
    assert [reason["code"] for reason in answer["reasons"]] == [
        "order-not-active",
        "item-bad",
        "op-not-in-route",
        "op-already-done",
        "workplace-blocked",
        "worker-unknown",
        "worker-inactive",
    ]
    assert "cracked" in answer["reasons"][1]["info"] and answer["reasons"][1]["item_id"] == unit
    assert {"op": 10, "act": 1, "item_id": unit, "plugin": "items"}.items() <= answer["reasons"][3].items()


def test_a_step_is_picked_by_op_or_act_when_they_mean_one(make_floor):
    floor = make_floor()
    floor.make_order([{"op": 10, "act": 1}, {"op": 20, "act": 2}, {"op": 30, "act": 1, "flags": ANY_ORDER}])
    unit = floor.unit()

    def refused(op, act):
        return floor.refusal("addop", unit, op, act, 100, [32])

    assert refused(None, 1) == (1000, "op-ambiguous")
    assert refused(10, 2) == refused(40, None) == refused(None, 3) == (1000, "op-not-in-route")
    assert refused(None, None) == (-32602, "invalid-params")
    for op, act in ((30, 1), (10, None), (None, 2)):
        floor.addop(unit, op, act, 100, [32])
    assert [row["op"] for row in floor.getitemoperations(unit)] == [30, 10, 20]


def test_a_step_with_records_stays_in_the_routing_with_its_act(on_route):
    floor, unit = on_route((10, 0), (20, 0), (30, REPAIR))
    floor.do(unit, 10, result=1)

    def refused(*rows):
        return floor.refusal("updateorder", floor.order, {}, [*rows])

    assert refused({"op": 20, "act": 1}) == (1000, "step-in-use")
    assert refused({"op": 10, "act": 2}) == (1000, "step-in-use")
    floor.updateorder(floor.order, {}, [{"op": 10, "act": 1, "flags": REPEATABLE}, {"op": 25, "act": 3}])
    assert floor.counts() == {10: (0, 1), 25: (0, 0)}


def test_a_new_routing_holds_for_units_on_their_way(on_route):
    floor, unit = on_route((10, 0), (20, 0))
    floor.do(unit, 10)
    floor.updateorder(floor.order, {}, route((10, 0), (15, 0), (20, 0)))
    assert floor.can(unit, 20) == ["previous-op-missing"]
    floor.pass_all(unit, 15, 20)


def test_a_pair_that_is_named_twice_is_asked_twice(make_floor):
    floor = make_floor()
    floor.make_order([{"op": 10, "act": 1}, {"op": 20, "act": 2, "flags": REPEATABLE}])
    unit = floor.unit()
    assert floor.can(unit, 10, 10) == ["op-already-done"]
    assert floor.can(unit, 10, 20, 20) == []
    floor.do(unit, 10)
    assert floor.can(unit, 10, 10) == ["op-already-done"]
    assert floor.can(unit, 99, 99) == ["op-not-in-route"]
    assert floor.checkproc(floor.order, [[10, 1], [10, 1]], 100, [32])["ok"]


def test_a_repair_that_is_due_is_asked_before_its_retest(make_floor):
    floor = make_floor()
    repair = {"op": 40, "act": 9, "flags": REPAIR, "params": {"back_to": 10}}
    floor.make_order([{"op": 10, "act": 1}, {"op": 20, "act": 2}, repair])
    unit = floor.unit()
    assert floor.can(unit, 40, 10, 20) == ["repair-not-due"]
    floor.do(unit, 10)
    floor.do(unit, 20, result=1)
    assert floor.can(unit, 10, 20) == ["op-already-done"]
    assert floor.can(unit, 10, 20, 40) == []
    assert floor.can(unit, 40, 40, 10) == ["repair-not-due"]
    floor.do(unit, 40)
    assert floor.can(unit, 10, 20, 40) == ["repair-not-due"]


def test_a_step_that_is_not_in_the_route_is_a_reason_after_a_fail_too(on_route):
    floor, unit = on_route((10, 0), (15, REPAIR), (25, REPAIR))
    floor.do(unit, 10, result=1)
    assert floor.can(unit, 99) == floor.cannot(unit, 99) == ["op-not-in-route"]
    assert floor.refusal("batch_addop", [unit], 99, None, 100, [32]) == (1000, "op-not-in-route")
    assert floor.can(unit, 99, 15) == ["op-not-in-route"]
