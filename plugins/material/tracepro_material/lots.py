"""Lots on the floor: finding, receiving, writing off."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from tracepro.amounts import to_number
from tracepro.database import Insert, Statement, p
from tracepro_hookspecs import Refused
from tracepro_material import ledger, reasons
from tracepro_material.models import Kind, Lot
from tracepro_material.records import FloorMat

_COLUMNS = (Lot.id, Lot.mat_item, Lot.mat_lot, Lot.amount)
FIND = Statement(
    lambda: Lot.select(*_COLUMNS).where(Lot.mat_item == p("mat_item"), Lot.mat_lot == p("mat_lot"))
)
BY_ID = Statement(lambda: Lot.select(*_COLUMNS).where(Lot.id.in_(p.integers("ids"))))
# in order of id, so that two calls never wait for each other
LOCK = Statement(
    lambda: Lot.select(*_COLUMNS).where(Lot.id.in_(p.integers("ids"))).order_by(Lot.id).for_update()
)
NEW = Insert(Lot, ignore=True)
SET = Statement(lambda: Lot.update(amount=p("amount")).where(Lot.id == p("id")))


class Held(NamedTuple):
    """A lot and how many millionths of it lie on the floor."""

    id: int
    mat_item: str
    mat_lot: str
    amount: int

    def answer(self) -> FloorMat:
        """The lot as the API shows it."""
        return FloorMat(self.id, self.mat_item, self.mat_lot, to_number(self.amount))


def find(call: Any, mat_item: str, mat_lot: str) -> Held | None:
    """The lot of an article, or None."""
    row = call.db.one(FIND, mat_item=mat_item, mat_lot=mat_lot)
    return Held(*row) if row else None


def named(call: Any, mat_item: str, mat_lot: str) -> Held:
    """The lot of an article, or ``floor-material-not-found``."""
    lot = find(call, mat_item, mat_lot)
    if lot is None:
        raise reasons.no_lot(f"There is no lot {mat_lot} of {mat_item}")
    return lot


def by_id(call: Any, ids: Iterable[int], *, lock: bool) -> dict[int, Held]:
    """Lots by id; locked in order of id when the call writes and wants it."""
    statement = LOCK if lock and call.db.writable else BY_ID
    return {row[0]: Held(*row) for row in call.db.rows(statement, ids=sorted(set(ids)))}


def ensure(call: Any, mat_item: str, mat_lot: str) -> tuple[int, bool]:
    """The id of a lot, and whether it was made just now (with nothing on the floor)."""
    lot = find(call, mat_item, mat_lot)
    if lot is not None:
        return lot.id, False
    # 0 when another caller was faster, whose row is committed by now
    made = call.db.insert_or_ignore(NEW, mat_item=mat_item, mat_lot=mat_lot, amount=0)
    return named(call, mat_item, mat_lot).id, made > 0


def locked(call: Any, lot_id: int) -> Held:
    """A lot for writing, or ``floor-material-not-found``."""
    lot = by_id(call, [lot_id], lock=True).get(lot_id)
    if lot is None:
        raise reasons.no_lot(f"There is no floor material {lot_id}")
    return lot


def put(call: Any, lot: Held, amount: int) -> Held:
    """Sets what lies on the floor of a locked lot."""
    if amount != lot.amount:
        call.db.run(SET, id=lot.id, amount=reasons.within_limit("amount", amount))
    return lot._replace(amount=amount)


def receive(call: Any, lot: Held, amount: int, info: str = "") -> Held:
    """Adds a delivery to a locked lot."""
    lot = put(call, lot, lot.amount + amount)
    ledger.write(call, [ledger.row(call, Kind.RECEIVE, lot.id, amount, info=info)])
    return lot


def known_or_received(call: Any, mat_item: str, mat_lot: str, amount: int) -> int:
    """The id of a lot; an unknown one is received with ``amount``, a known one is left as it is."""
    lot_id, new = ensure(call, mat_item, mat_lot)
    if new:
        receive(call, Held(lot_id, mat_item, mat_lot, 0), amount)
    return lot_id


def deliver(call: Any, mat_item: str, mat_lot: str, amount: int, ref: str) -> Held:
    """Receives a delivery of a lot, known or not."""
    lot_id, _ = ensure(call, mat_item, mat_lot)
    return receive(call, locked(call, lot_id), amount, ref)


def write_off(call: Any, lot_id: int, amount: int, reason: str) -> Held:
    """Takes a loss off the floor."""
    lot = locked(call, lot_id)
    if amount > lot.amount:
        raise Refused([reasons.lot_short(lot.mat_item, lot.mat_lot, lot.amount, amount)])
    after = put(call, lot, lot.amount - amount)
    ledger.write(call, [ledger.row(call, Kind.WRITE_OFF, lot_id, amount, info=reason)])
    call.changed("floor-material", "amount", to_number(lot.amount), to_number(after.amount))
    return after
