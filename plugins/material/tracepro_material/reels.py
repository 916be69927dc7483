"""What is loaded at workplaces: reels in holes, in order of their queue."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from peewee import Query

from tracepro.amounts import MICRO, to_number
from tracepro.database import Insert, list_rows, p, statement
from tracepro_hookspecs import Call
from tracepro_material import boms
from tracepro_material import models as m
from tracepro_material.boms import Bom
from tracepro_material.records import WpMat

DEFAULT_DECREMENT = MICRO
"""One piece: what a unit takes where neither the reel nor the BOM says how much."""
NEW = Insert(m.Reel)


@statement
def reels_of_workplace() -> Query:
    """What is loaded at a workplace, the reel in use of each hole first."""
    lot, reel = m.Lot, m.Reel
    return (
        reel.select(reel.id, reel.hole_no, reel.lot, lot.mat_item, lot.mat_lot, reel.amount, reel.decrement)
        .join(lot)
        .where(reel.wp_id == p("wp_id"))
        .order_by(reel.hole_no, reel.id)
    )


@statement
def update_amount() -> Query:
    """Set what is left of a reel."""
    return m.Reel.update(amount=p("amount")).where(m.Reel.id == p("id"))


@statement
def update_amount_and_decrement() -> Query:
    """Set what is left of a reel, and how much of it a unit takes."""
    return m.Reel.update(amount=p("amount"), decrement=p("decrement")).where(m.Reel.id == p("id"))


@statement
def delete_reels() -> Query:
    """Delete reels that leave their holes."""
    return m.Reel.delete().where(m.Reel.id.in_(p.integers("ids")))


class LoadedReel(NamedTuple):
    """A lot in a hole; ``decrement`` None follows the BOM."""

    id: int
    hole_no: int
    lot_id: int
    mat_item: str
    mat_lot: str
    amount: int
    decrement: int | None

    def decrement_by(self, bom: Bom) -> int:
        """Return what one unit takes: the reel's own figure, else the BOM's, else 1."""
        if self.decrement is not None:
            return self.decrement
        return bom.get(self.hole_no, {}).get(self.mat_item, DEFAULT_DECREMENT)


def note_change(
    call: Call, wp_id: int, hole_no: int, before: LoadedReel | None, after: LoadedReel | None
) -> None:
    """Note in the audit what became of a reel in a hole; None is that it isn't there."""
    call.changed(f"workplace {wp_id}", f"hole {hole_no}", _shown(before), _shown(after))


def remove(call: Call, wp_id: int, removed: Sequence[LoadedReel]) -> None:
    """Take reels out of their holes; what was in them is the caller's to book."""
    for reel in removed:
        note_change(call, wp_id, reel.hole_no, reel, None)
    call.db.run(delete_reels, ids=[reel.id for reel in removed])


def _shown(reel: LoadedReel | None) -> dict[str, Any] | None:
    if reel is None:
        return None
    decrement = None if reel.decrement is None else to_number(reel.decrement)
    return {
        "wfloormat_id": reel.lot_id,
        "mat_item": reel.mat_item,
        "mat_lot": reel.mat_lot,
        "amount": to_number(reel.amount),
        "decrement": decrement,
    }


def read(call: Call, wp_id: int) -> list[LoadedReel]:
    """Return what is loaded at a workplace, by hole, the reel in use first."""
    return [LoadedReel(*row) for row in call.db.rows(reels_of_workplace, wp_id=wp_id)]


def loaded_lots(call: Call, wp_id: int) -> set[tuple[int, str, str]]:
    """Return (hole_no, mat_item, mat_lot) of all that is loaded at a workplace, waiting reels included."""
    return {(reel.hole_no, reel.mat_item, reel.mat_lot) for reel in read(call, wp_id)}


def answer(call: Call, wp_id: int) -> list[WpMat]:
    """Return what is loaded at a workplace as the API shows it."""
    bom = boms.read(call, wp_id)
    shown: list[WpMat] = []
    for reel in map(LoadedReel._make, list_rows(call, reels_of_workplace, wp_id=wp_id)):
        is_behind = bool(shown) and shown[-1].hole_no == reel.hole_no
        queue = shown[-1].queue + 1 if is_behind else 0
        numbers = to_number(reel.amount), to_number(reel.decrement_by(bom))
        shown.append(WpMat(wp_id, reel.hole_no, reel.lot_id, reel.mat_item, reel.mat_lot, *numbers, queue))
    return shown
