"""Marks on units: scrap, bad marks, run-time flags, and the counts of units."""

import pytest

from tracepro_schemas import defs


def test_a_unit_is_scrapped_with_a_reason_and_taken_back(floor):
    unit = floor.unit("U1")
    scrapped = floor.setitemscrap(unit, 100, [32], "cracked")
    assert (scrapped["bad"], scrapped["bad_reason"]) == (defs.ITEM_BAD_SCRAP, "cracked")
    assert floor.item("U1") == scrapped
    assert floor.cannot(unit, 10) == ["item-bad"]
    good = floor.setitembad(unit, 100, [32], 0)
    assert (good["bad"], good["bad_reason"]) == (0, "")
    floor.do(unit, 10)
    assert floor.setitembad(unit, 100, [32])["bad"] == 1


def test_counts_follow_the_marks(floor):
    units = [floor.unit() for _ in range(3)]
    floor.setitembadmark(units[0], 100, [32], "crossed out")
    floor.setitemscrap(units[1], 100, [32])
    assert floor.unit_counts() == {1: (1, 1)}
    floor.setitemscrap(units[0], 100, [32])
    floor.setitemscrap(units[0], 100, [32])
    assert floor.unit_counts() == {1: (1, 2)}
    floor.setitembad(units[0], 100, [32], 0)
    floor.setitembadmark(units[1], 100, [32])
    floor.setitembadmark(units[2], 100, [32])
    assert floor.unit_counts() == {1: (1, 0)}


def test_a_bad_mark_leaves_the_counts_of_steps_and_comes_back_when_it_is_taken_back(floor):
    passed, failed = floor.unit(), floor.unit()
    floor.do(passed, 10)
    op_id = floor.do(failed, 10, result=1)
    for unit in (passed, failed):
        floor.setitembadmark(unit, 100, [32], "crossed out")
    assert floor.counts()[10] == (0, 0)
    floor.setitemscrap(passed, 100, [32])
    floor.setitembad(failed, 100, [32], 0)
    assert floor.counts()[10] == (1, 1)
    floor.setitembadmark(failed, 100, [32])
    floor.cancelop(op_id, 100, [32], "wrong unit")
    floor.setitembad(failed, 100, [32], 0)
    assert floor.counts()[10] == (1, 0)


def test_a_bad_mark_of_a_panel_leaves_out_the_boards_it_takes_along(floor):
    panel, boards = floor.panel("P1", 3)
    floor.setitemscrap(boards[0], 100, [32])
    floor.do(panel, 10)
    floor.setitemscrap(boards[1], 100, [32])
    floor.setitembadmark(panel, 100, [32])
    assert floor.counts()[10] == (1, 0)
    floor.setitembad(panel, 100, [32], 0)
    assert floor.counts()[10] == (2, 0)


def test_a_scrap_is_taken_back_while_the_amount_has_room_whatever_the_orders_status(floor):
    floor.updateorder(floor.order, {"amount": 2})
    first, second = floor.unit(), floor.unit()
    floor.setitemscrap(first, 100, [32])
    third = floor.unit()
    taken_back = ("setitembad", first, 100, [32], 0)
    assert floor.refusal(*taken_back) == (1000, "order-amount-reached")
    assert floor.unit_counts() == {1: (2, 1)}
    floor.setitembadmark(first, 100, [32])
    assert floor.refusal(*taken_back) == (1000, "order-amount-reached")
    assert floor.setitembad(second, 100, [32], 0)["bad"] == 0
    floor.setitemscrap(third, 100, [32])
    floor.updateorder(floor.order, {"status": 3})
    assert floor.setitembad(first, 100, [32], 0)["bad"] == 0
    assert floor.refusal("setitembad", third, 100, [32], 0) == (1000, "order-amount-reached")
    floor.updateorder(floor.order, {"flags": 1 | 2})
    floor.setitembad(third, 100, [32], 0)
    assert floor.unit_counts() == {1: (3, 0)}


def test_a_panel_is_taken_back_by_the_boards_it_gives_back(floor):
    panel, boards = floor.panel("P1", 3)
    floor.setitemscrap(boards[0], 100, [32])
    floor.setitemscrap(panel, 100, [32])
    floor.updateorder(floor.order, {"amount": 3})
    for _ in range(2):
        floor.unit()
    assert floor.refusal("setitembad", panel, 100, [32], 0) == (1000, "order-amount-reached")
    floor.updateorder(floor.order, {"amount": 4})
    floor.setitembad(panel, 100, [32], 0)
    assert floor.unit_counts() == {1: (4, 1), 2: (1, 0)}
    assert floor.refusal("setitembad", boards[0], 100, [32], 0) == (1000, "order-amount-reached")


def test_scrap_does_not_change_the_counts_of_steps(floor):
    unit = floor.unit()
    floor.do(unit, 10)
    floor.setitemscrap(unit, 100, [32])
    assert floor.counts()[10] == (1, 0)


def test_flags_are_added_and_taken_away(floor):
    unit = floor.unit("U1")
    assert floor.setitemrtflags(unit, 100, [32], 0b0101)["rt_flags"] == 0b0101
    assert floor.setitemrtflags(unit, 100, [32], 0b0110)["rt_flags"] == 0b0111
    assert floor.clearitemrtflags(unit, 100, [32], 0b1001)["rt_flags"] == 0b0110
    assert floor.setitemrtflags(unit, 100, [32], 2**62)["rt_flags"] == 2**62 + 0b0110
    assert floor.clearitemrtflags(unit, 100, [32], 2**63 - 1)["rt_flags"] == 0
    assert floor.item("U1")["rt_flags"] == 0


CALLS = [
    ("setitembad", []),
    ("setitemscrap", []),
    ("setitembadmark", []),
    ("setitemrtflags", [1]),
    ("clearitemrtflags", [1]),
]


@pytest.mark.parametrize(("method", "more"), CALLS)
def test_marks_need_a_unit_a_workplace_and_known_workers(floor, method, more):
    unit = floor.unit("U1")
    before = floor.item("U1")
    assert floor.refusal(method, 99, 100, [32], *more) == (1001, "item-not-found")
    assert floor.refusal(method, unit, 999, [32], *more) == (1001, "workplace-not-found")
    assert floor.refusal(method, unit, 100, [77], *more) == (1000, "worker-unknown")
    assert floor.refusal(method, unit, 100, [34], *more) == (1000, "worker-inactive")
    assert floor.item("U1") == before
    floor.blockworkplace(100, "inspection")
    floor.plant.call(method, unit, 100, [], *more)


def test_only_good_and_scrapped_can_be_set_by_number(floor):
    unit = floor.unit()
    for bad in (2, -1, True):
        assert floor.refusal("setitembad", unit, 100, [32], bad) == (-32602, "invalid-params")


def test_what_was_marked_is_in_the_audit_record(floor):
    unit = floor.unit()
    floor.setitemscrap(unit, 100, [32], "cracked")

    def changes(call):
        from tracepro.database.core_models import Audit

        rows = call.db.rows(Audit.select(Audit.changes).where(Audit.method == "setitemscrap"))
        return [row[0] for row in rows]

    (found,) = floor.plant.read(changes)
    assert f"item {unit}" in found and "cracked" in found
