"""One tool: its life, how it was replaced, and replacing it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from peewee import Query, Tuple
from tracepro_workplaces import api as workplaces_api

from tracepro import clock
from tracepro.amounts import to_number
from tracepro.database import p, statement
from tracepro_hookspecs import Call, Page, Request
from tracepro_tooling import average_life, life
from tracepro_tooling import models as m
from tracepro_tooling.assemblies import ASSEMBLIES
from tracepro_tooling.fields import INT64_MAX
from tracepro_tooling.inventory import ITEMS, POINTS, stock_of_item
from tracepro_tooling.life import UsageMode
from tracepro_tooling.pages.life_bar import bar_of
from tracepro_tooling.processes import PROCESSES
from tracepro_tooling.replacements import REPLACEMENTS, TESTING_SCOPE
from tracepro_tooling.resource import Resource, Stored
from tracepro_tooling.tools import TOOLS, life_of

SHOWN = 15
"""How many replacements a page shows."""
POINTS_SHOWN = 50


@statement
def earlier_of_tool() -> Query:
    """The replacements of a tool before one, newest first, one more than a page shows."""
    r = m.ToolReplacement
    before = Tuple(r.timestamp, r.id) < Tuple(p("timestamp"), p("id"))
    query = r.select().where(r.tool_id == p("tool_id"), before)
    return query.order_by(r.timestamp.desc(), r.id.desc()).limit(SHOWN + 1)


def _read(call: Call, request: Request) -> dict[str, Any]:
    tool = TOOLS.get(call, request.path["tool_id"])
    found = _replacements(call, tool["id"], request.query.get("after"))
    shown = found[:SHOWN]
    return {
        "subject": {"tool_id": tool["id"]},
        "tool": tool,
        "bar": bar_of(life_of(tool), life.site_day(call)),
        **_place(call, tool),
        "replacements": shown,
        "reached": [_reached(tool, row) for row in reversed(shown)],
        "more": len(found) > SHOWN,
        "first": "after" not in request.query,
        "average": average_life.averages(call, average_life.parts_by_tool, [tool["id"]]).get(tool["id"]),
        "items": _items(call, tool, shown),
        **_allowed(call, tool),
    }


def _replacements(call: Call, tool_id: int, after: int | None) -> list[Stored]:
    """Return the replacements before one, from the newest when there is no such one."""
    last = None if after is None else REPLACEMENTS.find(call, after)
    before = (clock.LATEST, INT64_MAX) if last is None else (last["timestamp"], last["id"])
    rows = call.db.rows(earlier_of_tool, tool_id=tool_id, timestamp=before[0], id=before[1])
    return [REPLACEMENTS.named(row) for row in rows]


def _place(call: Call, tool: Stored) -> dict[str, Any]:
    """Return where a tool is; None for what it isn't in."""
    assembly = _found(call, ASSEMBLIES, tool["assembly_id"])
    process = _found(call, PROCESSES, None if assembly is None else assembly["process_id"])
    machine_id = None if process is None else process["machine_id"]
    machine = None if machine_id is None else workplaces_api.find(call, machine_id)
    return {"assembly": assembly, "process": process, "machine": machine}


def _found(call: Call, kind: Resource, id: int | None) -> Stored | None:
    return None if id is None else kind.find(call, id)


def _reached(tool: Stored, replacement: Stored) -> int | float:
    """Return what a tool had done when it was replaced, in the unit of the life that counts now."""
    if tool["usage_mode"] == UsageMode.RUNTIME:
        return to_number(replacement["runtime"])
    done: int = replacement["static_part_count" if tool["usage_mode"] == UsageMode.PARTS else "day_count"]
    return done


def _items(call: Call, tool: Stored, replacements: Sequence[Stored]) -> list[dict[str, Any]]:
    """Return what the tool is and was bought as, each with its average life, to compare them."""
    own = tool["inventory_item_id"]
    ids = sorted({id for id in (own, *(row["inventory_item_id"] for row in replacements)) if id is not None})
    known = average_life.averages(call, average_life.parts_by_item, ids)
    return [
        {
            "name": item["name"],
            "part_number": item["part_number"],
            "average": known.get(item["id"]),
            "now": item["id"] == own,
        }
        for item in ITEMS.rows(call, ITEMS.by_ids, ids=ids)
    ]


def _allowed(call: Call, tool: Stored) -> dict[str, Any]:
    """Return what the caller may do with a tool, and the points where a unit of its item lies."""
    may_replace = "write" in call.caller.scopes
    return {
        "may_replace": may_replace,
        "may_undo": may_replace and call.caller.lines is None,
        "may_test": TESTING_SCOPE in call.caller.scopes,
        "points": _points(call, tool["inventory_item_id"]) if may_replace else [],
    }


def _points(call: Call, item_id: int | None) -> list[tuple[int, str, int]]:
    rows = [] if item_id is None else call.db.rows(stock_of_item, id=item_id)
    stock = dict([(point_id, quantity) for point_id, quantity in rows if quantity > 0][:POINTS_SHOWN])
    points = POINTS.rows(call, POINTS.by_ids, ids=list(stock))
    return [(point["id"], point["name"], stock[point["id"]]) for point in points]


PAGE = Page(
    "tool",
    "/ui/tool/{tool_id}",
    "Tool",
    "tooling/tool.html",
    _read,
    query={"after": {"type": "integer", "minimum": 0}},
    line_from=("tool_id",),
)
