"""What the API calls; every function here is one JSON-RPC method."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tracepro_orders import api as orders_api

from tracepro_hookspecs import Call, Method
from tracepro_smdcarts import cart_map as maps
from tracepro_smdcarts import carts


def getcartsfororder(call: Call, order_id: int, op: int) -> list[dict[str, Any]]:
    """Return the carts that are listed for a step of an order."""
    orders_api.order(call, order_id)
    return carts.answer(call, carts.of_steps(call, order_id, [op]))


def setcartsfororder(
    call: Call, order_id: int, op: int, program: str, cart_map: Mapping[str, Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Replace the carts of a step of an order and return them."""
    listed = maps.read(op, program, cart_map)
    carts.put(call, order_id, op, listed)
    return carts.answer(call, listed)


METHODS = [
    Method("getcartsfororder", getcartsfororder, "read"),
    Method("setcartsfororder", setcartsfororder, "write"),
]
