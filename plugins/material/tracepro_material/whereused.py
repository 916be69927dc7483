"""Where a lot went: the units that hold it, what those are built into, their orders and boxes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tracepro_items import api as items_api

from tracepro_hookspecs.records import Item
from tracepro_material import ledger, lots
from tracepro_schemas import defs


def page(call: Any, mat_item: str, mat_lot: str, after: int, limit: int) -> dict[str, Any]:
    """A page of the units that hold a lot, in order of the units that took it.

    ``limit`` counts the units that took it; the boards of a panel come along with their panel. ``next``
    is the ``after`` of the next page, null on the last.
    """
    lot = lots.named(call, mat_item, mat_lot)
    found = [row[0] for row in call.db.rows(ledger.UNITS, lot_id=lot.id, after=after, limit=limit + 1)]
    took = found[:limit]
    units = items_api.items(call, took)
    counted = [unit for unit in units if unit.tp == defs.ITEM_TP_NONCHARGED]
    holding = _holding(call, lot.id, [unit for unit in units if unit.tp != defs.ITEM_TP_NONCHARGED])
    return {
        "units": _described(call, holding),
        "noncharged": [_order(unit) for unit in counted],
        "next": took[-1] if len(found) > limit else None,
    }


def _holding(call: Any, lot_id: int, units: Sequence[Item]) -> list[Item]:
    """The units with the boards of their panels; a board whose panel took the lot too comes with the panel.

    A bad mark never was a board: nothing is placed there.
    """
    panels = items_api.panels_of(call, [unit.id for unit in units if unit.tp == defs.ITEM_TP_PCB])
    asked = sorted(set(panels.values()))
    also = (
        {row[0] for row in call.db.rows(ledger.WHICH_UNITS, lot_id=lot_id, item_ids=asked)}
        if asked
        else set()
    )
    boards = items_api.boards(call, [unit.id for unit in units if unit.tp == defs.ITEM_TP_MULTIPANEL])
    holding = []
    for unit in units:
        if panels.get(unit.id) not in also:
            on_it = boards.get(unit.id, ())
            holding += [unit, *(board for board in on_it if board.bad != defs.ITEM_BAD_BADMARK)]
    return holding


def _described(call: Any, units: Sequence[Item]) -> list[dict[str, Any]]:
    above = items_api.ancestors(call, [unit.id for unit in units])
    ids = {unit.id for unit in units} | {step[0] for chain in above.values() for step in chain}
    whereabouts = call.hooks.collect("tracepro_item_whereabouts", item_ids=tuple(sorted(ids)))
    return [_entry(unit, above.get(unit.id, []), whereabouts) for unit in units]


def _entry(unit: Item, chain: Sequence[tuple[int, str]], whereabouts: dict[int, Any]) -> dict[str, Any]:
    """A unit with the chain of what it is built into; its box is that of the outermost that lies in one."""
    outermost_first = [step[0] for step in reversed(chain)] + [unit.id]
    boxes = (whereabouts.get(item_id, {}).get("box") for item_id in outermost_first)
    box = next((box for box in boxes if box is not None), None)
    via = [[parent_id, ref] for parent_id, ref in chain]
    return {"item": unit, "via": via, "order": _order(unit), "box": box}


def _order(unit: Item) -> dict[str, Any]:
    return {"id": unit.order_id, "erp_ref": unit.erp_ref, "item": unit.item}
