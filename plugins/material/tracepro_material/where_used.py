"""Where a lot went: the units that hold it, what those are built into, their orders and boxes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tracepro_items import api as items_api

from tracepro.database import check_length, list_rows
from tracepro_hookspecs import Call
from tracepro_hookspecs.records import Item
from tracepro_material import ledger, lots
from tracepro_schemas import defs


def page(call: Call, mat_item: str, mat_lot: str, after: int, limit: int) -> dict[str, Any]:
    """Return a page of the units that hold a lot, in order of the units that took it.

    ``limit`` counts the units that took it; the boards of a panel come along with their panel. ``next``
    is the ``after`` of the next page, null on the last.
    """
    lot = lots.require(call, mat_item, mat_lot)
    rows = call.db.rows(ledger.units_with_lot, lot_id=lot.id, after=after, limit=limit + 1)
    found = [item_id for (item_id,) in rows]
    on_page = found[:limit]
    units = items_api.items(call, on_page)
    noncharged = [unit for unit in units if unit.tp == defs.ITEM_TP_NONCHARGED]
    charged = [unit for unit in units if unit.tp != defs.ITEM_TP_NONCHARGED]
    return {
        "units": _entries(call, _with_boards(call, lot.id, charged)),
        "noncharged": [_order(unit) for unit in noncharged],
        "next": on_page[-1] if len(found) > limit else None,
    }


def _with_boards(call: Call, lot_id: int, units: Sequence[Item]) -> list[Item]:
    """Return the units and the boards that hold the lot; a board whose panel took it too comes with the panel."""
    panels = items_api.panels_of(call, [unit.id for unit in units if unit.tp == defs.ITEM_TP_PCB])
    panels_with_lot = _operations_with_lot(call, lot_id, panels.values()).keys()
    boards = _boards_with_lot(call, lot_id, [unit.id for unit in units if unit.tp == defs.ITEM_TP_MULTIPANEL])
    holding = []
    for unit in units:
        if panels.get(unit.id) not in panels_with_lot:
            holding += [unit, *boards.get(unit.id, ())]
    return holding


def _boards_with_lot(call: Call, lot_id: int, panel_ids: Sequence[int]) -> dict[int, list[Item]]:
    """Return the boards of panels that hold a lot: who took it itself, or was not bad when the panel took it.

    A bad mark never was a board, whenever it was set: what its panel took is not there.
    """
    boards = items_api.boards(call, panel_ids)
    took = _operations_with_lot(
        call, lot_id, [board.id for on_panel in boards.values() for board in on_panel]
    )
    by_panels = _operations_with_lot(call, lot_id, panel_ids)
    bad_at = items_api.bad_boards(call, [op_id for op_ids in by_panels.values() for op_id in op_ids])

    def holds(board: Item, panel_id: int) -> bool:
        was_good = any(board.id not in bad_at.get(op_id, ()) for op_id in by_panels[panel_id])
        return board.id in took or (was_good and board.bad != defs.ITEM_BAD_BADMARK)

    return {
        panel_id: [board for board in found if holds(board, panel_id)] for panel_id, found in boards.items()
    }


def _operations_with_lot(call: Call, lot_id: int, item_ids: Iterable[int]) -> dict[int, list[int]]:
    """Return the operations that took a lot for units, by unit; units without are left out."""
    asked = sorted(set(item_ids))
    found: dict[int, list[int]] = {}
    for item_id, op_id in (
        list_rows(call, ledger.operations_with_lot, lot_id=lot_id, item_ids=asked) if asked else ()
    ):
        found.setdefault(item_id, []).append(op_id)
    return found


def _entries(call: Call, units: Sequence[Item]) -> list[dict[str, Any]]:
    check_length(call, len(units))
    chains = items_api.ancestors(call, [unit.id for unit in units])
    ids = {unit.id for unit in units} | {parent_id for chain in chains.values() for parent_id, _ in chain}
    whereabouts = call.hooks.collect("tracepro_item_whereabouts", item_ids=tuple(sorted(ids)))
    return [_entry(unit, chains.get(unit.id, []), whereabouts) for unit in units]


def _entry(unit: Item, chain: Sequence[tuple[int, str]], whereabouts: Mapping[int, Any]) -> dict[str, Any]:
    """Return a unit with the chain of what it is built into; its box is that of the outermost that lies in one."""
    outermost_first = [parent_id for parent_id, _ in reversed(chain)] + [unit.id]
    boxes = (whereabouts.get(item_id, {}).get("box") for item_id in outermost_first)
    box = next((box for box in boxes if box is not None), None)
    via = [[parent_id, ref] for parent_id, ref in chain]
    return {"item": unit, "via": via, "order": _order(unit), "box": box}


def _order(unit: Item) -> dict[str, Any]:
    return {"id": unit.order_id, "erp_ref": unit.erp_ref, "item": unit.item}
