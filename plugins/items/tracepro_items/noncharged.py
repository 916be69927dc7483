"""Non-charged work: counted on an order without unit codes, on the order's one hidden unit.

Predecessors and repeats don't matter; what is made at a step, with units and without, stays within the order's
amount. The hidden unit is in
no finder, list or count; it only carries the operations.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from peewee import Query
from tracepro_orders import api as orders_api
from tracepro_workplaces import api as workplaces_api

from tracepro.database import Insert, p, statement
from tracepro_hookspecs import Call, InvalidParams, Reason, Refused
from tracepro_hookspecs.records import Order, Step
from tracepro_items import checking, history, overrun, reasons, recording, tally, units
from tracepro_items import models as m
from tracepro_items.order_units import no_units
from tracepro_items.step_request import Pair, Pairs, StepRequest
from tracepro_schemas import defs

NEW_HIDDEN = Insert(m.NonCharged)
NEW_UNIT = Insert(m.Unit)
HIGHEST_COUNT = 1_000_000_000


@statement
def hidden_unit() -> Query:
    """The hidden unit of an order."""
    return m.NonCharged.select(m.NonCharged.item_id).where(m.NonCharged.order_id == p("order_id"))


def record(call: Call, order_id: int, request: StepRequest) -> list[int]:
    """Count a request's draft on steps of an order and return an operation id for each pair of op and act.

    Raises Refused with all reasons, NotFound for an unknown order or workplace, PluginOff for material where
    the material plugin is off.
    """
    draft = request.to_record
    _check_count(draft.count)
    recording.require_plugins(call, draft)
    order = orders_api.lock_counts(call, order_id)
    steps = _checked_steps(call, order, request)
    hidden = _hidden_unit(call, order)
    rows = [recording.columns(call, request, order, step) for step in steps]
    ids = call.db.insert_many(recording.NEW, [{**row, "item_id": hidden} for row in rows])
    if recording.is_followed(call):
        items, operations = tuple(units.items(call, [hidden])), tuple(history.operations(call, ids))
        counted = [draft.count] * len(ids)
        recording.tell_plugins(call, order, items, operations, draft, counted, ids[0])
    ops = [step.op for step in steps]
    tally.add_noncharged(call, order.id, ops, draft.count)
    overrun.tell(call, order, ops)
    return _in_order_of_pairs(order, request.pairs, zip(ops, ids, strict=True))


def _in_order_of_pairs(order: Order, pairs: Pairs, made: Iterable[tuple[int, int]]) -> list[int]:
    """The operations that were made, as (op, id), in the order in which the pairs name their steps."""
    by_op: dict[int, list[int]] = {}
    for op, op_id in made:
        by_op.setdefault(op, []).append(op_id)
    return [by_op[_op_of(order, pair)].pop(0) for pair in pairs]


def _op_of(order: Order, pair: Pair) -> int:
    (step,), _ = orders_api.resolve_steps(order, (pair,))
    return step.op


def _check_count(count: int) -> None:
    if count > HIGHEST_COUNT:
        raise InvalidParams("count", f"count must be at most {HIGHEST_COUNT}, not {count}.", rule="maximum")


def _checked_steps(call: Call, order: Order, request: StepRequest) -> Sequence[Step]:
    group = no_units(order, request.pairs)
    workplace = workplaces_api.workplace(call, request.wp_id)
    found = group.reasons_against() + amount_reached(call, order, group.steps, request.to_record.count)
    found += checking.reasons_here(call, request, group, workplace)[1]
    if found:
        raise Refused(list(dict.fromkeys(found)))
    return group.steps


def amount_reached(call: Call, order: Order, steps: Sequence[Step], count: int) -> list[Reason]:
    """Return at which steps more would be made than the order makes; 0 or overrun sets no limit.

    Units that passed the step and aren't bad count along; a step that is named twice counts twice.
    """
    if not order.amount or order.flags & defs.ORDER_F_OVERRUN:
        return []
    made = tally.made(call, order.id)
    times = Counter(step.op for step in steps)
    return [
        reasons.order_amount_reached(order, made.get(op, 0), count * times[op], step)
        for op, step in {step.op: step for step in steps}.items()
        if made.get(op, 0) + count * times[op] > order.amount
    ]


def _hidden_unit(call: Call, order: Order) -> int:
    """The order's hidden unit; the order is locked, so that nobody else makes one."""
    known: int | None = call.db.value(hidden_unit, order_id=order.id)
    if known is not None:
        return known
    item_id = call.db.insert(NEW_UNIT, order_id=order.id, tp=defs.ITEM_TP_NONCHARGED, created=call.now)
    call.db.insert(NEW_HIDDEN, order_id=order.id, item_id=item_id)
    return item_id
