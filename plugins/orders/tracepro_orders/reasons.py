"""The codes of this plugin, each built in one place with its sentence."""

from __future__ import annotations

from tracepro_hookspecs import Conflict, InvalidParams, NotFound, Reason
from tracepro_hookspecs.records import Order
from tracepro_schemas import defs

STATUS_NAMES = {
    defs.ORDER_ST_NEW: "new",
    defs.ORDER_ST_ACTIVE: "active",
    defs.ORDER_ST_HOLD: "on hold",
    defs.ORDER_ST_FINISHED: "finished",
    defs.ORDER_ST_CLOSED: "closed",
    defs.ORDER_ST_CANCELLED: "cancelled",
}


def order_not_found(order_id: int) -> NotFound:
    """Return the error for an order that does not exist."""
    return NotFound("order-not-found", f"There is no order {order_id}; look it up by its reference.")


def erp_ref_exists(erp_ref: str) -> Conflict:
    """Return the error for a new order whose ERP reference is taken."""
    info = f"Order {erp_ref} exists already; change that one, or take another reference."
    return Conflict("erp-ref-exists", info)


def order_not_active(order: Order) -> Reason:
    """Return the reason for an order that is not active."""
    status = STATUS_NAMES.get(order.status, str(order.status))
    info = f"Order {order.erp_ref} is {status}; only active orders are worked on. Activate it or take another one."
    return Reason("order-not-active", info, plugin="orders")


def op_not_in_route(order: Order, op: int | None, act: int | None) -> Reason:
    """Return the reason for a step that the routing does not have."""
    named = " and ".join(
        f"{word} {value}" for word, value in (("the number", op), ("act", act)) if value is not None
    )
    info = f"The routing of order {order.erp_ref} has no step with {named}; look at the steps of the order."
    return Reason("op-not-in-route", info, op=op, act=act, plugin="orders")


def no_step_named() -> InvalidParams:
    """Return the error for a call that names neither the number of a step nor its act."""
    return InvalidParams("op", "Say op, act or both: neither is given, so no step is meant.", rule="required")


def op_ambiguous(order: Order, act: int, ops: list[int]) -> Reason:
    """Return the reason for an act that is done in several steps."""
    steps = ", ".join(map(str, ops))
    info = f"Act {act} is done in several steps of order {order.erp_ref} ({steps}); say which one is meant."
    return Reason("op-ambiguous", info, act=act, plugin="orders")
