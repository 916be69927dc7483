"""Replacing a tool: what it was is kept, its counters begin again, a unit leaves the stock, a substitute takes its place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from peewee import Query, fn

from tracepro.database import p, statement
from tracepro_hookspecs import Call, Reply, Request
from tracepro_tooling import life, reasons
from tracepro_tooling import models as m
from tracepro_tooling.inventory import POINTS, STOCK
from tracepro_tooling.life_records import process_of_assembly
from tracepro_tooling.replacements import REPLACEMENTS, require_past, require_testing
from tracepro_tooling.resource import Stored
from tracepro_tooling.tools import PARTS, TOOLS


@statement
def lock_tools() -> Query:
    """Lock tools, in order of id."""
    return TOOLS.select().where(m.Tool.id.in_(p.integers("ids"))).for_update()


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


@statement
def lock_stock() -> Query:
    """Lock how many of an item lie in a point."""
    mine = (m.Stock.point_id == p("point_id")) & (m.Stock.item_id == p("item_id"))
    return m.Stock.select(m.Stock.quantity).where(mine).for_update()


def replace(call: Call, request: Request) -> Reply:
    """Replace a tool, or turn it to its next edge, and return the replacement.

    Raises NotFound, HttpProblem 403 for a test without the scope and 424 for what doesn't exist, Conflict for an empty point.
    """
    tool_id, body = request.path["tool_id"], request.body
    TOOLS.get(call, tool_id)
    sent = {each.name: each.stored(body[each.name]) for each in REPLACEMENTS.fields if each.name in body}
    require_testing(call, False, sent.get("testing", False))
    require_past(call, sent.get("timestamp", call.now))
    if sent.get("inventory_point_id") is not None:
        POINTS.require(call, "inventory_point_id", sent["inventory_point_id"])
    tool, substitute = _locked(call, tool_id, sent.get("substitute_id"))
    values = {**_snapshot(call, tool, substitute, sent.get("timestamp", call.now)), **sent}
    made = REPLACEMENTS.get(call, call.db.insert(REPLACEMENTS.new, **values))
    _begin_again(call, tool, substitute, made["timestamp"])
    if not made["indexed"] and made["inventory_item_id"] is not None:
        _take_unit(call, made["inventory_item_id"], made["inventory_point_id"])
    return REPLACEMENTS.reply(call, made)


def locked_tools(call: Call, ids: set[int]) -> dict[int, Stored]:
    """Return tools by id, locked until the call ends; those that don't exist are left out."""
    return {row["id"]: row for row in TOOLS.rows(call, lock_tools, ids=sorted(ids))}


def _locked(call: Call, tool_id: int, substitute_id: int | None) -> tuple[Stored, Stored | None]:
    found = locked_tools(call, {tool_id} if substitute_id is None else {tool_id, substitute_id})
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


def _snapshot(call: Call, tool: Stored, substitute: Stored | None, timestamp: int) -> dict[str, Any]:
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
        "substitute_from": None if substitute is None else substitute["assembly_id"],
        "counted_from": tool["counted_from"],
    }


def _begin_again(call: Call, tool: Stored, substitute: Stored | None, timestamp: int) -> None:
    """Zero the tool's counters; one that happened before the last replacement leaves its day alone."""
    last = max(timestamp, tool["last_replaced"] or timestamp)
    after = {"part_count": 0, "runtime": 0, "last_replaced": last, "start_day": life.site_day(call, last)}
    counted_from = tool["counted_from"]
    after["counted_from"] = call.db.value(last_counted, id=counted_from) or counted_from
    if substitute is not None and tool["assembly_id"] is not None:
        after["assembly_id"] = None
        save_tool(call, substitute, {"assembly_id": tool["assembly_id"]})
    save_tool(call, tool, after, clear_parts=True)


def save_tool(call: Call, tool: Stored, values: Mapping[str, Any], *, clear_parts: bool = False) -> None:
    """Change columns of a locked tool, which the audit tells."""
    before, after = TOOLS.state_of(call, tool), {**tool, **values}
    if clear_parts:
        PARTS.clear(call, tool["id"])
    call.db.run(TOOLS.update, **after)
    TOOLS.note_changes(call, before, after)


def _take_unit(call: Call, item_id: int, point_id: int | None) -> None:
    """Take a unit of an item from a point; without one nothing is taken. Raises Conflict where there is none."""
    if point_id is None:
        return
    quantity = call.db.value(lock_stock, point_id=point_id, item_id=item_id) or 0
    if quantity < 1:
        raise reasons.stock_empty(item_id, point_id)
    set_stock(call, item_id, point_id, quantity, quantity - 1)


def set_stock(call: Call, item_id: int, point_id: int, before: int, after: int) -> None:
    """Set how many of an item lie in a point, which the audit tells."""
    call.db.insert_many(STOCK.put, [{"point_id": point_id, "item_id": item_id, "quantity": after}])
    key = str(item_id)
    call.changed(f"inventory point {point_id}", "items", {key: before}, {key: after})
