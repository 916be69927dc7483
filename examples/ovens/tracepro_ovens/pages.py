"""What people look at: the page of all ovens, and panels on the pages of a station and of a unit."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from tracepro_items.api import operations, route_states
from tracepro_workplaces.api import workplaces

from tracepro import clock
from tracepro_hookspecs import Call, Page, Request
from tracepro_hookspecs.records import Item, Workplace
from tracepro_ovens import readings, window
from tracepro_ovens.routes import CELSIUS

SHOWN = 20
"""Ovens on a page."""


def read(call: Call, request: Request) -> dict[str, Any]:
    """Return some ovens in order, and after which one the next page begins."""
    wp_ids = list(islice(readings.ovens(call, request.query.get("after", 0)), SHOWN + 1))
    rows = [_oven(call, workplace) for workplace in workplaces(call, wp_ids[:SHOWN])]
    return {
        "ovens": [row for row in rows if _may_see(call, row["line"])],
        "after": wp_ids[SHOWN - 1] if len(wp_ids) > SHOWN else None,
        "may_write": "write" in call.caller.scopes,
        "celsius": CELSIUS,
    }


def _may_see(call: Call, line: str | None) -> bool:
    """Tell whether the caller may look at what stands on a line."""
    return call.caller.lines is None or line in call.caller.lines


def _oven(call: Call, workplace: Workplace) -> dict[str, Any]:
    low, high = window.of_line(call, workplace.line)
    return {
        "name": workplace.name,
        "line": workplace.line,
        "low": low,
        "high": high,
        "against": [reason.info for reason in window.reasons_against(call, workplace)],
        **(readings.latest(call, workplace.id) or {}),
    }


def panels(call: Call, page: str, subject: Any) -> dict[str, dict[str, Any]]:
    """Return the panel of a station that is an oven, or of a unit that went through one."""
    if page == "station" and readings.latest(call, subject.id):
        return {"oven": {"title": "Oven", "template": "ovens/station.html", **_oven(call, subject)}}
    if page == "unit" and (passed := list(_passed(call, subject))):
        return {"ovens": {"title": "Ovens", "template": "ovens/unit.html", "passed": passed}}
    return {}


def _passed(call: Call, item: Item) -> Iterator[dict[str, Any]]:
    """Yield the ovens of a unit's route with what they had when it went through."""
    states = route_states(call, [item.id]).get(item.id, {})
    for operation in operations(call, [state.op_id for state in states.values()]):
        reading = readings.at(call, operation.wp_id, clock.parse(operation.tm1, call.zone))
        if reading is not None and _may_see(call, call.line_of("wp_id", operation.wp_id)):
            yield {"step": f"{operation.op} {operation.name}", **reading}


OVENS = Page(
    "ovens",
    "/ui/ovens",
    "Ovens",
    "ovens/ovens.html",
    read,
    menu="Ovens",
    query={"after": {"type": "integer", "minimum": 0}},
)
