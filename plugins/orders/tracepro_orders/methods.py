"""What the API calls; every function here is one JSON-RPC method."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tracepro.database import narrowed_by
from tracepro_hookspecs import Call, Method
from tracepro_hookspecs.records import Order
from tracepro_orders import changes, orders


def findorder(call: Call, erp_ref: str) -> Order | None:
    """Return the order with an ERP reference, or null."""
    return orders.find_by_erp_ref(call, erp_ref)


def getorder(call: Call, order_id: int) -> Order | None:
    """Return an order by its id, or null."""
    return orders.find(call, order_id)


def makeorder(call: Call, erp_ref: str, item: str, status: int = 0, flags: int = 0, amount: int = 0) -> Order:
    """Create an order and return it; its routing comes by updateorder."""
    return changes.make_order(call, erp_ref, item, {"status": status, "flags": flags, "amount": amount})


def updateorder(
    call: Call, order_id: int, properties: dict[str, Any], operations: list[dict[str, Any]] | None = None
) -> Order:
    """Change an order's properties and, unless it is null, its whole routing; return the order."""
    return changes.update_order(call, order_id, properties, operations)


@narrowed_by("status_list", "ask for the orders of one product and of fewer statuses")
def queryorder(call: Call, item: str = "", status_list: Sequence[int] = ()) -> list[Order]:
    """Return the orders of a product with one of the statuses."""
    return orders.list_orders(call, item, status_list)


METHODS = [
    Method("findorder", findorder, "read"),
    Method("getorder", getorder, "read"),
    Method("makeorder", makeorder, "write", plant_wide=True),
    Method("updateorder", updateorder, "write", plant_wide=True),
    Method("queryorder", queryorder, "read"),
]
