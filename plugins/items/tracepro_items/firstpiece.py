"""First piece: in a run the first unit goes ahead, the others wait until one has passed the check.

A run is an order's operations at a workplace since the later of the shift's start and the last change of order
on its line; a record lies in the run that holds its ``tm1``.
"""

from __future__ import annotations

from collections.abc import Sequence

from peewee import Expression, Field, ModelAlias, ModelSelect, Query, fn
from tracepro_orders import api as orders_api
from tracepro_workers import api as workers_api
from tracepro_workplaces import api as workplaces_api

from tracepro.database import Insert, p, statement
from tracepro_hookspecs import Call, Reason
from tracepro_hookspecs.records import Order, Step
from tracepro_items import models as m
from tracepro_items import reasons, units
from tracepro_items.drafts import AHEAD
from tracepro_items.history import OperationRow
from tracepro_items.units import Unit, UnitOps
from tracepro_schemas import defs

ORDER_CHANGED = Insert(m.Run, keys=(m.Run.wp_id,), update=(m.Run.since,))
NEW_RECORD = Insert(m.RunRecord)


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
        m.RunRecord.tm1 == p("tm1"),
        m.RunRecord.op_id == p("op_id"),
    )


def _in_run(tm1: Field) -> Expression:
    return (tm1 >= p("since")) & (tm1 < p("until"))


def _records_of_run() -> ModelSelect[m.RunRecord]:
    """The records of a FIRST_PIECE step in a run."""
    record = m.RunRecord
    at_step = (record.order_id == p("order_id"), record.wp_id == p("wp_id"), record.op == p("op"))
    return record.select(record.item_id).where(*at_step, _in_run(record.tm1))


def _operations_of_run(operation: type[m.Operation] | ModelAlias[m.Operation]) -> ModelSelect[m.Operation]:
    """What was recorded of the order in a run, found by the time it was recorded: ``tm1`` is at most a day later."""
    at_workplace = (operation.wp_id == p("wp_id"), operation.recorded >= p("recorded_since"))
    of_order = (operation.order_id == p("order_id"), operation.cancelled == 0)
    return operation.select(operation.id).where(*at_workplace, *of_order, _in_run(operation.tm1))


def _on_same(others: ModelSelect[m.Operation], other_item: Field, item: Field) -> Expression:
    """Tell whether one of the other operations was on the same unit, on a board of it or on its panel."""
    unit = m.Unit.alias("related")
    on_board = others.join(unit, on=(unit.id == other_item)).where(unit.panel_id == item)
    on_panel = others.join(unit, on=(unit.panel_id == other_item)).where(unit.id == item)
    on_itself = others.where(other_item == item)
    return fn.EXISTS(on_itself) | fn.EXISTS(on_board) | fn.EXISTS(on_panel)


def _checked_later(item: Field, op_id: Field) -> Expression:
    """Tell whether the unit of a record has a pass of the act that was recorded after it, wherever."""
    check = m.Operation.alias("later")
    passes = check.select(check.id).where(_is_pass(check), check.id > op_id)
    return _on_same(passes, check.item_id, item)


def _is_pass(check: type[m.Operation] | ModelAlias[m.Operation]) -> Expression:
    return (check.act == p("act")) & (check.result == defs.RESULT_PASS) & (check.cancelled == 0)


@statement
def first_of_run() -> Query:
    """The unit that went ahead in a run: the first that is not bad, a panel that has a good board."""
    unit, board = m.Unit, m.Unit.alias("board")
    boards = board.select(board.id).where(board.panel_id == unit.id, board.bad == defs.ITEM_BAD_GOOD)
    may_go_on = (unit.tp != defs.ITEM_TP_MULTIPANEL) | fn.EXISTS(boards)
    good = (
        _records_of_run()
        .join(unit, on=(unit.id == m.RunRecord.item_id))
        .where(unit.bad == defs.ITEM_BAD_GOOD, may_go_on)
    )
    return good.order_by(m.RunRecord.tm1, m.RunRecord.id).limit(1)


@statement
def step_of_run_checked() -> Query:
    """A record of a FIRST_PIECE step in the run whose unit passed the act later."""
    record = m.RunRecord
    return _records_of_run().where(_checked_later(record.item_id, record.op_id)).limit(1)


@statement
def record_of_run_checked() -> Query:
    """A record of any step in the run whose unit passed the act later."""
    before = m.Operation.alias("before")
    at_step = _operations_of_run(before).where(before.op == p("op"))
    return at_step.where(_checked_later(before.item_id, before.id)).limit(1)


@statement
def check_of_run() -> Query:
    """A pass of the act in the run on a unit that has an earlier record of the step."""
    check, before = m.Operation, m.Operation.alias("earlier")
    earlier = before.select(before.id).where(
        before.op == p("op"), before.id < check.id, before.cancelled == 0
    )
    passes = _operations_of_run(check).where(_is_pass(check))
    return passes.where(_on_same(earlier, before.item_id, check.item_id)).limit(1)


def order_changed(call: Call, wp_ids: Sequence[int]) -> None:
    """Begin a new run at workplaces: another order was put on their line."""
    call.db.insert_many(ORDER_CHANGED, [{"wp_id": wp_id, "since": call.now} for wp_id in wp_ids])


def run_at(call: Call, order: Order, wp_id: int, op: int, tm: int) -> dict[str, int]:
    """Return the values of a statement that looks for records of a step in the run of an order that holds an instant."""
    since, until = workers_api.shift_at(call, tm)
    change = call.db.value(last_change_of_order, wp_id=wp_id) or 0
    since, until = (max(since, change), until) if change <= tm else (since, min(until, change))
    return {"order_id": order.id, "wp_id": wp_id, "op": op, "since": since, "until": until}


def reasons_against(
    call: Call, order: Order, units: Sequence[Unit], steps: Sequence[Step], wp_id: int, tm: int
) -> list[Reason]:
    """Return which units must wait at these FIRST_PIECE steps until the run's first piece has passed its check.

    The run is the one that holds ``tm``, when the work ended: what is recorded later belongs to where it was done.
    """
    found: list[Reason] = []
    for step in steps if units else ():
        run = run_at(call, order, wp_id, step.op, tm)
        act: int | None = step.params.get(
            "first_piece_act"
        )  # orders stored before it was asked for have none
        first = _first(call, run) or units[0].id
        waiting = [unit for unit in units if first not in (unit.id, unit.panel_id)]
        if waiting and not call.db.rows(step_of_run_checked, act=act, **run):
            found += [
                reasons.first_piece_missing(order, act, op=step.op, act=step.act, unit=unit)
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


def note(call: Call, order: Order, step: Step, wp_id: int, tm1: int, recorded: UnitOps) -> None:
    """Remember records of a FIRST_PIECE step, so that the pieces of a run are found at once."""
    same = {"order_id": order.id, "wp_id": wp_id, "op": step.op, "tm1": tm1}
    rows = [{**same, "item_id": unit.id, "op_id": op_id} for unit, op_id in recorded]
    call.db.defer_insert_many(NEW_RECORD, rows)


def forget(call: Call, operation: OperationRow) -> None:
    """Take a cancelled record out of its run."""
    call.db.run(
        delete_run_record,
        order_id=operation.order_id,
        wp_id=operation.wp_id,
        op=operation.op,
        tm1=operation.tm1,
        op_id=operation.id,
    )


def check(
    call: Call, item_id: int, act: int, previous_op: int, worker_ids: Sequence[int], wp_id: int
) -> list[Reason]:
    """Return why work may not go on: no unit of a unit's order has passed ``act`` after step ``previous_op``.

    One of the two records must lie in the current run at the workplace, whose workers are asked about too. What
    the interlock finds, this finds: both look for a record of the run whose unit passed later.
    """
    order = orders_api.order(call, units.unit(call, item_id).order_id)
    workplace = workplaces_api.workplace(call, wp_id)
    _, found = workers_api.reasons_against(call, worker_ids, workplace, ())
    run = run_at(call, order, wp_id, previous_op, call.now)
    run |= {"act": act, "recorded_since": run["since"] - AHEAD}
    if any(call.db.rows(search, **run) for search in (record_of_run_checked, check_of_run)):
        return found
    return [*found, reasons.first_piece_missing(order, act, op=previous_op, act=act)]
