"""Works out what operations take from a stock, without writing anything: the one rule for check and write."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tracepro_hookspecs import Reason
from tracepro_material import bom, reasons
from tracepro_material.stock import MatRow, Pile, Stock


class Demand(NamedTuple):
    """An operation that takes material; the ids are None while it is only asked about.

    ``mat_times`` multiplies ``mat`` rows, ``auto_times`` what every hole gives.
    """

    op_id: int | None
    item_id: int | None
    mat_times: int
    auto_times: int


class Take(NamedTuple):
    """A demand takes ``amount`` from a pile, of which ``missing`` was not there."""

    demand: Demand
    pile: Pile
    hole_no: int
    ref: str
    amount: int
    missing: int


class Taking:
    """Collects takes, and what is short, in the order of the demands."""

    def __init__(self, stock: Stock) -> None:
        self.stock = stock
        self.takes: list[Take] = []
        self.empty: dict[int, int] = {}
        self.wrong: list[Reason] = []

    def from_holes(self, demands: Sequence[Demand]) -> None:
        """Takes every hole's decrement; with a BOM its holes count, without one those that are loaded."""
        stock = self.stock
        for hole_no in sorted(stock.bom) if stock.bom else sorted(stock.holes):
            piles = stock.holes.get(hole_no, [])
            self._articles_fit(piles)
            for demand in demands:
                self._from_hole(demand, hole_no, piles)

    def _articles_fit(self, piles: Sequence[Pile]) -> None:
        for pile in piles:
            wrong = bom.misfit(self.stock.bom, self.stock.wp_id, pile.hole_no, pile.mat_item)
            if wrong:
                self.wrong.append(wrong)

    def _from_hole(self, demand: Demand, hole_no: int, piles: Sequence[Pile]) -> None:
        if not piles:
            need = min(self.stock.bom[hole_no].values()) * demand.auto_times
            if need:
                self.empty[hole_no] = self.empty.get(hole_no, 0) + need
            return
        need = piles[0].decrement * demand.auto_times
        for pile in piles[:-1]:
            if need and not pile.left:
                continue
            there = pile.take(need)
            self.takes.append(Take(demand, pile, hole_no, "", there, 0))
            need -= there
            if not need:
                return
        self._take(demand, piles[-1], hole_no, "", need)

    def from_rows(self, demands: Sequence[Demand], mat: Sequence[MatRow]) -> None:
        """Takes ``mat`` rows for every demand; rows of unknown lots are ``stock.unknown`` and take nothing."""
        for lot_id, ref, amount, hole_no in mat:
            pile = self.stock.pile(lot_id, hole_no)
            for demand in demands if pile is not None else ():
                self._take(demand, pile, hole_no, ref, amount * demand.mat_times)

    def _take(self, demand: Demand, pile: Pile, hole_no: int, ref: str, amount: int) -> None:
        missing = amount - pile.take(amount)
        pile.missing += missing
        self.takes.append(Take(demand, pile, hole_no, ref, amount, missing))

    def shortages(self) -> list[Reason]:
        """One reason for every hole and lot that runs out."""
        wp_id = self.stock.wp_id
        found = [reasons.hole_short(wp_id, hole, need) for hole, need in sorted(self.empty.items())]
        for pile in self.stock.piles():
            if pile.missing and pile.hole_no is not None:
                found.append(reasons.hole_short(wp_id, pile.hole_no, pile.missing))
            elif pile.missing:
                found.append(
                    reasons.lot_short(pile.mat_item, pile.mat_lot, pile.there, pile.there + pile.missing)
                )
        return found

    def beyond_limit(self) -> bool:
        """Whether more is missing than any lot can hold, so that it can't be recorded either."""
        return max([*self.empty.values(), *(pile.missing for pile in self.stock.piles()), 0]) > reasons.LIMIT
