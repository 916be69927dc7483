"""What the API calls of genealogy; every function here is one JSON-RPC method."""

from __future__ import annotations

from typing import Any

from tracepro_hookspecs import Method
from tracepro_items import relations, tree, units

EXTRA = "tracepro_item_extra"


def getitemdetails(call: Any, item_id: int) -> dict[str, Any]:
    """Returns a unit, its operations, and its related units with theirs."""
    return relations.details(call, item_id)


def getitemrel(call: Any, item_id: int) -> list[dict[str, Any]]:
    """Returns the units next to a unit."""
    return relations.related(call, units.unit(call, item_id).id)


def getitemextra(call: Any, item: int) -> dict[str, dict[str, Any]]:
    """Returns what the plugins know about a unit."""
    return call.hooks.collect_each(EXTRA, item=units.item(call, item))


def tracetree(call: Any, item_id: int, direction: str = "down", depth: int = 10) -> dict[str, Any]:
    """Returns the nested genealogy of a unit."""
    return tree.tree(call, item_id, direction, depth)


METHODS = [
    Method("getitemdetails", getitemdetails, "read"),
    Method("getitemextra", getitemextra, "read"),
    Method("getitemrel", getitemrel, "read"),
    Method("tracetree", tracetree, "read"),
]
