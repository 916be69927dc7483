"""Recording operations: the same for one unit, a panel, a batch or a box, in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from tracepro_orders import api as orders_api
from tracepro_workers import api as workers_api

from tracepro import clock
from tracepro.database import Insert
from tracepro_hookspecs import Call, Refused
from tracepro_hookspecs.records import Draft, Operation, Step
from tracepro_items import checking, data, firstpiece, interlock, route_state, tally
from tracepro_items import models as m
from tracepro_items.units import Unit
from tracepro_items.work import Pairs, Work, survey
from tracepro_schemas import defs

NEW = Insert(m.Operation)
APPLY, TELL = "tracepro_apply_operations", "tracepro_operation_added"
PASS = defs.RESULT_PASS


class Recorded(NamedTuple):
    """What a call recorded: (unit id, operation id) in the order asked, and the bad units it left out."""

    ops: list[tuple[int, int]]
    skipped: list[int]


def record_operations(
    call: Any, item_ids: Sequence[int], op: int | None, act: int | None, wp_id: int, worker_ids: Sequence[int],
    draft: Draft, *, skip_bad: bool = False,
) -> Recorded:  # fmt: skip
    """Checks and records one operation on each of the units, all or none; ``skip_bad`` leaves bad units out.

    Raises Refused with all reasons, NotFound for an unknown unit or workplace, PluginOff for material where
    the material plugin is off.
    """
    if draft.mat or draft.mat_auto:
        call.require("material")
    works, skipped = survey(call, item_ids, ((op, act),), skip_bad=skip_bad)
    verdict = checking.judge(call, works, wp_id, worker_ids, draft)
    if verdict.reasons:
        raise Refused(verdict.reasons)
    made: dict[int, int] = {}
    counted = []
    for work in works:
        recorded, changes = _record(call, work, wp_id, worker_ids, draft)
        made.update((unit.id, op_id) for unit, op_id in recorded)
        counted.append((work.order.id, changes))
    for order_id, changes in sorted(counted):
        tally.add(call, order_id, changes)
    return Recorded([(item_id, made[item_id]) for item_id in item_ids if item_id in made], skipped)


def _record(
    call: Any, work: Work, wp_id: int, worker_ids: Sequence[int], draft: Draft
) -> tuple[list[tuple[Unit, int]], dict[int, list[int]]]:
    (step,) = work.steps
    back_to = _back_to(step, draft.result)
    rows = _rows(call, work, step, wp_id, worker_ids, draft, back_to)
    ids = [call.db.insert(NEW, **rows[0])] if len(rows) == 1 else call.db.insert_many(NEW, rows)
    recorded = list(zip(work.units, ids, strict=True))
    changes = _move_on(call, work, step, draft.result, back_to, recorded)
    if draft.data:
        data.write(call, recorded, draft.data)
    if step.flags & defs.STEP_F_FIRST_PIECE:
        firstpiece.note(call, work.order, step, wp_id, recorded)
    _tell(call, work, rows, ids, draft)
    return recorded, changes


def _back_to(step: Step, result: int) -> int | None:
    """The step from which a passed repair sends the unit back, if it does."""
    return interlock.sent_back_to(step) if result == PASS else None


def _rows(
    call: Any, work: Work, step: Step, wp_id: int, worker_ids: Sequence[int], draft: Draft, back_to: int | None
) -> list[dict[str, Any]]:  # fmt: skip
    same = row_of(call, work.order.id, step, wp_id, worker_ids, draft) | {"back_to": back_to}
    return [{**same, "item_id": unit.id, "skipped": _skipped(work, unit)} for unit in work.units]


def row_of(
    call: Any, order_id: int, step: Step, wp_id: int, worker_ids: Sequence[int], draft: Draft
) -> dict[str, Any]:
    """Returns the columns that an operation has whatever unit it is recorded on."""
    return {
        "order_id": order_id, "op": step.op, "act": step.act, "name": step.name, "wp_id": wp_id,
        "workers": worker_ids, "tm0": draft.tm0, "tm1": draft.tm1, "result": draft.result, "count": draft.count,
        "recorded": call.now,
    }  # fmt: skip


def _skipped(work: Work, unit: Unit) -> list[int] | None:
    """The boards of a panel for which an operation on it doesn't count."""
    return [board.id for board in work.boards.get(unit.id, ()) if board.bad != defs.ITEM_BAD_GOOD] or None


def _move_on(
    call: Any, work: Work, step: Step, result: int, back_to: int | None, recorded: Sequence[tuple[Unit, int]]
) -> dict[int, list[int]]:
    """Makes the operations the latest of their units and returns what they change in the order's counts.

    The counts themselves are written last, for everybody who records on the order waits for them.
    """
    rows: list[tuple[int, int, int, int]] = []
    changes: dict[int, list[int]] = {step.op: [0, 0]}
    for (unit, op_id), bearers in zip(recorded, work.bearers, strict=True):
        for bearer in bearers:
            rows.append((bearer.id, step.op, result, op_id))
            if bearer.tp != defs.ITEM_TP_MULTIPANEL:
                count(changes, work.standing(bearer), step.op, result, back_to)
        if unit not in bearers:
            rows.append((unit.id, step.op, result, op_id))
    if back_to is not None:
        route_state.undo(call, [row[0] for row in rows], back_to)
    route_state.put(call, rows)
    return changes


def count(
    changes: dict[int, list[int]], standing: route_state.Standing, op: int, result: int, back_to: int | None
) -> None:
    """Adds to an order's counts what one unit's new latest result changes, and what a rework takes back."""
    gone = [at for at in standing if back_to is not None and at >= back_to and at != op]
    for at in (*gone, op):
        if at in standing:
            changes.setdefault(at, [0, 0])[standing[at][0] != PASS] -= 1
    changes[op][result != PASS] += 1


def _tell(call: Any, work: Work, rows: Sequence[dict[str, Any]], ids: Sequence[int], draft: Draft) -> None:
    hooks = call.hooks
    if not (hooks.has(APPLY) or hooks.has(TELL)):
        return
    begin, end = clock.text(draft.tm0), clock.text(draft.tm1)
    operations = tuple(
        Operation(
            op_id, unit.id, work.order.id, work.order.erp_ref, unit.barcode, row["op"], row["act"], row["name"],
            row["wp_id"], row["workers"], begin, end, draft.result, draft.count, draft.data,
        )
        for op_id, unit, row in zip(ids, work.units, rows, strict=True)
    )  # fmt: skip
    hooks.apply(APPLY, order=work.order, items=work.items, operations=operations, draft=draft)
    call.notify(TELL, operations=operations)


def end_work(call: Call, order_id: int, pairs: Pairs, wp_id: int, worker_ids: Sequence[int]) -> list[int]:
    """Log that workers end their work on steps of an order here; return the ids of the log's rows.

    A row for each worker and step. The order may be in any state: work ends on finished ones too. Refused for
    steps outside the routing and for workers who may not work here.
    """
    order = orders_api.order(call, order_id)
    checking.require_workers_at(call, wp_id, worker_ids)
    steps, unresolved = orders_api.steps_of(order, pairs)
    if unresolved:
        raise Refused(unresolved)
    rows = [
        workers_api.row(call, worker_id, wp_id, defs.WWL_WORK_END, order_id=order.id, op=step.op)
        for worker_id in worker_ids
        for step in steps
    ]
    return workers_api.log_all(call, rows)
