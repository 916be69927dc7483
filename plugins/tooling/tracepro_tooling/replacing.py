"""Replacing a tool: what it was is kept, its counters begin again, a unit leaves the stock, a substitute takes its place.

Locked are, in this order: the point, the tool's assembly, tools by id, the stock.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from peewee import Query, fn

from tracepro.database import p, statement
from tracepro_hookspecs import Call, Reply, Request
from tracepro_tooling import life, reasons
from tracepro_tooling import models as m
from tracepro_tooling.assemblies import ASSEMBLIES
from tracepro_tooling.inventory import POINTS
from tracepro_tooling.life_records import process_of_assembly
from tracepro_tooling.replacements import REPLACEMENTS, require_past, require_testing
from tracepro_tooling.resource import Stored
from tracepro_tooling.stock import add_units
from tracepro_tooling.tools import PARTS, TOOLS, locked_tools, save_tool


@statement
def latest_life_record() -> Query:
    """The life record of a tool that is in force."""
    return m.ToolLifeRecord.select(fn.MAX(m.ToolLifeRecord.id)).where(
        m.ToolLifeRecord.tool_id == p("tool_id")
    )


@statement
def last_counted() -> Query:
    """The last count of all after one; null where none followed."""
    return m.Counted.select(fn.MAX(m.Counted.id)).where(m.Counted.id > p("id"))


def replace(call: Call, request: Request) -> Reply:
    """Replace a tool, or turn it to its next edge, and return the replacement.

    Raises NotFound, HttpProblem 403 for a test without the scope and 424 for what doesn't exist, Conflict for an empty point.
    """
    tool_id, body = request.path["tool_id"], request.body
    place = TOOLS.get(call, tool_id)["assembly_id"]
    sent = {each.name: each.stored(body[each.name]) for each in REPLACEMENTS.fields if each.name in body}
    require_testing(call, False, sent.get("testing", False))
    timestamp = sent.get("timestamp", call.now)
    require_past(call, timestamp)
    if sent.get("inventory_point_id") is not None:
        POINTS.require(call, "inventory_point_id", sent["inventory_point_id"])
    tool, substitute = _locked(call, tool_id, place, sent.get("substitute_id"))
    fresh = _fresh(call, tool, timestamp)
    bookkeeping = _bookkeeping(tool, fresh, substitute)
    values = {**_snapshot(call, tool, timestamp), **bookkeeping, **sent}
    made = REPLACEMENTS.get(call, call.db.insert(REPLACEMENTS.new, **values))
    _begin_again(call, tool, fresh, substitute)
    if not made["indexed"] and None not in (made["inventory_item_id"], made["inventory_point_id"]):
        add_units(call, made["inventory_item_id"], made["inventory_point_id"], -1)
    return REPLACEMENTS.reply(call, made)


def _locked(
    call: Call, tool_id: int, place: int | None, substitute_id: int | None
) -> tuple[Stored, Stored | None]:
    found = _locked_in_place(call, tool_id, place, substitute_id)
    if tool_id not in found:
        raise reasons.tool_not_found(tool_id)
    if substitute_id is None:
        return found[tool_id], None
    if substitute_id not in found:
        raise reasons.unknown_reference("substitute_id", "tool", substitute_id)
    tool, substitute = found[tool_id], found[substitute_id]
    if substitute_id == tool_id:
        raise reasons.bad_value("substitute_id", "must be another tool than the replaced one")
    if not (tool["durable"] and substitute["durable"]):
        raise reasons.bad_value("substitute_id", "is for durable tools: both tools must be durable")
    if substitute["assembly_id"] is not None:
        call.require_line_of("tool_id", substitute_id)
    return tool, substitute


def _locked_in_place(
    call: Call, tool_id: int, place: int | None, substitute_id: int | None
) -> dict[int, Stored]:
    """Return both tools locked, and keep the tool's assembly; it is locked first, and once more if the tool was moved meanwhile."""
    while True:
        if place is not None:
            ASSEMBLIES.keep(call, place)
        found = locked_tools(call, (tool_id, substitute_id))
        if tool_id not in found or found[tool_id]["assembly_id"] == place:
            return found
        place = found[tool_id]["assembly_id"]


def _snapshot(call: Call, tool: Stored, timestamp: int) -> dict[str, Any]:
    """Return what a tool is; its process is that of its assembly, archived or not."""
    assembly_id = tool["assembly_id"]
    return {
        "tool_id": tool["id"],
        "assembly_id": assembly_id,
        "process_id": None if assembly_id is None else call.db.value(process_of_assembly, id=assembly_id),
        "inventory_item_id": tool["inventory_item_id"],
        "life_record_id": call.db.value(latest_life_record, tool_id=tool["id"]),
        "parts": PARTS.read(call, [tool["id"]])[tool["id"]],
        "static_part_count": tool["part_count"],
        "runtime": tool["runtime"],
        "day_count": life.day_count(tool["start_day"], life.site_day(call, timestamp)),
        "timestamp": timestamp,
        "user_id": call.caller.user_id,
    }


def _fresh(call: Call, tool: Stored, timestamp: int) -> dict[str, Any]:
    """Return what a replaced tool begins with; one that happened before the last replacement leaves its day alone."""
    last = max(timestamp, tool["last_replaced"] or timestamp)
    counted_from = tool["counted_from"]
    return {
        "part_count": 0,
        "runtime": 0,
        "last_replaced": last,
        "start_day": tool["start_day"] if last == tool["last_replaced"] else life.site_day(call, last),
        "counted_from": call.db.value(last_counted, id=counted_from) or counted_from,
    }


def _bookkeeping(tool: Stored, fresh: Mapping[str, Any], substitute: Stored | None) -> dict[str, Any]:
    """Return what undoing needs to know."""
    moved = substitute if tool["assembly_id"] is not None else None
    return {
        "counted_from": tool["counted_from"],
        "counted_to": fresh["counted_from"],
        "start_moved": fresh["start_day"] - tool["start_day"],
        "moved_id": None if moved is None else moved["id"],
        "substitute_from": None if moved is None else moved["assembly_id"],
    }


def _begin_again(call: Call, tool: Stored, fresh: Mapping[str, Any], substitute: Stored | None) -> None:
    """Zero the tool's counters; a substitute takes its place."""
    place: dict[str, int | None] = {}
    if substitute is not None and tool["assembly_id"] is not None:
        place = {"assembly_id": None}
        save_tool(call, substitute, {"assembly_id": tool["assembly_id"]})
    save_tool(call, tool, {**fresh, **place}, clear_parts=True)
