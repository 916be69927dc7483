"""Everything known about one unit as one JSON object, sent in pages: no more than a page is ever held."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import msgspec
from tracepro_orders import api as orders_api

from tracepro.database import ListTooLong
from tracepro_hookspecs import Call, Reply, Request, Route
from tracepro_items import data, genealogy, history, units
from tracepro_items.pages import parts, timeline, unit_route
from tracepro_items.units import Unit

PAGE = 50
Listed = tuple[Sequence[Any], int | None]
"""Rows and where those behind them begin, None after the last."""
_encode = msgspec.json.Encoder().encode


def _operations(call: Call, unit: Unit, after: int) -> Listed:
    """Return the next operations, the newest first; where their data is more than a list may have, one by one."""
    try:
        return _some_operations(call, unit, after, PAGE)
    except ListTooLong:
        return _some_operations(call, unit, after, 1)


def _some_operations(call: Call, unit: Unit, after: int, limit: int) -> Listed:
    found = timeline.page(call, unit, after or timeline.NEWEST, limit)
    return history.to_operations(call, sorted(found.rows, key=lambda row: row.id))[::-1], found.next


def _parts(kind: str, call: Call, unit: Unit, after: int) -> Listed:
    return parts.listed(call, unit.id, kind, after, PAGE)


LISTS: Sequence[tuple[str, Callable[[Call, Unit, int], Listed]]] = (
    ("operations", _operations),
    ("boards", partial(_parts, "boards")),
    ("components", partial(_parts, "components")),
)


def record(call: Call, request: Request) -> Reply:
    """Return everything known about a unit. Raises NotFound."""
    return _begin(call, request.path["item_id"])


def whole(call: Call, item_id: int) -> bytes:
    """Return everything known about a unit at once, as JSON. Raises ``item-not-found``."""
    reply = _begin(call, item_id)
    pieces = [reply.body]
    while reply.rest is not None:
        reply = reply.rest(call)
        pieces.append(reply.body)
    return b"".join(pieces)


def _begin(call: Call, item_id: int) -> Reply:
    unit = units.unit(call, item_id)
    order = orders_api.order(call, unit.order_id)
    item = units.to_items(call, [unit])[0]
    (_, state), route = unit_route.read(call, order, unit)
    head = {
        "item": item,
        "state": state,
        "order": order,
        "route": [{"op": entry["step"].op, "state": entry["state"][1]} for entry in route],
        "slots": data.slots_of(call, unit.id),
        "in": [{"kind": one.kind, "ref": one.ref, "item_id": one.item_id} for one in _hosts(call, unit)],
        "plugins": call.hooks.collect_each("tracepro_item_extra", item=item),
    }
    return _reply(_encode(head)[:-1], partial(_list, unit.id, 0, 0))


def _hosts(call: Call, unit: Unit) -> Sequence[genealogy.Relation]:
    return genealogy.parents(call, [unit.id]).get(unit.id, ())


def _list(item_id: int, number: int, after: int, call: Call) -> Reply:
    """Return the next rows of a list, with its name before the first and what ends it behind the last."""
    if number == len(LISTS):
        return _reply(b"}", None)
    name, read = LISTS[number]
    rows, next_after = read(call, units.unit(call, item_id), after)
    text = b",".join(_encode(row) for row in rows)
    begin = b"," * bool(after and rows) if after else b',"%b":[' % name.encode()
    if next_after is None:
        return _reply(begin + text + b"]", partial(_list, item_id, number + 1, 0))
    return _reply(begin + text, partial(_list, item_id, number, next_after))


def _reply(content: bytes, rest: Callable[[Call], Reply] | None) -> Reply:
    return Reply(content, headers={"Content-Type": "application/json"}, rest=rest)


ROUTE = Route(
    "GET",
    "/api/units/{item_id}/record",
    record,
    "read",
    "Everything known about a unit: its order and route, all its operations with data and material, and what is around it.",
    answer={"type": "object"},
    statuses={404: "There is no such unit."},
)
