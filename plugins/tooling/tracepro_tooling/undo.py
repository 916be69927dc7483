"""Deleting a replacement, and undoing it: the tool is again what it was, and its unit back in stock.

Locked are, in this order: item and point, assemblies by id, tools by id, the replacement, programs, the stock.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from tracepro_hookspecs import Call, Reply, Request
from tracepro_tooling import reasons
from tracepro_tooling.assemblies import ASSEMBLIES
from tracepro_tooling.inventory import ITEMS, POINTS
from tracepro_tooling.programs import PROGRAMS
from tracepro_tooling.replacements import REPLACEMENTS, latest_of_tool
from tracepro_tooling.resource import Stored
from tracepro_tooling.stock import add_units
from tracepro_tooling.tools import PARTS, locked_tools, save_tool

CORRECTED = ("inventory_item_id", "inventory_point_id")
"""What may be corrected meanwhile, of that which is locked before the replacement."""


class Undoing(NamedTuple):
    """A replacement that is undone, its tool and the substitute that it moved, and what of the things it names exists."""

    row: Stored
    tool: Stored | None
    substitute: Stored | None
    stock_exists: bool
    assemblies: set[int]


def delete(call: Call, request: Request) -> Reply:
    """Delete a replacement; with ``undo`` the tool gets back what it had.

    Answers 202 where the tool is gone. Raises NotFound, Conflict where the tool was replaced again since.
    """
    if not request.query.get("undo"):
        return REPLACEMENTS.delete(call, request)
    undoing = _locked(call, REPLACEMENTS.get(call, request.path["replacement_id"]))
    if undoing.tool is not None:
        _give_back(call, undoing, undoing.tool)
    reply = REPLACEMENTS.delete(call, request)
    return Reply(status=202) if undoing.tool is None else reply


def _locked(call: Call, found: Stored) -> Undoing:
    """Lock what an undoing changes or must find; again if the replacement was corrected meanwhile."""
    while True:
        item_id, point_id = found["inventory_item_id"], found["inventory_point_id"]
        exists = [
            id is not None and kind.keep(call, id) for kind, id in ((ITEMS, item_id), (POINTS, point_id))
        ]
        places = sorted({id for id in (found["assembly_id"], found["substitute_from"]) if id is not None})
        kept = {id for id in places if ASSEMBLIES.keep(call, id)}
        tools = locked_tools(call, (found["tool_id"], found["moved_id"]))
        row = REPLACEMENTS.lock(call, found["id"])
        if all(row[name] == found[name] for name in CORRECTED):
            return Undoing(row, tools.get(row["tool_id"]), tools.get(row["moved_id"]), all(exists), kept)
        found = row


def _give_back(call: Call, undoing: Undoing, tool: Stored) -> None:
    row = undoing.row
    (latest, _), *earlier = call.db.rows(latest_of_tool, tool_id=tool["id"])
    if latest != row["id"]:
        raise reasons.replacement_not_latest(row["id"])
    if undoing.stock_exists and not row["indexed"]:
        add_units(call, row["inventory_item_id"], row["inventory_point_id"], 1)
    values = {
        **_counters(row, tool),
        "start_day": tool["start_day"] - row["start_moved"],
        "last_replaced": earlier[0][1] if earlier else None,
        **_move_back(call, undoing, tool),
    }
    save_tool(call, tool, values, parts=_parts(call, row, tool))


def _counters(row: Stored, tool: Stored) -> dict[str, Any]:
    """Return the counters with what the tool had, without what was cancelled since.

    What was counted before stands in them again, unless the tool was replaced again since and that not undone.
    """
    cancelled = sum((row["cancelled"] or {}).values())
    in_turn = tool["counted_from"] == row["counted_to"]
    return {
        "part_count": tool["part_count"] + max(0, row["static_part_count"] - cancelled),
        "runtime": tool["runtime"] + max(0, row["runtime"] - row["cancelled_runtime"]),
        "counted_from": row["counted_from"] if in_turn else tool["counted_from"],
    }


def _parts(call: Call, row: Stored, tool: Stored) -> dict[str, int]:
    """Return the parts of the programs that still exist, and of which not all was cancelled."""
    now, cancelled = PARTS.read(call, [tool["id"]])[tool["id"]], row["cancelled"] or {}
    return {
        key: now.get(key, 0) + parts - cancelled.get(key, 0)
        for key, parts in (row["parts"] or {}).items()
        if parts > cancelled.get(key, -1) and PROGRAMS.keep(call, int(key))
    }


def _move_back(call: Call, undoing: Undoing, tool: Stored) -> dict[str, int | None]:
    """Return the tool's old place if a substitute was put there and it stands nowhere else now.

    The substitute goes back to where it came from, if the record still names it and it is still there.
    """
    row, substitute = undoing.row, undoing.substitute
    place, came_from = row["assembly_id"], row["substitute_from"]
    if row["moved_id"] is None or place not in undoing.assemblies:
        return {}
    named = row["substitute_id"] == row["moved_id"]
    if named and substitute is not None and substitute["assembly_id"] == place:
        save_tool(call, substitute, {"assembly_id": came_from if came_from in undoing.assemblies else None})
    return {"assembly_id": place} if tool["assembly_id"] is None else {}
