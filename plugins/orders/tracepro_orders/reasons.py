"""The sentences of this plugin's refusals, one function for each code."""

from __future__ import annotations

from tracepro_hookspecs import Conflict, NotFound, Reason
from tracepro_hookspecs.records import Order
from tracepro_schemas import defs

PLUGIN = "orders"
STATUS_NAMES = {
    defs.ORDER_ST_NEW: "new",
    defs.ORDER_ST_ACTIVE: "active",
    defs.ORDER_ST_HOLD: "on hold",
    defs.ORDER_ST_FINISHED: "finished",
    defs.ORDER_ST_CLOSED: "closed",
    defs.ORDER_ST_CANCELLED: "cancelled",
}


def not_active(order: Order) -> Reason:
    """Return that an order is not active."""
    status = STATUS_NAMES.get(order.status, str(order.status))
    return Reason(
        "order-not-active",
        f"Order {order.erp_ref} is {status}; only active orders are worked on.",
        plugin=PLUGIN,
    )


def not_in_route(erp_ref: str, op: int | None, act: int | None) -> Reason:
    """Return that the routing has no such step."""
    asked = " and ".join(f"{word} {value}" for word, value in (("op", op), ("act", act)) if value is not None)
    return Reason(
        "op-not-in-route",
        f"The routing of order {erp_ref} has no step with {asked}.",
        op=op,
        act=act,
        plugin=PLUGIN,
    )


def ambiguous(erp_ref: str, act: int, ops: list[int]) -> Reason:
    """Return that an act alone doesn't pick one step."""
    steps = ", ".join(map(str, ops))
    info = f"Act {act} is done in several steps of order {erp_ref} ({steps}); say which op is meant."
    return Reason("op-ambiguous", info, act=act, plugin=PLUGIN)


def erp_ref_exists(erp_ref: str) -> Conflict:
    """Return the error for an ERP reference that another order has."""
    return Conflict("erp-ref-exists", f"There is an order {erp_ref} already; findorder returns it.")


def order_not_found(order_id: int) -> NotFound:
    """Return the error for an order that doesn't exist."""
    return NotFound("order-not-found", f"There is no order {order_id}; look its id up with findorder.")
