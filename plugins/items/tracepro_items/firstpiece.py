"""First piece: in a run the first unit goes ahead, the others wait until one has passed the check.

A run is an order's operations at a workplace since the later of the shift's start and the last change of order
on its line.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from peewee import fn
from tracepro_orders import api as orders_api
from tracepro_workers import api as workers_api
from tracepro_workplaces import api as workplaces_api

from tracepro.database import Insert, Statement, p
from tracepro_hookspecs import Call
from tracepro_hookspecs import Reason as AnyReason
from tracepro_hookspecs.records import Order, Step, Workplace
from tracepro_items import models as m
from tracepro_items import units
from tracepro_items.history import Row
from tracepro_items.reasons import Reason
from tracepro_schemas import defs

SINCE = Statement(lambda: m.Run.select(m.Run.since).where(m.Run.wp_id == p("wp_id")))
ORDER_CHANGED = Insert(m.Run, keys=(m.Run.wp_id,), update=(m.Run.since,))
NEW_RECORD = Insert(m.RunRecord)
PASS = defs.RESULT_PASS
FORGET = Statement(lambda: m.RunRecord.delete().where(
    m.RunRecord.order_id == p("order_id"), m.RunRecord.wp_id == p("wp_id"), m.RunRecord.op == p("op"),
    m.RunRecord.recorded == p("recorded"), m.RunRecord.op_id == p("id"),
))  # fmt: skip


def _of_run() -> Any:
    record = m.RunRecord
    return record.select(record.item_id).where(
        record.order_id == p("order_id"), record.wp_id == p("wp_id"), record.op == p("op"),
        record.recorded >= p("since"),
    )  # fmt: skip


def _with_pass(query: Any, units: Any) -> Any:
    """Those of the run whose unit (or board, or panel) in ``units`` has a pass of the check recorded after the step."""
    check = m.Operation
    return (
        query.join(check, on=(check.item_id == units))
        .where(
            check.op.in_(p.integers("checks")), check.result == PASS, check.cancelled == 0,
            check.id > m.RunRecord.op_id,
        )
        .limit(1)
    )  # fmt: skip


def _passed_by_board() -> Any:
    with_boards = _of_run().join(m.Unit, on=(m.Unit.panel_id == m.RunRecord.item_id))
    return _with_pass(with_boards.switch(m.Unit), m.Unit.id)


def _passed_by_panel() -> Any:
    with_panel = _of_run().join(m.Unit, on=(m.Unit.id == m.RunRecord.item_id))
    return _with_pass(with_panel.switch(m.Unit), m.Unit.panel_id)


def _checked() -> Any:
    """A pass of the act in the run at the workplace, after a record of the step before it on the same unit."""
    check, before, unit = m.Operation, m.Operation.alias("before"), m.Unit
    earlier = before.select(before.id).where(
        before.op == p("previous_op"), before.id < check.id, before.cancelled == 0
    )
    on_panel = earlier.join(unit, on=(unit.panel_id == before.item_id)).where(unit.id == check.item_id)
    on_board = earlier.join(unit, on=(unit.id == before.item_id)).where(unit.panel_id == check.item_id)
    on_itself = earlier.where(before.item_id == check.item_id)
    return check.select(check.id).where(
        check.wp_id == p("wp_id"), check.recorded >= p("since"), check.order_id == p("order_id"),
        check.act == p("act"), check.result == PASS, check.cancelled == 0,
        fn.EXISTS(on_itself) | fn.EXISTS(on_panel) | fn.EXISTS(on_board),
    ).limit(1)  # fmt: skip


FIRST = Statement(lambda: _of_run().order_by(m.RunRecord.recorded, m.RunRecord.id).limit(1))
PASSED = Statement(lambda: _with_pass(_of_run(), m.RunRecord.item_id))
PASSED_BY_BOARD = Statement(_passed_by_board)
PASSED_BY_PANEL = Statement(_passed_by_panel)
BY_ANY = (PASSED, PASSED_BY_BOARD, PASSED_BY_PANEL)
CHECKED = Statement(_checked)


def order_changed(call: Any, wp_ids: Sequence[int]) -> None:
    """Begins a new run at workplaces: another order was put on their line."""
    call.db.insert_many(ORDER_CHANGED, [{"wp_id": wp_id, "since": call.now} for wp_id in wp_ids])


def run_began(call: Any, wp_id: int) -> int:
    """Returns when the run at a workplace began."""
    shift_start, _ = workers_api.shift_at(call, call.now)
    return max(shift_start, call.db.value(SINCE, wp_id=wp_id) or 0)


def reasons_against(
    call: Any, order: Order, units: Sequence[Any], steps: Sequence[Step], wp_id: int
) -> list[AnyReason]:
    """Says which units must wait at these FIRST_PIECE steps until the run's first piece has passed its check."""
    found = []
    for step in steps if units else ():
        run = {"order_id": order.id, "wp_id": wp_id, "op": step.op, "since": run_began(call, wp_id)}
        first = _first(call, run) or units[0].id
        waiting = [unit for unit in units if first not in (unit.id, unit.panel_id)]
        if waiting and not _passed(call, order, step, run):
            found += [_missing(order, step, unit.barcode, unit.id) for unit in waiting]
    return found


def _first(call: Any, run: dict[str, int]) -> int | None:
    """Returns the unit that went ahead in a run; of two calls that would both be first, one waits for the other."""
    first = call.db.value(FIRST, **run)
    if first is None and call.db.writable:
        orders_api.lock_counts(call, run["order_id"])
        first = call.db.value(FIRST, **run)
    return first


def _passed(call: Any, order: Order, step: Step, run: dict[str, int]) -> bool:
    act = step.params.get("first_piece_act")
    checks = [one.op for one in order.operations if one.act == act]
    return any(call.db.rows(statement, checks=checks, **run) for statement in BY_ANY)


def note(call: Any, order: Order, step: Step, wp_id: int, recorded: Sequence[tuple[Any, int]]) -> None:
    """Remembers records of a FIRST_PIECE step, so that the pieces of a run are found at once."""
    common = {"order_id": order.id, "wp_id": wp_id, "op": step.op, "recorded": call.now}
    rows = [{**common, "item_id": unit.id, "op_id": op_id} for unit, op_id in recorded]
    call.db.insert_many(NEW_RECORD, rows)


def forget(call: Any, row: Row) -> None:
    """Takes a cancelled record out of its run."""
    call.db.run(FORGET, **row._asdict())


def check(
    call: Call, item_id: int, act: int, previous_op: int, worker_ids: Sequence[int], wp_id: int
) -> list[AnyReason]:
    """Return why work may not go on: no unit of this one's order has passed ``act`` after its step ``previous_op``.

    Asked of the run at the workplace, whose workers are asked about too (seed: checkfirstpiece).
    """
    order = orders_api.order(call, units.unit(call, item_id).order_id)
    workplace = workplaces_api.workplace(call, wp_id)
    _, against = workers_api.reasons_against(call, worker_ids, workplace, ())
    return against + _unchecked(call, order, act, previous_op, workplace)


def _unchecked(call: Call, order: Order, act: int, previous_op: int, workplace: Workplace) -> list[AnyReason]:
    run = {"order_id": order.id, "wp_id": workplace.id, "since": run_began(call, workplace.id)}
    if call.db.rows(CHECKED, act=act, previous_op=previous_op, **run):
        return []
    info = (
        f"No unit of order {order.erp_ref} has passed act {act} after step {previous_op} at {workplace.name} "
        "in this run; check the first piece."
    )
    return [Reason("first-piece-missing", info, op=previous_op, act=act)]


def _missing(order: Order, step: Step, barcode: str, item_id: int) -> AnyReason:
    act = step.params.get("first_piece_act")
    info = (
        f"Unit {barcode} must wait at step {step.op} {step.name}".rstrip()
        + f": the first piece of order {order.erp_ref} here has not passed act {act}."
    )
    return Reason("first-piece-missing", info, op=step.op, act=step.act, item_id=item_id)
