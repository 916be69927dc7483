"""Lots on the floor: finding, receiving, writing off."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

from peewee import Query, Select

from tracepro.amounts import to_number
from tracepro.database import Insert, p, statement
from tracepro_hookspecs import Call, Refused
from tracepro_material import ledger, reasons
from tracepro_material import models as m
from tracepro_material.models import MoveKind
from tracepro_material.records import FloorMat

APPLY_RECEIPT = "tracepro_apply_receipt"
LARGEST_AMOUNT = 10**18
"""Millionths: no lot holds more than 10^12 pieces, so sums stay within 64 bits."""
NEW = Insert(m.Lot, ignore=True)
NEW_RECEIPT = Insert(m.Receipt, ignore=True)


def _lots() -> Select:
    return m.Lot.select(m.Lot.id, m.Lot.mat_item, m.Lot.mat_lot, m.Lot.amount)


@statement
def lot_of_article() -> Query:
    """One lot by article and lot number."""
    return _lots().where(m.Lot.mat_item == p("mat_item"), m.Lot.mat_lot == p("mat_lot"))


@statement
def lots_of_articles() -> Query:
    """The lots of some articles with some lot numbers, in all combinations."""
    return _lots().where(m.Lot.mat_item.in_(p.texts("mat_items")), m.Lot.mat_lot.in_(p.texts("mat_lots")))


@statement
def lots_by_id() -> Query:
    """Lots."""
    return _lots().where(m.Lot.id.in_(p.integers("ids")))


@statement
def lock_lots() -> Query:
    """Lots, locked in order of id, so that two calls never wait for each other."""
    return _lots().where(m.Lot.id.in_(p.integers("ids"))).order_by(m.Lot.id).for_update()


@statement
def update_amount() -> Query:
    """Set what lies on the floor of a lot."""
    return m.Lot.update(amount=p("amount")).where(m.Lot.id == p("id"))


class FloorLot(NamedTuple):
    """A lot and how many millionths of it lie on the floor."""

    id: int
    mat_item: str
    mat_lot: str
    amount: int

    def answer(self) -> FloorMat:
        """Return the lot as the API shows it."""
        return FloorMat(self.id, self.mat_item, self.mat_lot, to_number(self.amount))


def find(call: Call, mat_item: str, mat_lot: str) -> FloorLot | None:
    """Return the lot of an article, or None."""
    row = call.db.one(lot_of_article, mat_item=mat_item, mat_lot=mat_lot)
    return FloorLot(*row) if row else None


def ids(call: Call, lots: Collection[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Return the ids of those of the lots, (mat_item, mat_lot), that are known."""
    if not lots:
        return {}
    mat_items, mat_lots = (sorted(set(names)) for names in zip(*lots, strict=True))
    rows = call.db.rows(lots_of_articles, mat_items=mat_items, mat_lots=mat_lots)
    return {
        (mat_item, mat_lot): lot_id for lot_id, mat_item, mat_lot, _ in rows if (mat_item, mat_lot) in lots
    }


def require(call: Call, mat_item: str, mat_lot: str) -> FloorLot:
    """Return the lot of an article. Raises NotFound (``floor-material-not-found``)."""
    lot = find(call, mat_item, mat_lot)
    if lot is None:
        raise reasons.lot_not_found(mat_item, mat_lot)
    return lot


def by_id(call: Call, ids: Iterable[int], *, lock: bool) -> dict[int, FloorLot]:
    """Return lots by id; ``lock`` them in order of id where the call writes."""
    query = lock_lots if lock and call.db.writable else lots_by_id
    return {row[0]: FloorLot(*row) for row in call.db.rows(query, ids=sorted(set(ids)))}


def lock(call: Call, lot_id: int) -> FloorLot:
    """Lock a lot and return it. Raises NotFound (``floor-material-not-found``)."""
    lot = by_id(call, [lot_id], lock=True).get(lot_id)
    if lot is None:
        raise reasons.lot_id_not_found(lot_id)
    return lot


def set_amount(call: Call, lot: FloorLot, amount: int) -> FloorLot:
    """Set what lies on the floor of a locked lot and return the lot as it is then."""
    if amount != lot.amount:
        call.db.run(update_amount, id=lot.id, amount=within_limit("amount", amount))
        call.changed(f"floor-material {lot.id}", "amount", to_number(lot.amount), to_number(amount))
    return lot._replace(amount=amount)


def within_limit(parameter: str, amount: int) -> int:
    """Return an amount, or refuse it when no lot can hold that much."""
    if abs(amount) > LARGEST_AMOUNT:
        raise reasons.amount_too_large(parameter, LARGEST_AMOUNT)
    return amount


def find_or_receive(call: Call, mat_item: str, mat_lot: str, amount: int) -> int:
    """Return the id of a lot; an unknown one is received with ``amount``, a known one is left as it is."""
    lot_id, created = _find_or_create(call, mat_item, mat_lot)
    if created:
        _book_receipt(call, FloorLot(lot_id, mat_item, mat_lot, 0), amount)
    return lot_id


def receive(call: Call, mat_item: str, mat_lot: str, amount: int, ref: str) -> FloorLot:
    """Receive a delivery of a lot, known or not, and return the lot.

    A ``ref`` counts once for a lot. Raises Conflict (``receipt-exists``).
    """
    lot_id, _ = _find_or_create(call, mat_item, mat_lot)
    lot = lock(call, lot_id)
    if ref and not call.db.insert_or_ignore(NEW_RECEIPT, lot=lot_id, ref=ref):
        raise reasons.receipt_exists(mat_item, mat_lot, ref)
    return _book_receipt(call, lot, amount, ref)


def _find_or_create(call: Call, mat_item: str, mat_lot: str) -> tuple[int, bool]:
    """Return the id of a lot, and whether it was created just now (with nothing on the floor)."""
    lot = find(call, mat_item, mat_lot)
    if lot is not None:
        return lot.id, False
    # 0 when another caller was faster, whose row is committed by now
    created = call.db.insert_or_ignore(NEW, mat_item=mat_item, mat_lot=mat_lot, amount=0)
    return require(call, mat_item, mat_lot).id, created > 0


def _book_receipt(call: Call, lot: FloorLot, amount: int, info: str = "") -> FloorLot:
    after = set_amount(call, lot, lot.amount + amount)
    ledger.write(call, [ledger.entry(call, MoveKind.RECEIVE, lot.id, amount, info=info)])
    if amount and call.hooks.has(APPLY_RECEIPT):
        call.hooks.apply(
            APPLY_RECEIPT,
            wfloormat_id=lot.id,
            mat_item=lot.mat_item,
            mat_lot=lot.mat_lot,
            amount=amount,
            ref=info,
        )
    return after


def write_off(call: Call, lot_id: int, amount: int, reason: str) -> FloorLot:
    """Take a loss off the floor and return what is left of the lot. Raises Refused (``material-short``)."""
    lot = lock(call, lot_id)
    if amount > lot.amount:
        raise Refused([reasons.lot_short(lot.mat_item, lot.mat_lot, lot.amount, amount)])
    after = set_amount(call, lot, lot.amount - amount)
    ledger.write(call, [ledger.entry(call, MoveKind.WRITE_OFF, lot_id, amount, info=reason)])
    return after
