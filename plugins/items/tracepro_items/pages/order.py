"""What units and counts add to the page of an order, and the page of its units."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from peewee import Query
from tracepro_orders import api as orders_api

from tracepro.database import p, statement
from tracepro_hookspecs import Call, Page, Request
from tracepro_hookspecs.records import Order
from tracepro_items import models as m
from tracepro_items import route_state, tally, units
from tracepro_items.reasons import WORDS_FOR_BAD
from tracepro_items.units import Unit
from tracepro_schemas import defs

SHOWN = 100
LOOKED_THROUGH = 2_000
"""Units that a filter looks through for one page, so that a large order with few bad units answers as fast."""
MOST_STEPS = 40
WORDS = {defs.ITEM_BAD_GOOD: "Good", **{bad: word.capitalize() for bad, word in WORDS_FOR_BAD.items()}}
PCB = str(defs.ITEM_TP_PCB)
TYPES = {
    PCB: "Units",
    str(defs.ITEM_TP_MULTIPANEL): "Panels",
    str(defs.ITEM_TP_ASSEMBLY): "Assemblies",
}


@statement
def units_of_order_after() -> Query:
    """The units of an order that come after one."""
    visible = m.Unit.tp != defs.ITEM_TP_NONCHARGED
    return units.select_units().where(m.Unit.order_id == p("order_id"), m.Unit.id > p("after"), visible)


def panels(call: Call, order: Order) -> dict[str, dict[str, Any]]:
    """Return the panel that the page of an order gets: what its steps count, and its units."""
    steps = shown_steps(call, order)
    more = len(order.operations) - len(steps)
    counts = {
        "template": "items/order_counts.html",
        "steps": steps,
        "more_steps": more,
        **_units(call, order),
    }
    return {"counts": counts}


def shown_steps(call: Call, order: Order) -> list[dict[str, Any]]:
    """Return what the first steps of an order count, each under its number and name, for the template items/counts.html."""
    names = orders_api.step_names(call, order)
    rows = tally.of_steps(call, order)[:MOST_STEPS]
    return [{**row, "name": f"{row['op']} {names[row['op']]}"} for row in rows]


def _units(call: Call, order: Order) -> dict[str, Any]:
    counts = tally.of_units(call, order.id)
    types = {**TYPES, PCB: "Boards"} if order.mptp else TYPES
    return {
        "order_id": order.id,
        "units": [{"name": types[tp], **count} for tp, count in counts.items() if tp in types],
    }


def _read_units(call: Call, request: Request) -> dict[str, Any]:
    order = orders_api.order(call, request.path["order_id"])
    bad = request.query.get("bad")
    found, after = _page(call, order.id, bad, request.query.get("after", 0))
    states = route_state.read(call, [unit.id for unit in found])
    conditions = {"bad": bad, "after": after}
    more = urlencode({name: value for name, value in conditions.items() if value is not None})
    return {
        "order": order,
        "names": orders_api.step_names(call, order),
        "units": [(unit, _last(states.get(unit.id, {}))) for unit in found],
        "words": WORDS,
        "bad": bad,
        "more": f"/ui/order/{order.id}/units?{more}" if after is not None else None,
    }


def _page(call: Call, order_id: int, bad: int | None, after: int) -> tuple[list[Unit], int | None]:
    """Return the next units of an order, of those that are marked so, and the id after which more may come."""
    most = (SHOWN if bad is None else LOOKED_THROUGH) + 1
    rows = [
        Unit(*row) for row in call.db.rows(units_of_order_after.limited(most), order_id=order_id, after=after)
    ]
    looked_through = rows[: most - 1]
    found = [unit for unit in looked_through if bad in (None, unit.bad)]
    if len(found) > SHOWN:
        return found[:SHOWN], found[SHOWN - 1].id
    return found, looked_through[-1].id if len(rows) == most else None


def _last(state: route_state.RouteState) -> tuple[int, bool] | None:
    """Return the step that a unit was recorded at last, and whether it passed; None for no step."""
    if not state:
        return None
    op = max(state, key=lambda each: state[each].op_id)
    return op, state[op].passed


PAGES = [
    Page(
        "order_units",
        "/ui/order/{order_id}/units",
        "Units of an order",
        "items/order_units.html",
        _read_units,
        query={
            "bad": {"type": "integer", "minimum": defs.ITEM_BAD_GOOD, "maximum": defs.ITEM_BAD_BADMARK},
            "after": {"type": "integer", "minimum": 0},
        },
    )
]
