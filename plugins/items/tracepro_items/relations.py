"""What stands next to a unit, and what was done to it there: one level of its genealogy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tracepro_hookspecs.records import Item, Operation
from tracepro_items import genealogy, history, units
from tracepro_items.units import Unit


def related(call: Any, item_id: int) -> list[dict[str, Any]]:
    """Returns what a unit is part of and what is part of it: ``rel``, ``kind``, ``ref`` and the other ``item``."""
    parents = genealogy.parents(call, [item_id]).get(item_id, [])
    children = genealogy.children(call, [item_id]).get(item_id, [])
    links = [("parent", link) for link in parents] + [("child", link) for link in children]
    items = {one.id: one for one in units.items(call, [link.item_id for _, link in links])}
    return [
        {"rel": rel, "kind": link.kind, "ref": link.ref, "item": items[link.item_id]} for rel, link in links
    ]


def details(call: Any, item_id: int) -> dict[str, Any]:
    """Returns a unit with its operations, and the units next to it with theirs."""
    item = units.item(call, item_id)
    near = related(call, item_id)
    done = operations_of(call, [item, *(one["item"] for one in near)])
    with_operations = [{**one, "operations": done[one["item"].id]} for one in near]
    return {"item": item, "operations": done[item_id], "related": with_operations}


def operations_of(call: Any, items: Sequence[Item]) -> dict[int, list[Operation]]:
    """Returns the operations of units by unit, those of their panels that count for them included."""
    found = [Unit._make(row) for row in call.db.rows(units.BY_IDS, ids=[item.id for item in items])]
    rows = history.rows_of(call, found)
    once = {row.id: row for some in rows.values() for row in some}
    records = {one.id: one for one in history.records(call, [once[op_id] for op_id in sorted(once)])}
    return {unit_id: [records[row.id] for row in some] for unit_id, some in rows.items()}
