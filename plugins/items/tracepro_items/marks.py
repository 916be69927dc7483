"""What is marked on a unit: scrapped, bad mark, run-time flags."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tracepro.database import Statement, p
from tracepro_hookspecs.records import Item
from tracepro_items import models as m
from tracepro_items import tally, units
from tracepro_items.units import Unit
from tracepro_schemas import defs

GOOD = defs.ITEM_BAD_GOOD
MARK = Statement(lambda: (
    m.Unit.update(bad=p("bad"), bad_reason=p("reason"), bad_by_panel=p("by_panel"))
    .where(m.Unit.id.in_(p.integers("ids")))
))  # fmt: skip
MARKED_BY_PANEL = Statement(lambda: (
    m.Unit.select(m.Unit.id).where(m.Unit.panel_id == p("id"), m.Unit.bad_by_panel == 1)
))  # fmt: skip
SET_FLAGS = Statement(lambda: (
    m.Unit.update(rt_flags=m.Unit.rt_flags.bin_or(p("flags"))).where(m.Unit.id == p("id"))
))  # fmt: skip
KEEP_FLAGS = Statement(lambda: (
    m.Unit.update(rt_flags=m.Unit.rt_flags.bin_and(p("flags"))).where(m.Unit.id == p("id"))
))  # fmt: skip


def mark(call: Any, item_id: int, bad: int, reason: str) -> Item:
    """Marks a unit good, scrapped or bad (an ITEM_BAD value) and returns it.

    A panel takes its good boards along; taken back, it gives back only those it took itself. A board marked on
    its own is no longer the panel's. All boards bad doesn't mark the panel.
    """
    (unit,), boards = units.gather(call, [item_id])
    along = _along(call, unit, boards.get(item_id, ()), bad)
    _write(call, [unit.id], bad, reason, by_panel=False)
    if along:
        _write(call, [board.id for board in along], bad, reason, by_panel=bad != GOOD)
    changes: dict[int, tuple[int, int]] = {}
    for one in (unit, *along):
        good, spoilt = changes.get(one.tp, (0, 0))
        changes[one.tp] = (good + _good(bad) - _good(one.bad), spoilt + _scrap(bad) - _scrap(one.bad))
        call.changed(f"item {one.id}", "bad", [one.bad, one.bad_reason], [bad, reason])
    tally.add_units(call, unit.order_id, changes)
    return units.records(call, [unit._replace(bad=bad, bad_reason=reason)])[0]


def _along(call: Any, unit: Unit, boards: Sequence[Unit], bad: int) -> list[Unit]:
    """The boards that change with their panel."""
    if not boards:
        return []
    if bad != GOOD:
        return [board for board in boards if board.bad == GOOD]
    taken = {row[0] for row in call.db.rows(MARKED_BY_PANEL, id=unit.id)}
    return [board for board in boards if board.id in taken]


def _write(call: Any, item_ids: list[int], bad: int, reason: str, *, by_panel: bool) -> None:
    call.db.run(MARK, ids=item_ids, bad=bad, reason=reason, by_panel=by_panel)


def _good(bad: int) -> int:
    return int(bad == GOOD)


def _scrap(bad: int) -> int:
    return int(bad == defs.ITEM_BAD_SCRAP)


def set_flags(call: Any, item_id: int, rt_flags: int) -> Item:
    """Sets run-time flags of a unit: what others set at the same moment stays set."""
    return _change_flags(call, SET_FLAGS, item_id, rt_flags)


def clear_flags(call: Any, item_id: int, rt_flags: int) -> Item:
    """Clears run-time flags of a unit."""
    return _change_flags(call, KEEP_FLAGS, item_id, ~rt_flags)


def _change_flags(call: Any, statement: Statement, item_id: int, flags: int) -> Item:
    (before,), _ = units.gather(call, [item_id])
    call.db.run(statement, id=item_id, flags=flags)
    after = units.unit(call, item_id)
    call.changed(f"item {item_id}", "rt_flags", before.rt_flags, after.rt_flags)
    return units.records(call, [after])[0]
