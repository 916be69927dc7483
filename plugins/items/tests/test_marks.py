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
