"""What the API calls of orders' counts."""

from __future__ import annotations

from tracepro_orders import api as orders_api

from tracepro_hookspecs import Call, Method
from tracepro_items import tally


def getorderitemcounts(call: Call, order_id: int) -> dict[str, dict[str, int]]:
    """Return how many good and bad units an order has, by type."""
    return tally.of_units(call, orders_api.order(call, order_id).id)


def getordercounts(call: Call, order_id: int) -> list[dict[str, int]]:
    """Return how many units passed and failed each step of an order."""
    return tally.of_steps(call, orders_api.order(call, order_id))


METHODS = [
    Method("getorderitemcounts", getorderitemcounts, "read"),
    Method("getordercounts", getordercounts, "read"),
]
