"""What a cancelled operation took goes back to where it came from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from tracepro_hookspecs import Call
from tracepro_material import ledger, locks, lots, reels
from tracepro_material.ledger import OperationMove
from tracepro_material.models import MoveKind
from tracepro_material.reels import LoadedReel


class Source(NamedTuple):
    """Where material was taken from; ``wp_id`` None is the floor."""

    wp_id: int | None
    hole_no: int
    lot_id: int


def return_material(call: Call, op_id: int) -> None:
    """Return an operation's material: to the hole while the lot is loaded there, else to the floor.

    What was booked in because it was short (``material_short=record``) is booked out again.
    """
    moves = ledger.of_operation(call, op_id)
    if not moves:
        return
    loaded = _lock_reels(call, {move.wp_id for move in moves if move.wp_id is not None})
    _put_back(call, _amounts(moves), loaded)
    ledger.write(call, [_counter_entry(call, op_id, move) for move in moves])


def _lock_reels(call: Call, wp_ids: Iterable[int]) -> dict[Source, LoadedReel]:
    loaded = {}
    for wp_id in sorted(wp_ids):
        locks.lock_workplace(call, wp_id)
        for reel in reels.read(call, wp_id):
            loaded[Source(wp_id, reel.hole_no, reel.lot_id)] = reel
    return loaded


def _amounts(moves: Sequence[OperationMove]) -> dict[Source, int]:
    """Return how much goes back to each source."""
    amounts: dict[Source, int] = {}
    for move in moves:
        sign = {MoveKind.CONSUME: 1, MoveKind.CORRECT: -1}.get(MoveKind(move.kind), 0)
        source = Source(move.wp_id, move.hole_no, move.lot_id)
        amounts[source] = amounts.get(source, 0) + sign * move.amount
    return amounts


def _put_back(call: Call, amounts: Mapping[Source, int], loaded: Mapping[Source, LoadedReel]) -> None:
    to_floor: dict[int, int] = {}
    for source, amount in amounts.items():
        if source not in loaded:
            to_floor[source.lot_id] = to_floor.get(source.lot_id, 0) + amount
    for lot in lots.by_id(call, to_floor, lock=True).values():
        lots.set_amount(call, lot, lot.amount + to_floor[lot.id])
    for source, amount in amounts.items():
        if source in loaded:
            reel = loaded[source]
            after = reel._replace(amount=reel.amount + amount)
            call.db.run(reels.update_amount, id=reel.id, amount=after.amount)
            if source.wp_id is not None:
                reels.note_change(call, source.wp_id, reel.hole_no, reel, after)


def _counter_entry(call: Call, op_id: int, move: OperationMove) -> dict[str, Any]:
    if move.kind == MoveKind.CORRECT:
        kind, amount, item_id, ref = MoveKind.CORRECT, -move.amount, None, ""
    else:
        kind, amount, item_id, ref = MoveKind.RETURN, move.amount, move.item_id, move.ref
    return ledger.entry(
        call,
        kind,
        move.lot_id,
        amount,
        wp_id=move.wp_id,
        hole_no=move.hole_no,
        op_id=op_id,
        item_id=item_id,
        ref=ref,
        info="cancelled",
    )
