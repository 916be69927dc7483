"""What the API calls; every function here is one JSON-RPC method."""

from __future__ import annotations

from typing import Any

from tracepro_hookspecs import Method
from tracepro_hookspecs.records import Workplace
from tracepro_workplaces import blocks, workplaces


def getworkplace(call: Any, wp_id: int) -> Workplace | None:
    """Returns a workplace by its id, or null."""
    return workplaces.find(call, wp_id)


def findworkplace(call: Any, name: str = "", erp_ref: str = "") -> Workplace | None:
    """Returns a workplace by name, ERP reference or both, or null."""
    return workplaces.find_named(call, name, erp_ref)


def blockworkplace(call: Any, wp_id: int, reason: str) -> Workplace:
    """Blocks a workplace."""
    return blocks.block(call, wp_id, reason)


def unblockworkplace(call: Any, wp_id: tuple[int, ...]) -> dict[str, list[int]]:
    """Unblocks one workplace or several."""
    return {"unblocked": blocks.unblock(call, wp_id)}


def getwpblock(call: Any, wp_list: tuple[int, ...]) -> dict[str, Any]:
    """Tells which of the workplaces are blocked."""
    rows = [
        {"wp_id": place.id, "reason": place.blocked.reason, "tm": place.blocked.tm}
        for place in blocks.blocked(call, wp_list)
    ]
    return {"blocked": bool(rows), "workplaces": rows}


METHODS = [
    Method("getworkplace", getworkplace, "read", line_from=("wp_id",)),
    Method("findworkplace", findworkplace, "read"),
    Method("blockworkplace", blockworkplace, "write", line_from=("wp_id",)),
    Method("unblockworkplace", unblockworkplace, "write", line_from=("wp_id",)),
    Method("getwpblock", getwpblock, "read"),
]
