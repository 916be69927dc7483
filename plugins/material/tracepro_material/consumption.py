"""Material of operations: checked before they are recorded, taken in the same transaction."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, TypeGuard

import msgspec
from tracepro_items import api as items_api

from tracepro.amounts import to_number
from tracepro_hookspecs import Call, Reason, Refused
from tracepro_hookspecs.records import Draft, Item, Operation, OpMat
from tracepro_material import ledger, lots, reasons, reels, stock
from tracepro_material.backflush import Backflush, Demand, Shortage, Withdrawal
from tracepro_material.models import MoveKind
from tracepro_material.stock import MatRow, Stock
from tracepro_schemas import defs

APPLY = "tracepro_apply_consumption"
LOG = logging.getLogger("tracepro.material")


def check(call: Call, items: Sequence[Item], wp_id: int, draft: Draft | None) -> list[Reason]:
    """Return why operations on these units (none: a non-charged count) can't have their material."""
    if not _takes_material(draft):
        return []
    boards = _boards_of_panels(call, items)
    demands = [_demand(draft, boards, item.id) for item in items]
    demands = demands or [Demand(None, None, draft.count, draft.count)]
    return _refusals(call, _backflush(call, wp_id, demands, draft.mat, auto=draft.mat_auto))


def apply(call: Call, items: Sequence[Item], operations: Sequence[Operation], draft: Draft) -> None:
    """Take the material of recorded operations; a fixed number of statements for any number of them."""
    if not _takes_material(draft):
        return
    boards = _boards_of_panels(call, items)
    demands = [_demand(draft, boards, operation.item_id, operation.id) for operation in operations]
    withdrawals = _consume(call, operations[0].wp_id, demands, draft.mat, auto=draft.mat_auto)
    _tell_plugins(call, operations, withdrawals)


def add(call: Call, op_id: int, mat: Sequence[MatRow]) -> None:
    """Add material to a recorded operation, as given, not times its count; a cancelled one is refused."""
    operation, _ = items_api.require_active_operation(call, op_id)
    before = ledger.consumed(call, [op_id]).get(op_id, [])
    demand = Demand(op_id, operation.item_id, 1, 1)
    withdrawals = _consume(call, operation.wp_id, [demand], mat, auto=False)
    if call.hooks.has(APPLY):
        _tell_plugins(call, [items_api.operation(call, op_id)], withdrawals)
    rows = [[row.wfloormat_id, row.ref, row.amount, row.hole_no] for row in before]
    added = [[lot_id, ref, to_number(amount), hole_no] for lot_id, ref, amount, hole_no in mat]
    call.changed(f"operation {op_id}", "mat", rows, [*rows, *added])


def _takes_material(draft: Draft | None) -> TypeGuard[Draft]:
    return draft is not None and (draft.mat_auto or bool(draft.mat))


def _boards_of_panels(call: Call, items: Sequence[Item]) -> dict[int, int]:
    """Return how many boards not bad each panel has where ``material_per_board`` is on; else nothing."""
    panels = [item.id for item in items if item.tp == defs.ITEM_TP_MULTIPANEL]
    if not panels or not call.option("material", "material_per_board"):
        return {}
    return items_api.good_boards(call, panels)


def _demand(draft: Draft, boards: Mapping[int, int], item_id: int, op_id: int | None = None) -> Demand:
    return Demand(op_id, item_id, draft.count, draft.count * boards.get(item_id, 1))


def _tell_plugins(call: Call, operations: Sequence[Operation], withdrawals: Sequence[Withdrawal]) -> None:
    """Tell the plugins what each of the operations took."""
    if not withdrawals or not call.hooks.has(APPLY):
        return
    taken: dict[int | None, list[OpMat]] = {}
    for demand, lot, hole_no, ref, amount, _ in withdrawals:
        used = OpMat(lot.lot_id, lot.mat_item, lot.mat_lot, ref, to_number(amount), hole_no)
        taken.setdefault(demand.op_id, []).append(used)
    told = [
        msgspec.structs.replace(operation, mat=tuple(taken[operation.id]))
        for operation in operations
        if operation.id in taken
    ]
    call.hooks.apply(APPLY, operations=tuple(told))


def _consume(
    call: Call, wp_id: int, demands: Sequence[Demand], mat: Sequence[MatRow], *, auto: bool
) -> Sequence[Withdrawal]:
    """Take what the demands need and return it, or refuse; under ``material_short=record`` what is short is booked in.

    Raises NotFound for a lot that does not exist.
    """
    backflush = _backflush(call, wp_id, demands, mat, auto=auto)
    if backflush.stock.unknown_lots:
        raise reasons.lot_id_not_found(min(backflush.stock.unknown_lots))
    refusals = _refusals(call, backflush)
    if refusals:
        raise Refused(refusals)
    _write(call, backflush)
    for shortage in backflush.shortages():
        _alert(call, wp_id, shortage)
    return backflush.withdrawals


def _backflush(
    call: Call, wp_id: int, demands: Sequence[Demand], mat: Sequence[MatRow], *, auto: bool
) -> Backflush:
    backflush = Backflush(stock.read(call, wp_id, mat, auto=auto))
    backflush.take_rows(demands, mat)
    if auto:
        backflush.take_from_holes(demands)
    return backflush


def _refusals(call: Call, backflush: Backflush) -> list[Reason]:
    if call.option("material", "material_short") == "record" and not backflush.exceeds_limit():
        return backflush.bom_violations
    return backflush.bom_violations + [shortage.reason for shortage in backflush.shortages()]


def _write(call: Call, backflush: Backflush) -> None:
    wp_id, withdrawals = backflush.stock.wp_id, backflush.withdrawals
    ledger.write(call, [entry for withdrawal in withdrawals for entry in _entries(call, wp_id, withdrawal)])
    changed = [lot for lot in backflush.stock.lots() if lot.left != lot.on_hand]
    in_holes = [{"id": lot.reel.id, "amount": lot.left} for lot in changed if lot.reel is not None]
    on_floor = [{"id": lot.lot_id, "amount": lot.left} for lot in changed if lot.reel is None]
    if in_holes:
        call.db.many(reels.update_amount, in_holes)
    if on_floor:
        call.db.many(lots.update_amount, on_floor)
    _remove_used_up(call, backflush.stock)


def _entries(call: Call, wp_id: int, withdrawal: Withdrawal) -> list[dict[str, Any]]:
    """Return the ledger rows of a withdrawal: what was not there is corrected first."""
    demand, lot, hole_no, ref, amount, shortage = withdrawal
    from_wp = wp_id if lot.hole_no is not None else None
    entry = partial(ledger.entry, call, lot_id=lot.lot_id, wp_id=from_wp, hole_no=hole_no, op_id=demand.op_id)
    entries = [entry(MoveKind.CORRECT, amount=shortage, info="recorded short")] if shortage else []
    entries.append(entry(MoveKind.CONSUME, amount=amount, item_id=demand.item_id, ref=ref))
    return entries


def _remove_used_up(call: Call, after: Stock) -> None:
    """Remove used-up reels with another behind them; the last one stays, so that the empty hole is seen."""
    in_front = [lot for hole in after.holes.values() for lot in hole[:-1]]
    used_up = [lot.reel for lot in in_front if lot.reel is not None and lot.on_hand and not lot.left]
    if used_up:
        reels.remove(call, after.wp_id, used_up)


def _alert(call: Call, wp_id: int, shortage: Shortage) -> None:
    """Raise one alert for a hole and article until it is processed; where nobody keeps alerts, it is a line of the log."""
    hole_no, mat_item, reason = shortage
    raised = call.hooks.apply(
        "tracepro_apply_alert",
        module="material",
        src=reason.code,
        target="logistics",
        wp_id=wp_id,
        severity=defs.SEVERITY_WARNING,
        params={"hole_no": hole_no, "mat_item": mat_item},
        info=reason.info,
        key=f"{hole_no} {mat_item}",
    )
    if not raised:
        call.after_commit(lambda: LOG.warning("%s", reason.info))
