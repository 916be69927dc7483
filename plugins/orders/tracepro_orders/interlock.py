"""Whether an order may be worked on: the interlock's rule of orders."""

from __future__ import annotations

from tracepro_hookspecs import Reason
from tracepro_hookspecs.records import Order
from tracepro_orders.reasons import order_not_active
from tracepro_schemas import defs


def reasons_against(order: Order) -> list[Reason]:
    """Return why nothing is recorded on an order: it is not active."""
    return [] if order.status == defs.ORDER_ST_ACTIVE else [order_not_active(order)]
