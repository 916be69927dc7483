"""First piece: in a run the first unit goes ahead, the others wait until one has passed the check.

A run is an order's operations at a workplace since the later of the shift's start and the last change of order
on its line.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from peewee import ModelSelect, Query, fn
from tracepro_orders import api as orders_api
from tracepro_workers import api as workers_api
from tracepro_workplaces import api as workplaces_api

from tracepro.database import Insert, p, statement
from tracepro_hookspecs import Call, Reason
from tracepro_hookspecs.records import Order, Step
from tracepro_items import models as m
from tracepro_items import reasons, units
from tracepro_items.history import OperationRow
from tracepro_items.units import Unit, UnitOps
from tracepro_schemas import defs

ORDER_CHANGED = Insert(m.Run, keys=(m.Run.wp_id,), update=(m.Run.since,))
NEW_RECORD = Insert(m.RunRecord)
PASS = defs.RESULT_PASS


@statement
def last_change_of_order() -> Query:
    """When the order last changed at a workplace."""
    return m.Run.select(m.Run.since).where(m.Run.wp_id == p("wp_id"))


@statement
def delete_run_record() -> Query:
    """Delete a record from its run."""
    return m.RunRecord.delete().where(
        m.RunRecord.order_id == p("order_id"),
        m.RunRecord.wp_id == p("wp_id"),
        m.RunRecord.op == p("op"),
        m.RunRecord.recorded == p("recorded"),
        m.RunRecord.op_id == p("op_id"),
    )


def _records_of_run() -> ModelSelect[m.RunRecord]:
    record = m.RunRecord
    return record.select(record.item_id).where(
        record.order_id == p("order_id"),
        record.wp_id == p("wp_id"),
        record.op == p("op"),
        record.recorded >= p("since"),
    )


def _with_later_pass(records: ModelSelect[m.RunRecord], checked_unit: Any) -> Query:
    """Those records of the run whose ``checked_unit`` has a pass of the check recorded after the step."""
    check = m.Operation
    is_pass = (check.result == PASS) & (check.cancelled == 0)
    later = check.op.in_(p.integers("check_ops")) & (check.id > m.RunRecord.op_id)
    return records.join(check, on=(check.item_id == checked_unit)).where(is_pass, later).limit(1)


@statement
def first_of_run() -> Query:
    """The unit that went ahead in a run."""
    return _records_of_run().order_by(m.RunRecord.recorded, m.RunRecord.id).limit(1)


@statement
def passed_itself() -> Query:
    """A unit of the run that passed the check itself."""
    return _with_later_pass(_records_of_run(), m.RunRecord.item_id)


@statement
def passed_by_board() -> Query:
    """A panel of the run with a board that passed the check."""
    with_boards = _records_of_run().join(m.Unit, on=(m.Unit.panel_id == m.RunRecord.item_id))
    return _with_later_pass(with_boards.switch(m.Unit), m.Unit.id)


@statement
def passed_by_panel() -> Query:
    """A board of the run whose panel passed the check."""
    with_panel = _records_of_run().join(m.Unit, on=(m.Unit.id == m.RunRecord.item_id))
    return _with_later_pass(with_panel.switch(m.Unit), m.Unit.panel_id)


@statement
def passed_after_step() -> Query:
    """A pass of an act in the run at a workplace, after a record of the step before it on the same unit."""
    check, before, unit = m.Operation, m.Operation.alias("before"), m.Unit
    earlier = before.select(before.id).where(
        before.op == p("previous_op"), before.id < check.id, before.cancelled == 0
    )
    on_panel = earlier.join(unit, on=(unit.panel_id == before.item_id)).where(unit.id == check.item_id)
    on_board = earlier.join(unit, on=(unit.id == before.item_id)).where(unit.panel_id == check.item_id)
    on_itself = earlier.where(before.item_id == check.item_id)
    passes = check.select(check.id).where(
        check.wp_id == p("wp_id"),
        check.recorded >= p("since"),
        check.order_id == p("order_id"),
        check.act == p("act"),
        check.result == PASS,
        check.cancelled == 0,
    )
    return passes.where(fn.EXISTS(on_itself) | fn.EXISTS(on_panel) | fn.EXISTS(on_board)).limit(1)


PASSED = (passed_itself, passed_by_board, passed_by_panel)


def order_changed(call: Call, wp_ids: Sequence[int]) -> None:
    """Begin a new run at workplaces: another order was put on their line."""
    call.db.insert_many(ORDER_CHANGED, [{"wp_id": wp_id, "since": call.now} for wp_id in wp_ids])


def run_began(call: Call, wp_id: int) -> int:
    """Return when the run at a workplace began."""
    shift_start, _ = workers_api.shift_at(call, call.now)
    return max(shift_start, call.db.value(last_change_of_order, wp_id=wp_id) or 0)


def reasons_against(
    call: Call, order: Order, units: Sequence[Unit], steps: Sequence[Step], wp_id: int
) -> list[Reason]:
    """Return which units must wait at these FIRST_PIECE steps until the run's first piece has passed its check."""
    found: list[Reason] = []
    for step in steps if units else ():
        run = {"order_id": order.id, "wp_id": wp_id, "op": step.op, "since": run_began(call, wp_id)}
        first = _first(call, run) or units[0].id
        waiting = [unit for unit in units if first not in (unit.id, unit.panel_id)]
        if waiting and not _passed(call, order, step, run):
            check_act = step.params.get("first_piece_act")
            found += [
                reasons.first_piece_missing(order, check_act, op=step.op, act=step.act, unit=unit)
                for unit in waiting
            ]
    return found


def _first(call: Call, run: dict[str, int]) -> int | None:
    """The unit that went ahead in a run; of two calls that would both be first, one waits for the other."""
    first: int | None = call.db.value(first_of_run, **run)
    if first is None and call.db.writable:
        orders_api.lock_counts(call, run["order_id"])
        first = call.db.value(first_of_run, **run)
    return first


def _passed(call: Call, order: Order, step: Step, run: dict[str, int]) -> bool:
    act = step.params.get("first_piece_act")
    check_ops = [other.op for other in order.operations if other.act == act]
    return any(call.db.rows(passed, check_ops=check_ops, **run) for passed in PASSED)


def note(call: Call, order: Order, step: Step, wp_id: int, recorded: UnitOps) -> None:
    """Remember records of a FIRST_PIECE step, so that the pieces of a run are found at once."""
    same = {"order_id": order.id, "wp_id": wp_id, "op": step.op, "recorded": call.now}
    rows = [{**same, "item_id": unit.id, "op_id": op_id} for unit, op_id in recorded]
    call.db.insert_many(NEW_RECORD, rows)


def forget(call: Call, operation: OperationRow) -> None:
    """Take a cancelled record out of its run."""
    call.db.run(
        delete_run_record,
        order_id=operation.order_id,
        wp_id=operation.wp_id,
        op=operation.op,
        recorded=operation.recorded,
        op_id=operation.id,
    )


def check(
    call: Call, item_id: int, act: int, previous_op: int, worker_ids: Sequence[int], wp_id: int
) -> list[Reason]:
    """Return why work may not go on: no unit of a unit's order has passed ``act`` after step ``previous_op``.

    Asked of the run at the workplace, whose workers are asked about too (docs/rules.md, First piece).
    """
    order = orders_api.order(call, units.unit(call, item_id).order_id)
    workplace = workplaces_api.workplace(call, wp_id)
    _, found = workers_api.reasons_against(call, worker_ids, workplace, ())
    run = {"order_id": order.id, "wp_id": wp_id, "since": run_began(call, wp_id)}
    if call.db.rows(passed_after_step, act=act, previous_op=previous_op, **run):
        return found
    return [*found, reasons.first_piece_missing(order, act, op=previous_op, act=act)]
