"""The trace tree: everything in a unit, or everything a unit is in, with the lots and their designators."""

from __future__ import annotations

from collections.abc import Set
from typing import Any

from tracepro.database import Statement, p
from tracepro_hookspecs.records import Item, OpMat
from tracepro_items import genealogy, units
from tracepro_items import models as m
from tracepro_items.genealogy import Link, Links
from tracepro_items.units import Unit

MATERIAL = "tracepro_operation_material"
STEPS = {"down": genealogy.children, "up": genealogy.parents}
OPERATIONS = Statement(lambda: (
    m.Operation.select(m.Operation.id, m.Operation.item_id, m.Operation.skipped)
    .where(m.Operation.item_id.in_(p.integers("ids")), m.Operation.cancelled == 0).order_by(m.Operation.id)
))  # fmt: skip


class Forest:
    """All that a tree is made of, read level by level before the first node is made."""

    def __init__(self, call: Any, root: Unit, direction: str, depth: int) -> None:
        self.links: Links = genealogy.levels(call, [root.id], STEPS[direction], depth + 1)
        ids = {root.id} | {link.item_id for near in self.links.values() for link in near}
        self.items: dict[int, Item] = {item.id: item for item in units.items(call, sorted(ids))}
        self.mat = lots_of(call, root, ids)

    def node(self, link: Link, depth: int, above: frozenset[int] = frozenset()) -> dict[str, Any]:
        """Returns a unit with its lots and the units behind it; ``more`` tells that the depth cut some off."""
        near = [one for one in self.links.get(link.item_id, ()) if one.item_id not in above]
        within = above | {link.item_id}
        return {
            "item": self.items[link.item_id],
            "kind": link.kind or None,
            "ref": link.ref,
            "mat": self.mat.get(link.item_id, []),
            "units": [self.node(one, depth - 1, within) for one in near] if depth else [],
            "more": bool(near) and not depth,
        }


def tree(call: Any, item_id: int, direction: str, depth: int) -> dict[str, Any]:
    """Returns the units in a unit (``down``) or around it (``up``), nested at most ``depth`` levels deep."""
    root = units.unit(call, item_id)
    return Forest(call, root, direction, depth).node(Link(item_id, "", ""), depth)


def lots_of(call: Any, root: Unit, item_ids: Set[int]) -> dict[int, list[OpMat]]:
    """Returns what was taken for each unit; a board has what its panel took, unless the panel is there itself."""
    if not call.hooks.has(MATERIAL):
        return {}
    asked = item_ids | ({root.panel_id} if root.panel_id is not None else set())
    owners: dict[int, int] = {}
    for op_id, item_id, skipped in call.db.rows(OPERATIONS, ids=sorted(asked)):
        if item_id in item_ids:
            owners[op_id] = item_id
        elif root.id not in (skipped or ()):
            owners[op_id] = root.id
    taken = call.hooks.collect(MATERIAL, op_ids=tuple(owners))
    found: dict[int, list[OpMat]] = {}
    for op_id in sorted(taken):
        found.setdefault(owners[op_id], []).extend(taken[op_id])
    return found
