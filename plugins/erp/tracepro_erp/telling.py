"""What happens on the floor is told: each thing once, in the transaction in which it happens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tracepro_items import api as items_api

from tracepro.database import Insert
from tracepro_erp import bodies, queue
from tracepro_erp import models as m
from tracepro_erp.options import CONSUMPTION, OPERATION, OVERRUN, RECEIPT, SCRAP
from tracepro_hookspecs import Call
from tracepro_hookspecs.records import Item, Operation, Order, Step
from tracepro_schemas import defs

NEW_OVERRUN = Insert(m.Overrun, ignore=True)


def of_operations(call: Call, order: Order, operations: Sequence[Operation], counted: Sequence[int]) -> None:
    """Tell of recorded operations: a row each."""
    if queue.is_told(call, OPERATION):
        rows = [
            (operation.id, bodies.of_operation(order, operation, count))
            for operation, count in zip(operations, counted, strict=True)
        ]
        queue.tell(call, OPERATION, rows)


def of_consumption(call: Call, operations: Sequence[Operation]) -> None:
    """Tell what operations took: a row for each of them."""
    if queue.is_told(call, CONSUMPTION):
        rows = [(operation.id, bodies.of_consumption(operation)) for operation in operations]
        queue.tell(call, CONSUMPTION, rows)


def of_cancellation(call: Call, operation: Operation) -> None:
    """Tell that an operation and what it took count no more."""
    queue.take_back(call, (OPERATION, CONSUMPTION), [operation.id])


def of_marks(
    call: Call, items: Sequence[Item], before: Mapping[int, int], wp_id: int, worker_ids: Sequence[int]
) -> None:
    """Tell of units that were scrapped, and of scrap that was taken back: a row each, a panel's boards for the panel.

    A bad mark is not scrap: it never was a good unit.
    """
    units = _without_panels(call, items)
    scrapped = [unit for unit in units if _becomes_scrap(before[unit.id], unit.bad)]
    restored = [unit.id for unit in units if _becomes_scrap(unit.bad, before[unit.id])]
    if restored:
        queue.take_back(call, (SCRAP,), restored)
    if scrapped and call.enabled("erp") and queue.is_told(call, SCRAP):
        queue.tell(call, SCRAP, [(unit.id, bodies.of_scrap(unit, wp_id, worker_ids)) for unit in scrapped])


def _becomes_scrap(before: int, after: int) -> bool:
    return before != defs.ITEM_BAD_SCRAP and after == defs.ITEM_BAD_SCRAP


def _without_panels(call: Call, items: Sequence[Item]) -> list[Item]:
    """Return the units that count: a panel only where it has no boards and stands for itself."""
    panels = [item.id for item in items if bodies.is_panel(item)]
    with_boards = items_api.boards(call, panels) if panels else {}
    return [item for item in items if item.id not in with_boards]


def of_receipt(call: Call, wfloormat_id: int, mat_item: str, mat_lot: str, amount: int, ref: str) -> None:
    """Tell of material that came into the plant."""
    if queue.is_told(call, RECEIPT):
        queue.tell(call, RECEIPT, [(None, bodies.of_receipt(wfloormat_id, mat_item, mat_lot, amount, ref))])


def of_overrun(call: Call, order: Order, step: Step, made: int) -> None:
    """Tell that more was made of a step than the order's amount, once for ever."""
    if not queue.is_told(call, OVERRUN):
        return
    if call.db.insert_or_ignore(NEW_OVERRUN, order_id=order.id, op=step.op):
        queue.tell(call, OVERRUN, [(None, bodies.of_overrun(order, step, made))])
