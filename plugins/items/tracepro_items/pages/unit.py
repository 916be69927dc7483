"""The page of a unit: how it stands, its route, what was recorded on it, and what is around it."""

from __future__ import annotations

from typing import Any

from tracepro_orders import api as orders_api

from tracepro_hookspecs import Call, Page, Reply, Request, segment
from tracepro_hookspecs.records import Item
from tracepro_items import units
from tracepro_items.pages import family, timeline, tree, unit_route
from tracepro_items.reasons import item_not_found
from tracepro_items.units import Unit
from tracepro_schemas import defs

TYPES = {defs.ITEM_TP_MULTIPANEL: "Panel", defs.ITEM_TP_ASSEMBLY: "Assembly"}
FOUND = 20
"""Units that a code leads to."""


def _read(call: Call, request: Request) -> dict[str, Any] | Reply:
    """Return what the page shows; a code that units of several products have leads to the search."""
    code = request.path["code"]
    found = _meant(call, code)
    if len(found) > 1:
        return Reply(b"", 303, {"Location": f"/ui/search?code={segment(code)}", "Content-Type": "text/html"})
    unit = found[0]
    before = request.query.get("before")
    records = timeline.page(call, unit, before or timeline.NEWEST)
    item = units.to_items(call, [unit])[0]
    order = orders_api.order(call, unit.order_id)
    standing, route = unit_route.read(call, order, unit)
    done = [entry["done"] for entry in route if entry["done"]] + records.rows
    places, people = timeline.places_and_people(call, done)
    return {
        "subject": item,
        "item": item,
        "type": "Board" if unit.panel_id else TYPES.get(item.tp, "Unit"),
        "order": order,
        "standing": standing,
        "route": route,
        "records": timeline.entries(call, records.rows),
        "more": f"{family.path(item.id)}?before={records.next}#records" if records.next else "",
        "first": before is None,
        "places": places,
        "people": people,
        **(_genealogy(call, unit, item) if before is None else {}),
    }


def _meant(call: Call, code: str) -> list[Unit]:
    """Return the unit that digits are the id of, else the units that have the code. Raises NotFound."""
    number = int(code) if code.isascii() and code.isdigit() and len(code) < 19 else None
    unit = units.find(call, number) if number is not None else None
    found = [unit] if unit else units.with_code_at_most(call, code, FOUND)
    if not found:
        raise item_not_found(code)
    return found


def _genealogy(call: Call, unit: Unit, item: Item) -> dict[str, Any]:
    middle, above, below = family.around(call, unit, item)
    picture = tree.picture(middle, above, below)
    return {"picture": picture, "above": tree.outline(above), "below": tree.outline(below)}


def pages_of_code(call: Call, code: str) -> dict[str, str]:
    """Return the pages of the units that have a code."""
    found = units.with_code_at_most(call, code, FOUND)
    return {
        family.path(item.id): f"Unit {item.barcode} of {item.item}" for item in units.to_items(call, found)
    }


PAGE = Page(
    "unit",
    "/ui/unit/{code:path}",
    "Unit",
    "items/unit.html",
    _read,
    query={"before": {"type": "integer", "minimum": 1}},
)
