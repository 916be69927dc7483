"""What lies within reach of an operation: the reels in the holes and the lots on the floor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tracepro_material import bom, loading, lots

MatRow = tuple[int, str, int, int]
"""(wfloormat_id, ref, amount in millionths, hole_no)"""


class Pile:
    """A lot in a hole or on the floor while it is worked out what is taken; ``left`` goes down."""

    __slots__ = ("decrement", "hole_no", "id", "lot_id", "mat_item", "mat_lot", "there", "left", "missing")

    def __init__(self, lot_id: int, mat_item: str, mat_lot: str, amount: int) -> None:
        self.id: int | None = None
        self.hole_no: int | None = None
        self.lot_id, self.mat_item, self.mat_lot = lot_id, mat_item, mat_lot
        self.there = self.left = amount
        self.decrement, self.missing = 0, 0

    @classmethod
    def in_hole(cls, place: loading.Loaded, plan: bom.Bom) -> Pile:
        """A reel in a hole."""
        pile = cls(place.lot_id, place.mat_item, place.mat_lot, place.amount)
        pile.id, pile.hole_no, pile.decrement = place.id, place.hole_no, loading.decrement_of(place, plan)
        return pile

    def take(self, amount: int) -> int:
        """Takes up to ``amount`` and answers how much was there."""
        there = min(amount, self.left)
        self.left -= there
        return there


class Stock:
    """The holes of a workplace, its BOM and the floor lots that ``mat`` rows name."""

    def __init__(self, wp_id: int) -> None:
        self.wp_id = wp_id
        self.holes: dict[int, list[Pile]] = {}
        self.bom: bom.Bom = {}
        self.floor: dict[int, Pile] = {}
        self.unknown: set[int] = set()

    def pile(self, lot_id: int, hole_no: int) -> Pile | None:
        """Where a ``mat`` row takes from: the lot in the hole when it is loaded there, else the floor, if it exists."""
        if hole_no > 0:
            for pile in self.holes.get(hole_no, ()):
                if pile.lot_id == lot_id:
                    return pile
        return self.floor.get(lot_id)

    def piles(self) -> list[Pile]:
        """All piles, holes first."""
        return [pile for hole in self.holes.values() for pile in hole] + list(self.floor.values())


def read(call: Any, wp_id: int, mat: Sequence[MatRow], *, auto: bool) -> Stock:
    """Reads, and locks in a writing call, what an operation with these ``mat`` rows may take."""
    stock = Stock(wp_id)
    if auto or any(row[3] > 0 for row in mat):
        loading.lock(call, wp_id)
        stock.bom = bom.read(call, wp_id)
        for place in loading.read(call, wp_id):
            stock.holes.setdefault(place.hole_no, []).append(Pile.in_hole(place, stock.bom))
    wanted = {row[0] for row in mat if stock.pile(row[0], row[3]) is None}
    if wanted:
        stock.floor = {lot.id: Pile(*lot) for lot in lots.by_id(call, wanted, lock=True).values()}
        stock.unknown = wanted - stock.floor.keys()
    return stock
