"""Works out what operations take from a stock, without writing anything: the one rule for check and write."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tracepro_hookspecs import Reason
from tracepro_material import boms, reasons
from tracepro_material.lots import LARGEST_AMOUNT
from tracepro_material.stock import MatRow, Stock, StockLot


class Demand(NamedTuple):
    """An operation that takes material; the ids are None while it is only asked about.

    ``mat_factor`` multiplies ``mat`` rows, ``auto_factor`` what every hole gives.
    """

    op_id: int | None
    item_id: int | None
    mat_factor: int
    auto_factor: int


class Withdrawal(NamedTuple):
    """What a demand takes from a lot; ``shortage`` of the ``amount`` was not there."""

    demand: Demand
    lot: StockLot
    hole_no: int
    ref: str
    amount: int
    shortage: int


class Shortage(NamedTuple):
    """What is short in a hole, or of a lot on the floor (``hole_no`` 0): the article, or those that may be in the hole."""

    hole_no: int
    mat_item: str
    reason: Reason


class Backflush:
    """Collects withdrawals, and what is short, in the order of the demands."""

    def __init__(self, stock: Stock) -> None:
        self.stock = stock
        self.withdrawals: list[Withdrawal] = []
        self.bom_violations: list[Reason] = []
        self._empty_holes: dict[int, int] = {}
        """What is needed of each hole that has nothing in it."""

    def take_from_holes(self, demands: Sequence[Demand]) -> None:
        """Take every hole's decrement; with a BOM its holes count, without one those that are loaded."""
        stock = self.stock
        for hole_no in sorted(stock.bom) if stock.bom else sorted(stock.holes):
            lots = stock.holes.get(hole_no, [])
            self._check_bom(hole_no, lots)
            for demand in demands:
                self._take_from_hole(demand, hole_no, lots)

    def _check_bom(self, hole_no: int, lots: Sequence[StockLot]) -> None:
        for lot in lots:
            violation = boms.violation(self.stock.bom, self.stock.wp_id, hole_no, lot.mat_item)
            if violation:
                self.bom_violations.append(violation)

    def _take_from_hole(self, demand: Demand, hole_no: int, lots: Sequence[StockLot]) -> None:
        """Take from the reel in use, then from those behind it; what the last one lacks is its shortage."""
        if not lots:
            self._miss(hole_no, min(self.stock.bom[hole_no].values()) * demand.auto_factor)
            return
        need = lots[0].decrement * demand.auto_factor
        for lot in lots[:-1]:
            if need and not lot.left:
                continue
            taken = lot.take(need)
            self.withdrawals.append(Withdrawal(demand, lot, hole_no, "", taken, 0))
            need -= taken
            if not need:
                return
        self._withdraw(demand, lots[-1], hole_no, "", need)

    def _miss(self, hole_no: int, need: int) -> None:
        if need:
            self._empty_holes[hole_no] = self._empty_holes.get(hole_no, 0) + need

    def take_rows(self, demands: Sequence[Demand], mat: Sequence[MatRow]) -> None:
        """Take ``mat`` rows for every demand; rows of ``stock.unknown_lots`` take nothing."""
        for lot_id, ref, amount, hole_no in mat:
            lot = self.stock.find(lot_id, hole_no)
            if lot is None:
                continue
            for demand in demands:
                self._withdraw(demand, lot, hole_no, ref, amount * demand.mat_factor)

    def _withdraw(self, demand: Demand, lot: StockLot, hole_no: int, ref: str, amount: int) -> None:
        shortage = amount - lot.take(amount)
        lot.shortage += shortage
        self.withdrawals.append(Withdrawal(demand, lot, hole_no, ref, amount, shortage))

    def shortages(self) -> list[Shortage]:
        """Return one shortage for every hole and lot that runs out."""
        wp_id, bom = self.stock.wp_id, self.stock.bom
        found = [
            Shortage(hole_no, ", ".join(sorted(bom[hole_no])), reasons.hole_short(wp_id, hole_no, need))
            for hole_no, need in sorted(self._empty_holes.items())
        ]
        return found + [_shortage(wp_id, lot) for lot in self.stock.lots() if lot.shortage]

    def exceeds_limit(self) -> bool:
        """Tell whether more is short than any lot can hold, so that it can't be recorded either."""
        shortages = [*self._empty_holes.values(), *(lot.shortage for lot in self.stock.lots())]
        return max(shortages, default=0) > LARGEST_AMOUNT


def _shortage(wp_id: int, lot: StockLot) -> Shortage:
    if lot.hole_no is not None:
        return Shortage(lot.hole_no, lot.mat_item, reasons.hole_short(wp_id, lot.hole_no, lot.shortage))
    reason = reasons.lot_short(lot.mat_item, lot.mat_lot, lot.on_hand, lot.on_hand + lot.shortage)
    return Shortage(0, lot.mat_item, reason)
