"""Deleting a replacement, and undoing it: the tool is again what it was, and its unit back in stock."""

from __future__ import annotations

from tracepro_hookspecs import Call, Reply, Request
from tracepro_tooling import reasons
from tracepro_tooling.assemblies import ASSEMBLIES
from tracepro_tooling.inventory import ITEMS, POINTS
from tracepro_tooling.programs import PROGRAMS
from tracepro_tooling.replacements import REPLACEMENTS, latest_of_tool
from tracepro_tooling.replacing import lock_stock, locked_tools, save_tool, set_stock
from tracepro_tooling.resource import Stored
from tracepro_tooling.tools import PARTS


def delete(call: Call, request: Request) -> Reply:
    """Delete a replacement; with ``undo`` the tool gets back what it had.

    Answers 202 where the tool is gone. Raises NotFound, Conflict where the tool was replaced again since.
    """
    found = REPLACEMENTS.get(call, request.path["replacement_id"])
    if not request.query.get("undo"):
        return REPLACEMENTS.delete(call, request)
    tools = locked_tools(call, {id for id in (found["tool_id"], found["substitute_id"]) if id is not None})
    row = REPLACEMENTS.lock(call, found["id"])
    tool = tools.get(row["tool_id"])
    if tool is not None:
        _give_back(call, row, tool, tools.get(row["substitute_id"]))
    reply = REPLACEMENTS.delete(call, request)
    return Reply(status=202) if tool is None else reply


def _give_back(call: Call, row: Stored, tool: Stored, substitute: Stored | None) -> None:
    (latest, _), *earlier = call.db.rows(latest_of_tool, tool_id=tool["id"])
    if latest != row["id"]:
        raise reasons.replacement_not_latest(row["id"])
    _return_unit(call, row)
    values = {
        "part_count": tool["part_count"] + row["static_part_count"],
        "runtime": tool["runtime"] + row["runtime"],
        "start_day": tool["start_day"] - row["day_count"],
        "last_replaced": earlier[0][1] if earlier else None,
        "counted_from": row["counted_from"],
        **_move_back(call, row, tool, substitute),
    }
    _add_parts(call, row, tool)
    save_tool(call, tool, values)


def _add_parts(call: Call, row: Stored, tool: Stored) -> None:
    """Add its parts of the programs that still exist."""
    now = PARTS.read(call, [tool["id"]])[tool["id"]]
    for key, parts in (row["parts"] or {}).items():
        if PROGRAMS.keep(call, int(key)):
            PARTS.merge(call, "parts", tool["id"], {key: parts + now.get(key, 0)})


def _move_back(call: Call, row: Stored, tool: Stored, substitute: Stored | None) -> dict[str, int | None]:
    """Have the substitute leave the place it took; whoever went elsewhere since stays there."""
    place = row["assembly_id"]
    if row["substitute_id"] is None or place is None or not ASSEMBLIES.keep(call, place):
        return {}
    if substitute is not None and substitute["assembly_id"] == place:
        came_from = row["substitute_from"]
        there = came_from is not None and ASSEMBLIES.keep(call, came_from)
        save_tool(call, substitute, {"assembly_id": came_from if there else None})
    return {"assembly_id": place} if tool["assembly_id"] is None else {}


def _return_unit(call: Call, row: Stored) -> None:
    """Put its unit back into the point it came from, unless it was indexed, or point or item are gone."""
    point_id, item_id = row["inventory_point_id"], row["inventory_item_id"]
    if row["indexed"] or point_id is None or item_id is None:
        return
    if POINTS.find(call, point_id) is None or not ITEMS.keep(call, item_id):
        return
    POINTS.lock(call, point_id)
    quantity = call.db.value(lock_stock, point_id=point_id, item_id=item_id) or 0
    set_stock(call, item_id, point_id, quantity, quantity + 1)
