"""What an operation may take from: the reels in the holes of a workplace and lots on the floor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tracepro_hookspecs import Call
from tracepro_material import boms, locks, lots, reels
from tracepro_material.boms import Bom
from tracepro_material.reels import LoadedReel

MatRow = tuple[int, str, int, int]
"""(wfloormat_id, ref, amount in millionths, hole_no)"""


@dataclass(slots=True, eq=False)
class StockLot:
    """A lot in a hole or on the floor (no ``hole_no``), and what a backflush leaves of it; amounts in millionths.

    ``on_hand`` is what there is at first, ``left`` what is not taken yet, ``shortage`` what was wanted and not there.
    """

    lot_id: int
    mat_item: str
    mat_lot: str
    on_hand: int
    reel: LoadedReel | None = None
    hole_no: int | None = None
    decrement: int = 0
    left: int = field(init=False)
    shortage: int = 0

    def __post_init__(self) -> None:
        self.left = self.on_hand

    @classmethod
    def in_hole(cls, reel: LoadedReel, bom: Bom) -> StockLot:
        """Return the stock that a loaded reel is."""
        return cls(
            reel.lot_id,
            reel.mat_item,
            reel.mat_lot,
            reel.amount,
            reel,
            reel.hole_no,
            reel.decrement_by(bom),
        )

    def take(self, amount: int) -> int:
        """Take up to ``amount`` and return how much of it was there."""
        taken = min(amount, self.left)
        self.left -= taken
        return taken


class Stock:
    """The holes of a workplace, its BOM and the floor lots that ``mat`` rows name."""

    def __init__(self, wp_id: int) -> None:
        self.wp_id = wp_id
        self.holes: dict[int, list[StockLot]] = {}
        self.bom: Bom = {}
        self.floor: dict[int, StockLot] = {}
        self.unknown_lots: set[int] = set()

    def find(self, lot_id: int, hole_no: int) -> StockLot | None:
        """Return what a ``mat`` row takes from: the lot in that hole, else on the floor, else None."""
        if hole_no > 0:
            for lot in self.holes.get(hole_no, ()):
                if lot.lot_id == lot_id:
                    return lot
        return self.floor.get(lot_id)

    def lots(self) -> list[StockLot]:
        """Return everything, holes first."""
        return [lot for hole in self.holes.values() for lot in hole] + list(self.floor.values())


def read(call: Call, wp_id: int, mat: Sequence[MatRow], *, auto: bool) -> Stock:
    """Read, and lock in a writing call, what an operation with these ``mat`` rows may take from."""
    stock = Stock(wp_id)
    if auto or any(hole_no > 0 for _, _, _, hole_no in mat):
        locks.lock_workplace(call, wp_id)
        stock.bom = boms.read(call, wp_id)
        for reel in reels.read(call, wp_id):
            stock.holes.setdefault(reel.hole_no, []).append(StockLot.in_hole(reel, stock.bom))
    on_floor = {lot_id for lot_id, _, _, hole_no in mat if stock.find(lot_id, hole_no) is None}
    if on_floor:
        stock.floor = {lot.id: StockLot(*lot) for lot in lots.by_id(call, on_floor, lock=True).values()}
        stock.unknown_lots = on_floor - stock.floor.keys()
    return stock
