"""First piece: the run's first unit goes ahead, the others wait for its check."""

import msgspec
import pytest
from tracepro_items import api
from tracepro_orders.models import Order

from tracepro import clock

FIRST_PIECE, REPEATABLE = 16, 2
STEPS = [
    {"op": 10, "act": 1, "flags": FIRST_PIECE, "params": {"first_piece_act": 3}},
    {"op": 20, "act": 2},
    {"op": 30, "act": 3, "flags": REPEATABLE},
]


@pytest.fixture
def run(make_floor):
    floor = make_floor(parameters={"site": {"shifts": "06:00 14:00 22:00"}})
    floor.make_order(STEPS)
    return floor


def check(floor, unit, act=3, previous_op=10, wp_id=100, workers=(32,)):
    answer = floor.checkfirstpiece(unit, act, previous_op, list(workers), wp_id)
    return [reason["code"] for reason in answer["reasons"]]


def test_the_first_unit_is_free_and_the_others_wait_for_its_check(run):
    first, second = run.unit(), run.unit()
    assert run.can(first, 10) == run.can(second, 10) == []
    run.do(first, 10)
    assert run.can(second, 10) == run.cannot(second, 10) == ["first-piece-missing"]
    run.do(first, 20)
    run.do(first, 30, result=1)
    assert run.can(second, 10) == ["first-piece-missing"]
    run.do(first, 30)
    assert run.can(second, 10) == []
    run.do(second, 10)


def test_the_first_unit_may_repeat_a_failed_step(run):
    first, second = run.unit(), run.unit()
    run.do(first, 10, result=1)
    assert run.can(second, 10) == ["first-piece-missing"]
    run.do(first, 10)


def test_a_check_before_the_step_does_not_count(run):
    first, second = run.unit(), run.unit()
    run.updateorder(run.order, {"flags": 5})
    run.do(first, 30)
    run.do(first, 10)
    assert run.can(second, 10) == ["first-piece-missing"]
    run.do(first, 30)
    assert run.can(second, 10) == []


def test_a_check_that_passed_once_stays_passed(run):
    first, second = run.unit(), run.unit()
    for op, result in ((10, 0), (20, 0), (30, 0), (30, 1)):
        run.do(first, op, result=result)
    assert run.can(second, 10) == []


def test_in_a_batch_all_but_the_first_wait(run):
    units = [run.unit() for _ in range(3)]
    error = run.plant.error("batch_addop", units, 10, 1, 100, [32])
    assert [(reason["code"], reason["item_id"]) for reason in error["data"]["reasons"]] == [
        ("first-piece-missing", unit) for unit in units[1:]
    ]


def test_each_workplace_and_each_order_has_its_run(run):
    first, second = run.unit(), run.unit()
    run.do(first, 10)
    assert run.canaddop(second, [[10, 1]], 101, [32])["ok"]
    run.make_order(STEPS, erp_ref="VP-2", product="PCB-B")
    assert run.can(run.unit(), 10) == []


def test_a_new_shift_begins_a_new_run(run):
    first, second, third = (run.unit() for _ in range(3))
    run.pass_all(first, 10, 20, 30)
    run.plant.clock.set("2026-11-20T14:00:00Z")
    assert check(run, first) == ["first-piece-missing"]
    run.do(second, 10)
    assert run.can(third, 10) == ["first-piece-missing"]
    run.pass_all(second, 20, 30)
    assert run.can(third, 10) == [] == check(run, third)


def test_work_recorded_later_is_judged_in_the_run_it_was_done_in(run):
    run.plant.clock.set("2026-11-20T10:00:00Z")
    first, second, *others = (run.unit() for _ in range(5))
    before = {"tm1": "2026-11-19T10:00:00Z"}
    run.do(first, 10, **before)
    assert run.cannot(second, 10, **before) == ["first-piece-missing"]
    assert run.can(second, 10) == []
    run.do(second, 10)
    run.pass_all(first, 20, 30)
    for unit in others:
        run.do(unit, 10, **before)
    assert run.can(run.unit(), 10) == ["first-piece-missing"]


def test_work_from_before_a_change_of_order_lies_in_the_run_before(run):
    first, second, third = (run.unit() for _ in range(3))
    run.do(first, 10)
    earlier = {"tm1": clock.text(run.plant.clock())}
    run.plant.clock.advance(minutes=5)
    run.plant.write(lambda call: api.order_changed(call, [100]))
    run.do(second, 10)
    assert run.cannot(third, 10, **earlier) == ["first-piece-missing"]
    run.pass_all(first, 20, 30)
    run.do(third, 10, **earlier)


def test_another_order_on_the_line_begins_a_new_run(run):
    first, second = run.unit(), run.unit()
    run.pass_all(first, 10, 20, 30)
    run.plant.clock.advance(minutes=5)
    run.plant.write(lambda call: api.order_changed(call, [100, 101]))
    assert check(run, second) == ["first-piece-missing"]
    run.do(second, 10)
    assert run.can(run.unit(), 10) == ["first-piece-missing"]
    run.plant.write(lambda call: api.order_changed(call, [101]))
    run.pass_all(second, 20, 30)
    assert run.can(run.unit(), 10) == []


@pytest.mark.parametrize("checked", ["panel", "board"])
def test_a_panel_is_released_by_its_own_check_or_by_one_of_its_boards(run, checked):
    panel, boards = run.panel("P1", 2)
    other, _ = run.panel("P2", 2)
    run.do(panel, 10)
    assert run.can(boards[0], 20) == [] and run.can(other, 10) == ["first-piece-missing"]
    assert check(run, other) == ["first-piece-missing"]
    if checked == "panel":
        run.pass_all(panel, 20, 30)
    else:
        run.pass_all(boards[1], 20, 30)
    assert run.can(other, 10) == [] == check(run, other)


def test_a_check_of_a_board_after_its_own_step_and_of_its_panel_after_a_boards(run):
    panel, boards = run.panel("P1", 2)
    run.do(boards[0], 10)
    run.updateorder(run.order, {"flags": 5})
    run.do(panel, 30)
    assert check(run, panel) == []


def test_the_check_counts_at_the_workplace_in_its_run_and_for_its_order(run):
    first = run.unit()
    assert check(run, first) == ["first-piece-missing"]
    run.pass_all(first, 10, 20, 30)
    assert check(run, first) == [] == check(run, first, previous_op=20)
    assert check(run, first, previous_op=30) == ["first-piece-missing"]
    assert check(run, first, act=2, previous_op=20) == ["first-piece-missing"]
    assert check(run, first, wp_id=101) == ["first-piece-missing"]
    assert check(run, first, workers=[99]) == ["worker-unknown"]
    run.make_order(STEPS, erp_ref="VP-2", product="PCB-B")
    assert check(run, run.unit()) == ["first-piece-missing"]


def test_a_cancelled_record_is_no_piece_and_no_check(run):
    first, second = run.unit(), run.unit()
    run.cancelop(run.do(first, 10), 100, [32], "wrong unit")
    assert run.can(second, 10) == []
    run.pass_all(second, 10, 20)
    run.cancelop(run.do(second, 30), 100, [32], "not checked yet")
    assert run.can(first, 10) == ["first-piece-missing"] == check(run, first)


def test_unknown_things_are_not_found(run):
    assert run.refusal("checkfirstpiece", 99, 3, 10, [32], 100) == (1001, "item-not-found")
    assert run.refusal("checkfirstpiece", run.unit(), 3, 10, [32], 99) == (1001, "workplace-not-found")


def test_a_first_unit_that_is_scrapped_gives_its_place_to_the_next(run):
    first, second, third = (run.unit() for _ in range(3))
    run.do(first, 10)
    run.setitemscrap(first, 100, [32], "cracked")
    assert run.can(second, 10) == [] == run.can(third, 10)
    run.do(second, 10)
    assert run.can(third, 10) == run.cannot(third, 10) == ["first-piece-missing"]
    run.setitembadmark(second, 100, [32])
    run.do(third, 10)


def test_a_first_piece_that_was_checked_before_it_was_scrapped_has_released_the_others(run):
    first, second, third = (run.unit() for _ in range(3))
    run.pass_all(first, 10, 20, 30)
    run.setitemscrap(first, 100, [32], "taken for tests")
    run.do(second, 10)
    run.do(third, 10)
    assert check(run, second) == []


def test_a_first_panel_without_a_good_board_gives_its_place_to_the_next(run):
    panel, boards = run.panel("P1", 2)
    other, _ = run.panel("P2", 2)
    run.do(panel, 10)
    run.setitemscrap(boards[0], 100, [32])
    assert run.can(other, 10) == ["first-piece-missing"]
    run.setitemscrap(boards[1], 100, [32])
    assert run.can(other, 10) == []


def test_a_record_lies_in_the_run_that_holds_its_tm1(run):
    early, first, second = (run.unit() for _ in range(3))
    run.do(early, 10, tm1="2026-11-20T05:59:59Z")
    assert run.can(first, 10) == []
    in_run = run.do(first, 10, tm1="2026-11-20T06:00:00Z")
    assert run.can(second, 10) == ["first-piece-missing"]
    run.pass_all(early, 20, 30)
    assert run.can(second, 10) == ["first-piece-missing"]
    run.cancelop(in_run, 100, [32], "wrong unit")
    assert run.can(second, 10) == []


def test_work_that_is_booked_ahead_lies_in_the_next_shift(run):
    ahead, second, third = (run.unit() for _ in range(3))
    run.do(ahead, 10, tm1="2026-11-20T14:30:00Z")
    run.do(second, 10)
    assert run.can(third, 10) == ["first-piece-missing"]
    run.plant.clock.set("2026-11-20T14:00:00Z")
    assert run.can(second, 10) == ["op-already-done", "first-piece-missing"]
    run.pass_all(ahead, 20, 30)
    assert run.can(third, 10) == [] == check(run, third)


def test_either_record_may_lie_in_the_run_that_is_asked_about(run):
    first = run.unit()
    run.pass_all(first, 10, 20)
    run.plant.clock.set("2026-11-20T14:00:00Z")
    run.do(first, 30, wp_id=101)
    assert check(run, first) == ["first-piece-missing"]
    assert check(run, first, wp_id=101) == []
    second = run.unit()
    run.pass_all(second, 10, 20)
    assert check(run, first) == ["first-piece-missing"]
    run.do(second, 30, wp_id=101, tm1="2026-11-20T13:00:00Z")
    assert check(run, first) == []


def test_what_releases_the_units_is_what_checkfirstpiece_finds(run):
    """The interlock knows a free first unit, checkfirstpiece doesn't; in all else they agree."""
    first, second = run.unit(), run.unit()
    run.do(first, 10)

    def asked():
        return run.can(second, 10), check(run, second)

    assert asked() == (["first-piece-missing"], ["first-piece-missing"])
    run.do(first, 20)
    run.do(first, 30, result=1, wp_id=101)
    assert asked() == (["first-piece-missing"], ["first-piece-missing"])
    passed = run.do(first, 30, wp_id=101)
    assert asked() == ([], [])
    run.cancelop(passed, 100, [32], "not checked")
    assert asked() == (["first-piece-missing"], ["first-piece-missing"])


def test_a_stored_step_that_names_no_check_keeps_the_others_waiting(run):
    stored = msgspec.json.encode([{**step, "params": {}} for step in STEPS]).decode()
    change = Order.update(operations=stored).where(Order.id == run.order)
    run.plant.write(lambda call: call.db.run(change))
    first, second = run.unit(), run.unit()
    run.do(first, 10)
    assert run.can(second, 10) == ["first-piece-missing"]
