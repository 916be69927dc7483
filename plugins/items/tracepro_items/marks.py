"""What is marked on a unit: scrapped, bad mark, run-time flags."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from peewee import Query
from tracepro_orders import api as orders_api

from tracepro.database import Statement, p, statement
from tracepro_hookspecs import Call, Refused
from tracepro_hookspecs.records import Item, Order
from tracepro_items import bad_below, creation, overrun, route_state, tally, units
from tracepro_items import models as m
from tracepro_items.route_state import NO_RECORDS
from tracepro_items.tally import CountChange
from tracepro_items.units import Unit
from tracepro_schemas import defs

APPLY = "tracepro_apply_marks"
GOOD, SCRAP = defs.ITEM_BAD_GOOD, defs.ITEM_BAD_SCRAP


@statement
def mark_units() -> Query:
    """Mark units."""
    marks = {"bad": p("bad"), "bad_reason": p("reason"), "bad_by_panel": p("by_panel")}
    return m.Unit.update(**marks).where(m.Unit.id.in_(p.integers("ids")))


@statement
def boards_marked_by_panel() -> Query:
    """The boards of a panel that it took along when it was marked."""
    return m.Unit.select(m.Unit.id).where(m.Unit.panel_id == p("id"), m.Unit.bad_by_panel == 1)


@statement
def add_flags() -> Query:
    """Set flags of a unit."""
    return m.Unit.update(rt_flags=m.Unit.rt_flags.bin_or(p("flags"))).where(m.Unit.id == p("id"))


@statement
def keep_flags() -> Query:
    """Clear all flags of a unit but these."""
    return m.Unit.update(rt_flags=m.Unit.rt_flags.bin_and(p("flags"))).where(m.Unit.id == p("id"))


def mark(call: Call, item_id: int, bad: int, reason: str, wp_id: int, worker_ids: Sequence[int]) -> Item:
    """Mark a unit good, scrapped or bad (an ITEM_BAD value) at a workplace and return it.

    A panel takes its good boards along; taken back, it gives back only those it took itself. A board marked on
    its own is no longer the panel's. All boards bad doesn't mark the panel. What is taken back must have room in
    the order's amount (``order-amount-reached``).
    """
    unit, boards = units.lock_with_boards(call, item_id)
    along = _boards_along(call, unit, boards, bad)
    marked = [unit, *along]
    bad_below.add_above(call, {one.id: (bad != GOOD) - (one.bad != GOOD) for one in marked})
    order = _require_amount(call, marked) if bad == GOOD else None
    _write(call, [unit.id], bad, reason, by_panel=False)
    if along:
        _write(call, [board.id for board in along], bad, reason, by_panel=bad != GOOD)
    for changed in marked:
        call.changed(f"item {changed.id}", "bad", [changed.bad, changed.bad_reason], [bad, reason])
    after = [msgspec.structs.replace(each, bad=bad, bad_reason=reason) for each in marked]
    items = units.to_items(call, after)
    if call.hooks.has(APPLY):
        before = {each.id: each.bad for each in marked}
        call.hooks.apply(APPLY, items=tuple(items), before=before, wp_id=wp_id, workers=tuple(worker_ids))
    ops = _count(call, marked, bad)
    if order is not None:
        overrun.tell(call, order, ops)
    return items[0]


def _require_amount(call: Call, marked: Sequence[Unit]) -> Order | None:
    """Refuse to take back more units than the order makes, whatever its status; return it if any are taken back."""
    given_back = sum(unit.bad != GOOD and unit.tp in tally.LIMITED for unit in marked)
    if not given_back:
        return None
    order = orders_api.lock_counts(call, marked[0].order_id)
    against = creation.amount_reached(call, order, given_back)
    if against:
        raise Refused(against)
    return order


def _count(call: Call, marked: Sequence[Unit], bad: int) -> set[int]:
    """Count units as they are marked now, by type and at the steps that they have records of; return the steps."""
    by_type: dict[int, CountChange] = {}
    by_step: dict[int, CountChange] = {}
    states = route_state.read(call, [unit.id for unit in marked])
    for unit in marked:
        change = by_type.setdefault(unit.tp, CountChange())
        change.good += (bad == GOOD) - (unit.bad == GOOD)
        change.bad += (bad == SCRAP) - (unit.bad == SCRAP)
        for op, record in states.get(unit.id, NO_RECORDS).items() if unit.tp in tally.LIMITED else ():
            at_step = by_step.setdefault(op, CountChange())
            at_step.add(record.result, -1, of=unit.bad)
            at_step.add(record.result, of=bad)
    tally.add(
        call, marked[0].order_id, {op: change for op, change in by_step.items() if change != CountChange()}
    )
    tally.add_units(call, marked[0].order_id, by_type)
    return set(by_step)


def _boards_along(call: Call, unit: Unit, boards: Sequence[Unit], bad: int) -> list[Unit]:
    """The boards that change with their panel."""
    if not boards:
        return []
    if bad != GOOD:
        return [board for board in boards if board.bad == GOOD]
    taken = {row[0] for row in call.db.rows(boards_marked_by_panel, id=unit.id)}
    return [board for board in boards if board.id in taken]


def _write(call: Call, item_ids: list[int], bad: int, reason: str, *, by_panel: bool) -> None:
    call.db.run(mark_units, ids=item_ids, bad=bad, reason=reason, by_panel=by_panel)


def set_flags(call: Call, item_id: int, rt_flags: int) -> Item:
    """Set run-time flags of a unit: what others set at the same moment stays set."""
    return _change_flags(call, add_flags, item_id, rt_flags)


def clear_flags(call: Call, item_id: int, rt_flags: int) -> Item:
    """Clear run-time flags of a unit."""
    return _change_flags(call, keep_flags, item_id, ~rt_flags)


def _change_flags(call: Call, change: Statement, item_id: int, flags: int) -> Item:
    before, _ = units.lock_with_boards(call, item_id)
    call.db.run(change, id=item_id, flags=flags)
    after = units.unit(call, item_id)
    call.changed(f"item {item_id}", "rt_flags", before.rt_flags, after.rt_flags)
    return units.to_items(call, [after])[0]
