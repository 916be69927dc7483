"""The sentences of this plugin's refusals, one function for each code."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from tracepro_hookspecs import Conflict, NotFound
from tracepro_hookspecs import Reason as AnyReason
from tracepro_hookspecs.records import Order, Step
from tracepro_schemas import defs

Reason = partial(AnyReason, plugin="items")
WORDS_FOR_BAD = {defs.ITEM_BAD_SCRAP: "scrapped", defs.ITEM_BAD_BADMARK: "marked bad"}


def no_item(item_id: int) -> NotFound:
    """Returns the error for a unit that doesn't exist."""
    return NotFound("item-not-found", f"There is no unit {item_id}; scan its code again.")


def no_operation(op_id: int) -> NotFound:
    """Returns the error for an operation that doesn't exist."""
    return NotFound(
        "operation-not-found", f"There is no operation {op_id}; getitemoperations lists a unit's."
    )


def code_taken(code: str, product: str) -> Conflict:
    """Returns the error for a code that another unit of the product has."""
    info = f"Code {code} belongs to another unit of {product} already; a code is unique within a product."
    return Conflict("barcode-exists", info)


def bad(unit: Any) -> AnyReason:
    """Says that a unit is scrapped or marked bad."""
    why = f": {unit.bad_reason}" if unit.bad_reason else ""
    word = WORDS_FOR_BAD.get(unit.bad, "bad")
    return Reason("item-bad", f"Unit {unit.barcode} is {word}{why}.", item_id=unit.id)


def create_not_allowed(order: Order) -> AnyReason:
    """Says that units of an order are not created by scanning."""
    info = f"Order {order.erp_ref} creates no units by scanning; set its flag CREATE_ITEMS or check the code."
    return Reason("item-create-not-allowed", info)


def mask_broken(order: Order, barcode: str, mask: str) -> AnyReason:
    """Says that a code is none of the order's."""
    return Reason("barcode-mask", f"Code {barcode} does not fit the mask {mask} of order {order.erp_ref}.")


def amount_reached(order: Order, there: int | float, new: int | float, what: str = "units") -> AnyReason:
    """Says that an order would get more than it makes."""
    info = (
        f"Order {order.erp_ref} makes {order.amount}; with {new} more it would have {there + new} {what}. "
        "Raise its amount or allow overrun."
    )
    return Reason("order-amount-reached", info)


def done_already(unit: Any, step: Step) -> AnyReason:
    """Says that a step was passed and may not be repeated."""
    info = f"Unit {unit.barcode} has passed step {step.op} {step.name}".rstrip() + " already."
    return Reason("op-already-done", info, op=step.op, act=step.act, item_id=unit.id)


def previous_missing(unit: Any, step: Step, missing: Iterable[Step]) -> AnyReason:
    """Says which earlier steps keep a unit from a step."""
    names = ", ".join(f"{one.op} {one.name}".rstrip() for one in missing)
    info = f"Unit {unit.barcode} can't do step {step.op} yet: it has not passed {names}."
    return Reason("previous-op-missing", info, op=step.op, act=step.act, item_id=unit.id)


def repair_not_due(unit: Any, step: Step) -> AnyReason:
    """Says that a unit has nothing to repair."""
    info = f"Unit {unit.barcode} has nothing to repair at step {step.op}: its last record is not a fail."
    return Reason("repair-not-due", info, op=step.op, act=step.act, item_id=unit.id)


def cancelled(operation: Any) -> AnyReason:
    """Says that an operation was cancelled, so that nothing can be done to it any more."""
    info = f"Operation {operation.id} is cancelled; record it once more."
    return Reason("op-not-latest", info, op=operation.op, act=operation.act, item_id=operation.item_id)


def step_in_use(order: Order, step: Step) -> AnyReason:
    """Says that a step with records must stay as it is."""
    info = f"Step {step.op} of order {order.erp_ref} has records: it can't be dropped or get another act."
    return Reason("step-in-use", info, op=step.op, act=step.act)
