"""Recording operations: the same for one unit, a panel, a batch or a box, in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from tracepro_orders import api as orders_api
from tracepro_workers import api as workers_api

from tracepro import clock
from tracepro.database import Insert
from tracepro_hookspecs import Call, Refused
from tracepro_hookspecs.records import Draft, Item, Operation, Order, Step
from tracepro_items import checking, data, firstpiece, interlock, overrun, route_state, tally
from tracepro_items import models as m
from tracepro_items.order_units import OrderUnits, gather
from tracepro_items.route_state import RouteState, StateRow
from tracepro_items.step_request import StepRequest
from tracepro_items.tally import CountChange
from tracepro_items.units import Unit, UnitOps
from tracepro_schemas import defs

NEW = Insert(m.Operation)
APPLY, ADDED = "tracepro_apply_operations", "tracepro_operation_added"


class Recorded(msgspec.Struct, frozen=True, gc=False):
    """What a call recorded: (unit id, operation id) in the order asked, and the bad units it left out."""

    ops: list[tuple[int, int]]
    skipped: list[int]


def record_operations(call: Call, request: StepRequest, *, skip_bad: bool = False) -> Recorded:
    """Check a request of one step and record it on each of the units, all or none; ``skip_bad`` leaves bad ones out.

    Raises Refused with all reasons, NotFound for an unknown unit or workplace, InvalidParams when no step is named, also
    where there are no units, and PluginOff for material where the material plugin is off.
    """
    if (None, None) in request.pairs:
        raise orders_api.no_step_named()
    draft = request.to_record
    require_plugins(call, draft)
    if call.db.asks_ahead:
        _ask_ahead(call, request)
    groups, skipped = gather(call, request, skip_bad=skip_bad)
    to_record = [group for group in groups if group.units]
    asked = request if to_record else msgspec.structs.replace(request, draft=None)
    against = checking.reasons_against(call, asked, groups)
    if against:
        raise Refused(against)
    made: dict[int, int] = {}
    counted = []
    for group in to_record:
        recorded, changes = _record(call, request, group, next(iter(made.values()), None))
        made.update((unit.id, op_id) for unit, op_id in recorded)
        counted.append((group.order, changes))
    for order, changes in sorted(counted, key=lambda each: each[0].id):
        tally.add(call, order.id, changes)
        if draft.result == defs.RESULT_PASS:
            overrun.tell(call, order, changes)
    return Recorded([(item_id, made[item_id]) for item_id in request.item_ids if item_id in made], skipped)


def _ask_ahead(call: Call, request: StepRequest) -> None:
    checking.ask_ahead(call, request)
    if (
        len(request.item_ids) == 1
    ):  # which have one order, and so one statement; the id is drawn behind the unit's lock
        call.db.ask_ahead(NEW.fresh_ids, count=1)


def require_plugins(call: Call, draft: Draft) -> None:
    """Refuse material where the material plugin is off. Raises PluginOff."""
    if draft.mat or draft.mat_auto:
        call.require("material")


def _record(
    call: Call, request: StepRequest, group: OrderUnits, batch: int | None
) -> tuple[UnitOps, dict[int, CountChange]]:
    (step,) = group.steps
    draft = request.to_record
    left_out = group.left_out(step, draft.result)
    same = {
        **columns(call, request, group.order, step),
        "back_to": interlock.sent_back_to(step, draft.result),
    }
    rows = _rows(group, same, left_out)
    ids = call.db.defer_numbered(NEW, rows)
    recorded = list(zip(group.units, ids, strict=True))
    changes = _update_route_states(call, group, step, draft.result, recorded, left_out)
    if draft.data:
        data.write(call, recorded, draft.data)
    if step.flags & defs.STEP_F_FIRST_PIECE:
        firstpiece.note(call, group.order, step, request.wp_id, draft.tm1, recorded)
    if is_followed(call):
        operations = _operations(request, group.order, step, recorded)
        counted = [len(units) - len(boards) for units, boards in zip(group.counted, left_out, strict=True)]
        tell_plugins(call, group.order, group.items, operations, draft, counted, batch or ids[0])
    return recorded, changes


def _rows(group: OrderUnits, same: Mapping[str, Any], left_out: Sequence[list[int]]) -> list[dict[str, Any]]:
    return [
        {**same, "item_id": unit.id, "skipped": _bad_boards(group, unit), "left_out": boards or None}
        for unit, boards in zip(group.units, left_out, strict=True)
    ]


def columns(call: Call, request: StepRequest, order: Order, step: Step) -> dict[str, Any]:
    """Return the columns that an operation has whatever unit it is recorded on."""
    draft = request.to_record
    return {
        "order_id": order.id,
        "op": step.op,
        "act": step.act,
        "name": step.name,
        "wp_id": request.wp_id,
        "workers": request.worker_ids,
        "tm0": draft.tm0,
        "tm1": draft.tm1,
        "result": draft.result,
        "count": draft.count,
        "recorded": call.now,
    }


def _bad_boards(group: OrderUnits, unit: Unit) -> list[int] | None:
    """The boards of a panel for which an operation on it doesn't count."""
    return [board.id for board in group.boards.get(unit.id, ()) if board.bad != defs.ITEM_BAD_GOOD] or None


def _update_route_states(
    call: Call,
    group: OrderUnits,
    step: Step,
    result: int,
    recorded: UnitOps,
    left_out: Sequence[list[int]],
) -> dict[int, CountChange]:
    """Make the operations the latest of their units and return what they change in the order's counts.

    The counts themselves are written last, for everybody who records on the order waits for them.
    """
    back_to = interlock.sent_back_to(step, result)
    rows: list[StateRow] = []
    changes = {step.op: CountChange()}
    for (unit, op_id), counted_units, boards in zip(recorded, group.counted, left_out, strict=True):
        for counted in counted_units:
            if counted.id in boards:
                continue
            rows.append((counted.id, step.op, result, op_id, counted is unit))
            if counted.tp != defs.ITEM_TP_MULTIPANEL:
                _count(changes, group.route_state(counted), step.op, result, back_to)
        if unit not in counted_units:
            rows.append((unit.id, step.op, result, op_id, True))
    if back_to is not None:
        route_state.clear_from(call, [row[0] for row in rows], back_to)
    route_state.put(call, rows)
    return changes


def _count(
    changes: dict[int, CountChange], state: RouteState, op: int, result: int, back_to: int | None
) -> None:
    """Add to an order's counts what one unit's new latest result changes, and what a rework takes back."""
    gone = [at for at in state if back_to is not None and at >= back_to and at != op]
    for at in (*gone, op):
        if at in state:
            changes.setdefault(at, CountChange()).add(state[at].result, -1)
    changes[op].add(result)


def _operations(request: StepRequest, order: Order, step: Step, recorded: UnitOps) -> tuple[Operation, ...]:
    draft, workers = request.to_record, tuple(request.worker_ids)
    begin, end = clock.text(draft.tm0), clock.text(draft.tm1)
    return tuple(
        Operation(
            op_id,
            unit.id,
            order.id,
            order.erp_ref,
            unit.barcode,
            step.op,
            step.act,
            step.name,
            request.wp_id,
            workers,
            begin,
            end,
            draft.result,
            draft.count,
            draft.data,
        )
        for unit, op_id in recorded
    )


def is_followed(call: Call) -> bool:
    """Tell whether a plugin wants to know of recorded operations, so that their records are made for somebody."""
    return call.hooks.has(APPLY) or call.hooks.has(ADDED)


def tell_plugins(
    call: Call,
    order: Order,
    items: Sequence[Item],
    operations: Sequence[Operation],
    draft: Draft,
    counted: Sequence[int],
    batch: int,
) -> None:
    """Have the plugins do their part in the transaction, and tell them after the commit.

    ``counted`` and ``batch`` are those of the hook ``tracepro_apply_operations``.
    """
    call.hooks.apply(
        APPLY,
        order=order,
        items=items,
        operations=operations,
        draft=draft,
        counted=tuple(counted),
        batch=batch,
    )
    call.notify(ADDED, operations=operations)


def end_work(call: Call, order_id: int, request: StepRequest) -> list[int]:
    """Log that workers end their work on steps of an order here; return the ids of the log's rows.

    A row for each worker and step. The order may be in any state: work ends on finished ones too. Refused for
    steps outside the routing and for workers who may not work here.
    """
    order = orders_api.order(call, order_id)
    checking.require_workers_at(call, request.wp_id, request.worker_ids)
    steps, unresolved = orders_api.resolve_steps(order, request.pairs)
    if unresolved:
        raise Refused(unresolved)
    rows = [
        workers_api.log_row(call, worker_id, request.wp_id, defs.WWL_WORK_END, order_id=order.id, op=step.op)
        for worker_id in request.worker_ids
        for step in {step.op: step for step in steps}.values()
    ]
    return workers_api.log_actions(call, rows)
