"""What a cancelled operation took goes back to where it came from."""

from __future__ import annotations

from typing import Any, NamedTuple

from tracepro_material import ledger, loading, lots
from tracepro_material.models import Kind


class Taken(NamedTuple):
    """A ledger row of an operation."""

    kind: int
    lot_id: int
    amount: int
    wp_id: int | None
    hole_no: int
    item_id: int | None
    ref: str


def give_back(call: Any, op_id: int) -> None:
    """Returns an operation's material: to the hole while the lot is loaded there, else to the floor.

    What was booked in because it was short (``material_short=record``) is booked out again.
    """
    rows = [Taken(*row) for row in call.db.rows(ledger.OF_OPERATION, op_id=op_id)]
    if not rows:
        return
    loaded = {}
    for wp_id in sorted({row.wp_id for row in rows if row.wp_id is not None}):
        loading.lock(call, wp_id)
        loaded.update({(wp_id, place.hole_no, place.lot_id): place for place in loading.read(call, wp_id)})
    back: dict[tuple[int | None, int, int], int] = {}
    for row in rows:
        sign = {Kind.CONSUME: 1, Kind.CORRECT: -1}.get(Kind(row.kind), 0)
        key = (row.wp_id, row.hole_no, row.lot_id)
        back[key] = back.get(key, 0) + sign * row.amount
    _put_back(call, back, loaded)
    ledger.write(call, [_counter(call, op_id, row) for row in rows])


def _put_back(
    call: Any, back: dict[tuple[int | None, int, int], int], loaded: dict[Any, loading.Loaded]
) -> None:
    in_holes = {key: amount for key, amount in back.items() if key in loaded}
    floor: dict[int, int] = {}
    for key in back.keys() - in_holes.keys():
        floor[key[2]] = floor.get(key[2], 0) + back[key]
    for lot in lots.by_id(call, floor, lock=True).values():
        lots.put(call, lot, lot.amount + floor[lot.id])
    for key, amount in in_holes.items():
        call.db.run(loading.SET, id=loaded[key].id, amount=loaded[key].amount + amount)


def _counter(call: Any, op_id: int, row: Taken) -> dict[str, Any]:
    where = {"wp_id": row.wp_id, "hole_no": row.hole_no, "op_id": op_id}
    if row.kind == Kind.CORRECT:
        return ledger.row(call, Kind.CORRECT, row.lot_id, -row.amount, **where, info="cancelled")
    return ledger.row(
        call, Kind.RETURN, row.lot_id, row.amount, **where, item_id=row.item_id, ref=row.ref, info="cancelled"
    )
