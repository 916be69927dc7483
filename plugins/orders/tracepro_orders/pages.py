"""The pages of orders: the list, one order, a new one, and the routing of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import msgspec
from tracepro_workplaces import api as workplaces_api

from tracepro_hookspecs import Call, Page, Request
from tracepro_hookspecs.records import Order
from tracepro_orders import listing, orders, routing
from tracepro_schemas import defs

MOST_STEPS = 100
"""Steps that the page of an order shows; the page of its routing has all of them."""
ORDER_FLAGS = {
    defs.ORDER_F_CREATE_ITEMS: "A scan of a new code makes a unit",
    defs.ORDER_F_OVERRUN: "More than the amount may be made",
    defs.ORDER_F_FREE_ROUTE: "Steps in any order",
}
STEP_FLAGS = {
    defs.STEP_F_OPTIONAL: "Optional",
    defs.STEP_F_REPEATABLE: "Repeatable",
    defs.STEP_F_ANY_ORDER: "Any order",
    defs.STEP_F_REPAIR: "Repair",
    defs.STEP_F_FIRST_PIECE: "First piece",
}
ASKED = {
    defs.ORDER_ST_HOLD: "Nothing can be recorded on it then, until it is released again.",
    defs.ORDER_ST_FINISHED: "Nothing can be recorded on it then.",
    defs.ORDER_ST_CLOSED: "Nothing can be recorded on it then.",
    defs.ORDER_ST_CANCELLED: "It is not made then.",
}
"""What somebody is told before an order gets a status that stops work."""
RELEASE, HOLD, FINISH = (
    ("Release", defs.ORDER_ST_ACTIVE),
    ("Hold", defs.ORDER_ST_HOLD),
    ("Finish", defs.ORDER_ST_FINISHED),
)
CLOSE, CANCEL, RENEW = (
    ("Close", defs.ORDER_ST_CLOSED),
    ("Cancel", defs.ORDER_ST_CANCELLED),
    ("Reopen", defs.ORDER_ST_NEW),
)
NEXT_STATUSES = {
    defs.ORDER_ST_NEW: (RELEASE, CANCEL),
    defs.ORDER_ST_ACTIVE: (HOLD, FINISH, CLOSE),
    defs.ORDER_ST_HOLD: (RELEASE, FINISH, CLOSE, CANCEL),
    defs.ORDER_ST_FINISHED: (RELEASE, CLOSE),
    defs.ORDER_ST_CLOSED: (RELEASE,),
    defs.ORDER_ST_CANCELLED: (RENEW,),
}
"""What people do with an order of a status, and the status it has then; the API itself takes any."""


def progress(call: Call, shown: Sequence[Order]) -> dict[int, int]:
    """Return how much of orders is done, as far as a plugin counts that."""
    told = call.hooks.collect("tracepro_order_progress", orders=tuple(shown))
    return {order.id: told[order.id] for order in shown if order.id in told}


def may_change(call: Call) -> bool:
    """Tell whether the caller may make and change orders, which a token for some lines may not."""
    return "write" in call.caller.scopes and call.caller.lines is None


def _meanings(flags: int, meaning_of: Mapping[int, str]) -> list[str]:
    return [meaning for bit, meaning in meaning_of.items() if flags & bit]


def _read_list(call: Call, request: Request) -> dict[str, Any]:
    text, status = request.query.get("text", "").strip(), request.query.get("status")
    found, after = listing.page(call, text, status, request.query.get("after"))
    conditions = {"text": text, "status": status, "after": after}
    more = urlencode({name: value for name, value in conditions.items() if value not in (None, "")})
    return {
        "orders": found,
        "done": progress(call, found),
        "more": f"/ui/orders?{more}" if after is not None else None,
        "text": text,
        "status": status,
        "may_change": may_change(call),
    }


def _read_order(call: Call, request: Request) -> dict[str, Any]:
    order = orders.order(call, request.path["order_id"])
    names = routing.step_names(call, order)
    shown = order.operations[:MOST_STEPS]
    return {
        "subject": order,
        "order_rules": _meanings(order.flags, ORDER_FLAGS),
        "done": progress(call, [order]).get(order.id),
        "steps": [(step.op, names[step.op], _meanings(step.flags, STEP_FLAGS)) for step in shown],
        "asked": ASKED,
        "next_statuses": NEXT_STATUSES[order.status] if may_change(call) else (),
    }


def _read_new(call: Call, request: Request) -> dict[str, Any]:
    return {"may_change": may_change(call), "copied": request.query.get("copy", ""), "flags": ORDER_FLAGS}


def _read_route(call: Call, request: Request) -> dict[str, Any]:
    order = orders.order(call, request.path["order_id"])
    steps = msgspec.to_builtins(order.operations)
    acts = workplaces_api.list_acts(call)
    changeable = may_change(call)
    return {"order": order, "steps": steps, "acts": acts, "step_flags": STEP_FLAGS, "may_change": changeable}


PAGES = [
    Page(
        "orders",
        "/ui/orders",
        "Orders",
        "orders/orders.html",
        _read_list,
        menu="Orders",
        query={
            "text": {"type": "string", "maxLength": 255},
            "status": {"type": "integer", "minimum": 0, "maximum": defs.ORDER_ST_CANCELLED},
            "after": {"type": "integer", "minimum": 1},
        },
    ),
    Page("order", "/ui/order/{order_id}", "Order", "orders/order.html", _read_order),
    Page(
        "order_new",
        "/ui/orders/new",
        "New order",
        "orders/new.html",
        _read_new,
        scope="write",
        query={"copy": {"type": "string", "maxLength": 255}},
    ),
    Page(
        "order_route",
        "/ui/order/{order_id}/route",
        "Routing",
        "orders/route.html",
        _read_route,
        scope="write",
    ),
]
