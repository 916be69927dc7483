"""What the API calls; every function here is one JSON-RPC method."""

from __future__ import annotations

from typing import Any

from tracepro_hookspecs import Method
from tracepro_hookspecs.records import Order
from tracepro_orders import changes, orders


def findorder(call: Any, erp_ref: str) -> Order | None:
    """Returns the order with an ERP reference, or null."""
    return orders.named(call, erp_ref)


def getorder(call: Any, order_id: int) -> Order | None:
    """Returns an order by its id, or null."""
    return orders.find(call, order_id)


def makeorder(call: Any, erp_ref: str, item: str, status: int = 0, flags: int = 0, amount: int = 0) -> Order:
    """Creates an order; its routing comes by updateorder."""
    return changes.make(call, erp_ref, item, {"status": status, "flags": flags, "amount": amount})


def updateorder(
    call: Any, order_id: int, properties: dict[str, Any], operations: list[dict[str, Any]] | None = None
) -> Order:
    """Changes an order's properties and, unless it is null, its whole routing."""
    return changes.update(call, order_id, properties, operations)


def queryorder(call: Any, item: str = "", status_list: tuple[int, ...] = ()) -> list[Order]:
    """Returns the orders of a product with one of the statuses."""
    return orders.query(call, item, status_list)


METHODS = [
    Method("findorder", findorder, "read"),
    Method("getorder", getorder, "read"),
    Method("makeorder", makeorder, "write"),
    Method("updateorder", updateorder, "write"),
    Method("queryorder", queryorder, "read"),
]
