"""Non-charged work: counted on an order without unit codes, on the order's one hidden unit.

Predecessors and repeats don't matter; the sum at a step stays within the order's amount. The hidden unit is in
no finder, list or count; it only carries the operations.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from tracepro_orders import api as orders_api
from tracepro_workplaces import api as workplaces_api

from tracepro.database import Insert, Statement, p
from tracepro_hookspecs import InvalidParams, Reason, Refused
from tracepro_hookspecs.records import Draft, Order, Step
from tracepro_items import checking, history, reasons, recording, tally, units
from tracepro_items import models as m
from tracepro_items.work import Pairs
from tracepro_schemas import defs

HIDDEN = Statement(
    lambda: m.NonCharged.select(m.NonCharged.item_id).where(m.NonCharged.order_id == p("order_id"))
)
NEW_HIDDEN = Insert(m.NonCharged)
NEW_UNIT = Insert(m.Unit)
MOST = 1_000_000_000


def record(
    call: Any, order_id: int, pairs: Pairs, wp_id: int, worker_ids: Sequence[int], draft: Draft
) -> list[int]:
    """Counts ``draft.count`` on the steps that ``pairs`` pick and returns an operation id for each pair.

    Raises Refused with all reasons, NotFound for an unknown order or workplace, PluginOff for material where
    the material plugin is off.
    """
    _check_count(draft.count)
    if draft.mat or draft.mat_auto:
        call.require("material")
    order = orders_api.lock_counts(call, order_id)
    steps = _checked(call, order, pairs, wp_id, worker_ids, draft)
    hidden = _hidden_unit(call, order)
    rows = [recording.row_of(call, order.id, step, wp_id, worker_ids, draft) for step in steps]
    ids = call.db.insert_many(recording.NEW, [{**row, "item_id": hidden} for row in rows])
    _tell(call, order, hidden, ids, draft)
    tally.add_noncharged(call, order.id, [step.op for step in steps], draft.count)
    by_op = {step.op: op_id for step, op_id in zip(steps, ids, strict=True)}
    return [by_op[orders_api.step_of(order, op, act).op] for op, act in pairs]


def _check_count(count: int) -> None:
    if count > MOST:
        raise InvalidParams("count", f"count must be at most {MOST}, not {count}.", rule="maximum")


def _checked(
    call: Any, order: Order, pairs: Pairs, wp_id: int, worker_ids: Sequence[int], draft: Draft
) -> list[Step]:
    place = workplaces_api.workplace(call, wp_id)
    steps, unresolved = orders_api.steps_of(order, pairs)
    found = [] if order.status == defs.ORDER_ST_ACTIVE else [orders_api.not_active(order)]
    found += unresolved + amount_reached(call, order, steps, draft.count)
    workers, against = checking.against_place(call, place, worker_ids, steps)
    found += against + checking.of_plugins(call, order, None, place, workers, draft, steps)
    if found:
        raise Refused(found)
    return steps


def amount_reached(call: Any, order: Order, steps: Sequence[Step], count: int) -> list[Reason]:
    """Says at which steps more would be counted than the order makes; 0 or overrun sets no limit."""
    if not order.amount or order.flags & defs.ORDER_F_OVERRUN:
        return []
    there = tally.noncharged(call, order.id)
    return [
        _too_many(order, step, there.get(step.op, 0), count)
        for step in steps
        if there.get(step.op, 0) + count > order.amount
    ]


def _too_many(order: Order, step: Step, there: int, count: int) -> Reason:
    reason = reasons.amount_reached(order, there, count, f"counted at step {step.op}")
    return msgspec.structs.replace(reason, op=step.op, act=step.act)


def _hidden_unit(call: Any, order: Order) -> int:
    """The order's hidden unit; the order is locked, so that nobody else makes one."""
    known = call.db.value(HIDDEN, order_id=order.id)
    if known is not None:
        return known
    item_id = call.db.insert(NEW_UNIT, order_id=order.id, tp=defs.ITEM_TP_NONCHARGED, created=call.now)
    call.db.insert(NEW_HIDDEN, order_id=order.id, item_id=item_id)
    return item_id


def _tell(call: Any, order: Order, hidden: int, op_ids: Sequence[int], draft: Draft) -> None:
    hooks = call.hooks
    if hooks.has(recording.APPLY) or hooks.has(recording.TELL):
        operations = tuple(history.operations(call, op_ids))
        items = tuple(units.items(call, [hidden]))
        hooks.apply(recording.APPLY, order=order, items=items, operations=operations, draft=draft)
        call.notify(recording.TELL, operations=operations)
