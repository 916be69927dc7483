"""Where a code leads that somebody scanned or typed into the search."""

from __future__ import annotations

from tracepro_hookspecs import Call
from tracepro_orders import orders


def pages_of_code(call: Call, code: str) -> dict[str, str]:
    """Return the page of the order with an ERP reference."""
    order = orders.find_by_erp_ref(call, code)
    return {f"/ui/order/{order.id}": f"Order {order.erp_ref} of {order.item}"} if order else {}
