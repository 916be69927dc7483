"""Loading material at a workplace, splicing it, closing reels and clearing everything."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from tracepro_hookspecs import Call, Refused
from tracepro_material import boms, ledger, locks, lots, reasons, reels
from tracepro_material.lots import FloorLot
from tracepro_material.models import MoveKind
from tracepro_material.records import WpMat
from tracepro_material.reels import LoadedReel


class LoadRequest(NamedTuple):
    """What is to be loaded where: ``amount`` millionths of a lot; ``decrement`` None follows the BOM.

    ``clamped`` loads what the floor has when that is less.
    """

    wp_id: int
    hole_no: int
    mat_item: str
    mat_lot: str
    amount: int
    decrement: int | None
    clamped: bool = False


def load(call: Call, request: LoadRequest) -> WpMat:
    """Load a lot from the floor into a hole and return it as loaded; an unknown lot is received first.

    An empty reel is not loaded. Raises Refused (``material-not-in-bom``, ``material-short``) and InvalidParams.
    """
    wp_id, hole_no, mat_item, mat_lot = request[:4]
    if request.amount == 0:
        raise reasons.empty_reel()
    locks.lock_workplace(call, wp_id, create=True)
    violation = boms.violation(boms.read(call, wp_id), wp_id, hole_no, mat_item)
    if violation:
        raise Refused([violation])
    lot_id = lots.find_or_receive(call, mat_item, mat_lot, request.amount)
    in_hole = [reel for reel in reels.read(call, wp_id) if reel.hole_no == hole_no]
    floor = lots.by_id(call, [lot_id, *(reel.lot_id for reel in in_hole)], lock=True)
    if _is_spliced(call, in_hole, mat_item):
        same_lot = _remove_empty(call, wp_id, in_hole, lot_id)
    else:
        _unload(call, wp_id, in_hole, floor)
        same_lot = None
    _put_in_hole(call, request, floor[lot_id], same_lot)
    return next(
        row for row in reels.answer(call, wp_id) if (row.hole_no, row.wfloormat_id) == (hole_no, lot_id)
    )


def _is_spliced(call: Call, in_hole: Sequence[LoadedReel], mat_item: str) -> bool:
    return call.option("material", "splice") == "queue" and bool(in_hole) and in_hole[0].mat_item == mat_item


def _remove_empty(call: Call, wp_id: int, in_hole: Sequence[LoadedReel], lot_id: int) -> LoadedReel | None:
    """Remove used-up reels, whose place a spliced one takes, and return the reel of the same lot if there is one."""
    empty = [reel for reel in in_hole if reel.amount == 0 and reel.lot_id != lot_id]
    if empty:
        reels.remove(call, wp_id, empty)
    return next((reel for reel in in_hole if reel.lot_id == lot_id), None)


def _unload(call: Call, wp_id: int, unloaded: Sequence[LoadedReel], floor: dict[int, FloorLot]) -> None:
    """Put reels back on the floor; ``floor`` are their locked lots, kept up to date."""
    entries = []
    for reel in unloaded:
        lot = floor[reel.lot_id]
        floor[lot.id] = lots.set_amount(call, lot, lot.amount + reel.amount)
        entries.append(
            ledger.entry(call, MoveKind.UNLOAD, lot.id, reel.amount, wp_id=wp_id, hole_no=reel.hole_no)
        )
    if unloaded:
        reels.remove(call, wp_id, unloaded)
    ledger.write(call, entries)


def _put_in_hole(call: Call, request: LoadRequest, lot: FloorLot, same_lot: LoadedReel | None) -> None:
    """Take an amount off the floor into a hole, where it adds to a reel of the same lot."""
    amount, decrement = request.amount, request.decrement
    if lot.amount == 0 or (amount > lot.amount and not request.clamped):
        raise Refused([reasons.lot_short(lot.mat_item, lot.mat_lot, lot.amount, amount)])
    amount = min(amount, lot.amount)
    lots.set_amount(call, lot, lot.amount - amount)
    wp_id, hole_no = request.wp_id, request.hole_no
    if same_lot is None:
        row = {"wp_id": wp_id, "hole_no": hole_no, "lot": lot.id, "amount": amount, "decrement": decrement}
        reel_id = call.db.insert(reels.NEW, **row)
        after = LoadedReel(reel_id, hole_no, lot.id, lot.mat_item, lot.mat_lot, amount, decrement)
    else:
        total = lots.within_limit("amount", same_lot.amount + amount)
        decrement = same_lot.decrement if decrement is None else decrement
        call.db.run(reels.update_amount_and_decrement, id=same_lot.id, amount=total, decrement=decrement)
        after = same_lot._replace(amount=total, decrement=decrement)
    reels.note_change(call, wp_id, hole_no, same_lot, after)
    ledger.write(call, [ledger.entry(call, MoveKind.LOAD, lot.id, amount, wp_id=wp_id, hole_no=hole_no)])


def close(
    call: Call, wp_id: int, mat_item: str, mat_lot: str, counted: int | None, hole_no: int | None
) -> tuple[int, int]:
    """Take a reel off a workplace; what was counted (None: as booked) goes back to the floor.

    Return what went back and the correction (counted − booked), both in millionths. Raises NotFound for a lot
    that is not loaded there and Refused (``hole-ambiguous``) for one in several holes.
    """
    locks.lock_workplace(call, wp_id)
    reel = _reel_of_lot(call, wp_id, lots.require(call, mat_item, mat_lot), hole_no)
    returned = reel.amount if counted is None else counted
    correction = returned - reel.amount
    lot = lots.lock(call, reel.lot_id)
    lots.set_amount(call, lot, lot.amount + returned)
    reels.remove(call, wp_id, [reel])
    entry = partial(ledger.entry, call, lot_id=lot.id, wp_id=wp_id, hole_no=reel.hole_no)
    entries = [entry(MoveKind.UNLOAD, amount=returned)]
    if correction:
        entries.insert(0, entry(MoveKind.CORRECT, amount=correction, info="counted"))
    ledger.write(call, entries)
    return returned, correction


def _reel_of_lot(call: Call, wp_id: int, lot: FloorLot, hole_no: int | None) -> LoadedReel:
    found = [
        reel for reel in reels.read(call, wp_id) if reel.lot_id == lot.id and hole_no in (None, reel.hole_no)
    ]
    if not found:
        raise reasons.lot_not_loaded(lot.mat_item, lot.mat_lot, wp_id, hole_no)
    if len(found) > 1:
        raise reasons.hole_ambiguous(lot.mat_lot, wp_id, [reel.hole_no for reel in found])
    return found[0]


def clear(call: Call, wp_id: int) -> int:
    """Put everything of a workplace back on the floor and return how many reels that were."""
    locks.lock_workplace(call, wp_id)
    loaded = reels.read(call, wp_id)
    _unload(call, wp_id, loaded, lots.by_id(call, (reel.lot_id for reel in loaded), lock=True))
    return len(loaded)
