"""What a row tells, by kind; the shapes are in schemas/erp.json."""

from __future__ import annotations

from collections.abc import Sequence

from tracepro.amounts import to_number
from tracepro_erp.queue import Body
from tracepro_hookspecs.records import Item, Operation, Order, Step
from tracepro_schemas import defs


def _of_step(order: Order, step: Step) -> Body:
    return {
        "order_id": order.id,
        "erp_ref": order.erp_ref,
        "item": order.item,
        "op": step.op,
        "act": step.act,
    }


def of_time(order: Order, step: Step, wp_id: int, worker_ids: Sequence[int], micros: int) -> Body:
    """Return the body of a reported time."""
    reported = {"wp_id": wp_id, "workers": list(worker_ids), "seconds": to_number(micros)}
    return _of_step(order, step) | reported


def of_overrun(order: Order, step: Step, made: int) -> Body:
    """Return the body of a step of which more was made than the order's amount."""
    return _of_step(order, step) | {"amount": order.amount, "made": made}


def _of_operation(operation: Operation) -> Body:
    """Return what tells which operation is meant; work without units has no unit."""
    return {
        "op_id": operation.id,
        "order_id": operation.order_id,
        "erp_ref": operation.erp_ref,
        "item_id": operation.item_id if operation.barcode else None,
        "barcode": operation.barcode,
        "op": operation.op,
        "act": operation.act,
        "wp_id": operation.wp_id,
        "workers": list(operation.workers),
        "tm0": operation.tm0,
        "tm1": operation.tm1,
    }


def of_operation(order: Order, operation: Operation, counted: int) -> Body:
    """Return the body of an operation that counts for so many units."""
    return _of_operation(operation) | {"item": order.item, "result": operation.result, "count": counted}


def of_consumption(operation: Operation) -> Body:
    """Return the body of what an operation took."""
    used = [
        {
            "wfloormat_id": mat.wfloormat_id,
            "mat_item": mat.mat_item,
            "mat_lot": mat.mat_lot,
            "amount": mat.amount,
            "ref": mat.ref,
            "hole_no": mat.hole_no,
        }
        for mat in operation.mat
    ]
    return _of_operation(operation) | {"mat": used}


def of_scrap(item: Item, wp_id: int, worker_ids: Sequence[int]) -> Body:
    """Return the body of a unit that was scrapped."""
    return {
        "order_id": item.order_id,
        "erp_ref": item.erp_ref,
        "item": item.item,
        "item_id": item.id,
        "barcode": item.barcode,
        "reason": item.bad_reason,
        "wp_id": wp_id,
        "workers": list(worker_ids),
        "count": 1,
    }


def of_receipt(wfloormat_id: int, mat_item: str, mat_lot: str, amount: int, ref: str) -> Body:
    """Return the body of a delivery; ``amount`` in millionths."""
    return {
        "wfloormat_id": wfloormat_id,
        "mat_item": mat_item,
        "mat_lot": mat_lot,
        "amount": to_number(amount),
        "ref": ref,
    }


def is_panel(item: Item) -> bool:
    """Tell whether a unit is a panel, for whose boards a row is written each."""
    return item.tp == defs.ITEM_TP_MULTIPANEL
