"""Material on workplaces: loading, splicing, closing, clearing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from tracepro.amounts import to_number
from tracepro.database import Insert, Statement, p
from tracepro_hookspecs import Refused
from tracepro_material import bom, ledger, lots, reasons
from tracepro_material.models import Kind, Lot, Place, Station
from tracepro_material.records import WpMat

LOADED = Statement(
    lambda: (
        Place.select(
            Place.id, Place.hole_no, Place.lot, Lot.mat_item, Lot.mat_lot, Place.amount, Place.decrement
        )
        .join(Lot)
        .where(Place.wp_id == p("wp_id"))
        .order_by(Place.hole_no, Place.id)
    )
)
NEW = Insert(Place)
SET = Statement(lambda: Place.update(amount=p("amount")).where(Place.id == p("id")))
SET_BOTH = Statement(
    lambda: Place.update(amount=p("amount"), decrement=p("decrement")).where(Place.id == p("id"))
)
DROP = Statement(lambda: Place.delete().where(Place.id.in_(p.integers("ids"))))
NEW_STATION = Insert(Station, ignore=True)
LOCK_STATION = Statement(lambda: Station.select(Station.id).where(Station.wp_id == p("wp_id")).for_update())

ONE = 1_000_000
"""One piece, in millionths: the decrement where neither the reel nor the BOM names one."""


class Loaded(NamedTuple):
    """A lot in a hole; ``decrement`` None follows the BOM."""

    id: int
    hole_no: int
    lot_id: int
    mat_item: str
    mat_lot: str
    amount: int
    decrement: int | None


def lock(call: Any, wp_id: int, *, make: bool = False) -> None:
    """Keeps others from loading or taking at this workplace until the call ends.

    SQLite writes one call at a time anyway. On PostgreSQL the row of the workplace is locked before its
    places are read: locking the places themselves would miss a reel that is put in while waiting.
    """
    if make:
        call.db.insert_or_ignore(NEW_STATION, wp_id=wp_id)
    if call.db.writable and call.db.dialect != "sqlite":
        call.db.one(LOCK_STATION, wp_id=wp_id)


def read(call: Any, wp_id: int) -> list[Loaded]:
    """What is loaded at a workplace, by hole, the one in use first."""
    return [Loaded(*row) for row in call.db.rows(LOADED, wp_id=wp_id)]


def decrement_of(place: Loaded, plan: bom.Bom) -> int:
    """What one unit takes from a loaded hole: the reel's own figure, else the BOM's, else 1."""
    if place.decrement is not None:
        return place.decrement
    return plan.get(place.hole_no, {}).get(place.mat_item, ONE)


def answer(call: Any, wp_id: int) -> list[WpMat]:
    """What is loaded at a workplace, as the API shows it."""
    plan, shown, hole, queue = bom.read(call, wp_id), [], None, 0
    for place in read(call, wp_id):
        queue = queue + 1 if place.hole_no == hole else 0
        hole = place.hole_no
        numbers = to_number(place.amount), to_number(decrement_of(place, plan))
        shown.append(WpMat(wp_id, hole, place.lot_id, place.mat_item, place.mat_lot, *numbers, queue))
    return shown


def load(
    call: Any,
    wp_id: int,
    lot: tuple[str, str],
    amount: int,
    hole_no: int,
    decrement: int | None,
    *,
    clamped: bool,
) -> WpMat:
    """Loads ``amount`` of a lot (article, lot number) from the floor into a hole.

    ``clamped`` loads what the floor has when that is less.
    """
    lock(call, wp_id, make=True)
    wrong = bom.misfit(bom.read(call, wp_id), wp_id, hole_no, lot[0])
    if wrong:
        raise Refused([wrong])
    lot_id = lots.known_or_received(call, *lot, amount)
    former = [place for place in read(call, wp_id) if place.hole_no == hole_no]
    floor = lots.by_id(call, [lot_id, *(place.lot_id for place in former)], lock=True)
    if call.option("material", "splice") == "queue" and former and former[0].mat_item == lot[0]:
        kept = _spliced_over(call, former, lot_id)
    else:
        kept = _unload(call, wp_id, former, floor)
    _put_in(call, wp_id, hole_no, floor[lot_id], amount, decrement, kept, clamped)
    return next(row for row in answer(call, wp_id) if (row.hole_no, row.wfloormat_id) == (hole_no, lot_id))


def _spliced_over(call: Any, former: Sequence[Loaded], lot_id: int) -> list[Loaded]:
    """Drops used-up reels: the tape that is spliced on takes their place."""
    empty = [place.id for place in former if place.amount == 0 and place.lot_id != lot_id]
    if empty:
        call.db.run(DROP, ids=empty)
    return [place for place in former if place.id not in empty]


def _unload(call: Any, wp_id: int, former: Iterable[Loaded], floor: dict[int, lots.Held]) -> list[Loaded]:
    """Puts reels back on the floor (whose locked lots are ``floor``, kept up to date); nothing is left."""
    gone, rows = [], []
    for place in former:
        lot = floor[place.lot_id]
        floor[lot.id] = lots.put(call, lot, lot.amount + place.amount)
        rows.append(ledger.row(call, Kind.UNLOAD, lot.id, place.amount, wp_id=wp_id, hole_no=place.hole_no))
        gone.append(place.id)
    if gone:
        call.db.run(DROP, ids=gone)
    ledger.write(call, rows)
    return []


def _put_in(
    call: Any, wp_id: int, hole_no: int, lot: lots.Held, amount: int, decrement: int | None,
    kept: Sequence[Loaded], clamped: bool,
) -> None:  # fmt: skip
    if clamped:
        amount = min(amount, lot.amount)
    if amount > lot.amount:
        raise Refused([reasons.lot_short(lot.mat_item, lot.mat_lot, lot.amount, amount)])
    lots.put(call, lot, lot.amount - amount)
    same = next((place for place in kept if place.lot_id == lot.id), None)
    if same is None:
        call.db.insert(NEW, wp_id=wp_id, hole_no=hole_no, lot=lot.id, amount=amount, decrement=decrement)
    else:
        after = reasons.within_limit("amount", same.amount + amount)
        decrement = same.decrement if decrement is None else decrement
        call.db.run(SET_BOTH, id=same.id, amount=after, decrement=decrement)
    ledger.write(call, [ledger.row(call, Kind.LOAD, lot.id, amount, wp_id=wp_id, hole_no=hole_no)])


def close(
    call: Any, wp_id: int, mat_item: str, mat_lot: str, counted: int | None, hole_no: int | None
) -> tuple[int, int]:
    """Takes a reel off; what was counted (None: as booked) goes back to the floor.

    Answers what went back and the correction (counted − booked), both in millionths.
    """
    lock(call, wp_id)
    place = _the_one(call, wp_id, lots.named(call, mat_item, mat_lot), hole_no)
    back = place.amount if counted is None else counted
    lot, where = lots.locked(call, place.lot_id), {"wp_id": wp_id, "hole_no": place.hole_no}
    lots.put(call, lot, lot.amount + back)
    call.db.run(DROP, ids=[place.id])
    rows = [ledger.row(call, Kind.UNLOAD, lot.id, back, **where)]
    if back != place.amount:
        rows.insert(0, ledger.row(call, Kind.CORRECT, lot.id, back - place.amount, **where, info="counted"))
        call.changed("workplace-material", "amount", to_number(place.amount), to_number(back))
    ledger.write(call, rows)
    return back, back - place.amount


def _the_one(call: Any, wp_id: int, lot: lots.Held, hole_no: int | None) -> Loaded:
    there = [
        place for place in read(call, wp_id) if place.lot_id == lot.id and hole_no in (None, place.hole_no)
    ]
    if not there:
        where = "" if hole_no is None else f"hole {hole_no} of "
        raise reasons.no_lot(f"Lot {lot.mat_lot} of {lot.mat_item} is not in {where}workplace {wp_id}")
    if len(there) > 1:
        raise reasons.ambiguous(lot.mat_lot, wp_id, [place.hole_no for place in there])
    return there[0]


def clear(call: Any, wp_id: int) -> int:
    """Puts everything of a workplace back on the floor and answers how many reels that were."""
    lock(call, wp_id)
    loaded = read(call, wp_id)
    _unload(call, wp_id, loaded, lots.by_id(call, (place.lot_id for place in loaded), lock=True))
    return len(loaded)
