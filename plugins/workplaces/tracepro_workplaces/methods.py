"""What the API calls; every function here is one JSON-RPC method."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tracepro_hookspecs import Call, Method
from tracepro_hookspecs.records import Workplace
from tracepro_workplaces import blocks, workplaces


def getworkplace(call: Call, wp_id: int) -> Workplace | None:
    """Return a workplace by its id, or null."""
    return workplaces.find(call, wp_id)


def findworkplace(call: Call, name: str = "", erp_ref: str = "") -> Workplace | None:
    """Return a workplace by name, ERP reference or both, or null."""
    return workplaces.find_by_name_and_erp_ref(call, name, erp_ref)


def blockworkplace(call: Call, wp_id: int, reason: str) -> Workplace:
    """Block a workplace and return it."""
    return blocks.block_workplace(call, wp_id, reason)


def unblockworkplace(call: Call, wp_id: Sequence[int]) -> dict[str, list[int]]:
    """Unblock one workplace or several and return the ids of those that were blocked."""
    return {"unblocked": blocks.unblock_workplaces(call, wp_id)}


def getwpblock(call: Call, wp_list: Sequence[int]) -> dict[str, Any]:
    """Return whether any of the workplaces is blocked, and which ones are."""
    rows = blocks.list_blocks(call, wp_list)
    return {"blocked": bool(rows), "workplaces": rows}


METHODS = [
    Method("getworkplace", getworkplace, "read", line_from=("wp_id",)),
    Method("findworkplace", findworkplace, "read"),
    Method("blockworkplace", blockworkplace, "write", line_from=("wp_id",)),
    Method("unblockworkplace", unblockworkplace, "write", line_from=("wp_id",)),
    Method("getwpblock", getwpblock, "read", line_from={"wp_list": "wp_id"}),
]
