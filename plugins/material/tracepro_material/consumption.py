"""Material of operations: checked before they are recorded, taken in the same transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tracepro_items import api as items_api

from tracepro.amounts import to_number
from tracepro_hookspecs import Reason, Refused
from tracepro_hookspecs.records import Draft, Item, Operation
from tracepro_material import ledger, loading, lots, reasons, stock
from tracepro_material.backflush import Demand, Take, Taking
from tracepro_material.models import Kind
from tracepro_material.stock import MatRow, Stock
from tracepro_schemas import defs


def takes_material(draft: Draft | None) -> bool:
    """Whether an operation takes material at all."""
    return draft is not None and (draft.mat_auto or bool(draft.mat))


def boards(call: Any, items: Sequence[Item]) -> dict[int, int]:
    """How many times a panel takes what a hole gives: once, or with ``material_per_board`` per board not bad."""
    panels = [item.id for item in items if item.tp == defs.ITEM_TP_MULTIPANEL]
    if not panels or not call.option("material", "material_per_board"):
        return {}
    return items_api.good_boards(call, panels)


def check(call: Any, items: Sequence[Item], wp_id: int, draft: Draft) -> list[Reason]:
    """Says why operations on these units (none: a non-charged count) can't have their material."""
    times = boards(call, items)
    demands = [Demand(None, item.id, draft.count, draft.count * times.get(item.id, 1)) for item in items]
    taking = _work_out(
        call, wp_id, demands or [Demand(None, None, draft.count, draft.count)], draft.mat, draft.mat_auto
    )
    return _against(call, taking)


def apply(call: Any, items: Sequence[Item], operations: Sequence[Operation], draft: Draft) -> None:
    """Takes the material of recorded operations; a fixed number of statements for any number of them."""
    times = boards(call, items)
    demands = [
        Demand(op.id, op.item_id, draft.count, draft.count * times.get(op.item_id, 1)) for op in operations
    ]
    take(call, operations[0].wp_id, demands, draft.mat, auto=draft.mat_auto)


def take(call: Any, wp_id: int, demands: Sequence[Demand], mat: Sequence[MatRow], *, auto: bool) -> None:
    """Takes what the demands need, or refuses; under ``material_short=record`` what is missing is booked in.

    Raises NotFound for a lot that does not exist.
    """
    taking = _work_out(call, wp_id, demands, mat, auto)
    if taking.stock.unknown:
        raise reasons.no_lot(f"There is no floor material {min(taking.stock.unknown)}")
    against = _against(call, taking)
    if against:
        raise Refused(against)
    _write(call, taking)
    for reason in taking.shortages():
        _alert(call, wp_id, reason)


def _work_out(call: Any, wp_id: int, demands: Sequence[Demand], mat: Sequence[MatRow], auto: bool) -> Taking:
    taking = Taking(stock.read(call, wp_id, mat, auto=auto))
    taking.from_rows(demands, mat)
    if auto:
        taking.from_holes(demands)
    return taking


def _against(call: Any, taking: Taking) -> list[Reason]:
    if call.option("material", "material_short") == "record" and not taking.beyond_limit():
        return taking.wrong
    return taking.wrong + taking.shortages()


def _write(call: Any, taking: Taking) -> None:
    rows = [row for one in taking.takes for row in _rows(call, taking.stock, one)]
    ledger.write(call, rows)
    changed = [pile for pile in taking.stock.piles() if pile.left != pile.there]
    in_holes = [{"id": pile.id, "amount": pile.left} for pile in changed if pile.hole_no is not None]
    on_floor = [{"id": pile.lot_id, "amount": pile.left} for pile in changed if pile.hole_no is None]
    if in_holes:
        call.db.many(loading.SET, in_holes)
    if on_floor:
        call.db.many(lots.SET, on_floor)
    _drop_used_up(call, taking.stock)


def _rows(call: Any, within: Stock, one: Take) -> list[dict[str, Any]]:
    wp_id = within.wp_id if one.pile.hole_no is not None else None
    where = {"wp_id": wp_id, "hole_no": one.hole_no, "op_id": one.demand.op_id}
    rows = []
    if one.missing:
        rows.append(
            ledger.row(call, Kind.CORRECT, one.pile.lot_id, one.missing, **where, info="recorded short")
        )
    what = {"item_id": one.demand.item_id, "ref": one.ref}
    rows.append(ledger.row(call, Kind.CONSUME, one.pile.lot_id, one.amount, **where, **what))
    return rows


def _drop_used_up(call: Any, within: Stock) -> None:
    """A used-up reel with another behind it is gone; the last one stays, so that the empty hole is seen."""
    gone = [pile.id for hole in within.holes.values() for pile in hole[:-1] if not pile.left and pile.there]
    if gone:
        call.db.run(loading.DROP, ids=gone)


def _alert(call: Any, wp_id: int, reason: Reason) -> None:
    if call.hooks.has("tracepro_apply_alert"):
        call.hooks.apply(
            "tracepro_apply_alert", module="material", src=reason.code, target="logistics", wp_id=wp_id,
            severity=defs.SEVERITY_WARNING, params={}, info=reason.info,
        )  # fmt: skip


def add(call: Any, op_id: int, mat: Sequence[MatRow]) -> None:
    """Adds material to a recorded operation, as given, not times its count; a cancelled one is refused."""
    operation, _ = items_api.require_active_operation(call, op_id)
    take(call, operation.wp_id, [Demand(op_id, operation.item_id, 1, 1)], mat, auto=False)
    call.changed(
        "operation", "mat", [], [[lot, ref, to_number(amount), hole] for lot, ref, amount, hole in mat]
    )
