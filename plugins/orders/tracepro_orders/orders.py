"""Looking orders up: one statement brings an order with its whole routing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from peewee import Query, Select

from tracepro import clock
from tracepro.amounts import to_number
from tracepro.database import Statement, p, statement
from tracepro_hookspecs import Call, Row
from tracepro_hookspecs.records import Order
from tracepro_orders import models as m
from tracepro_orders import routing
from tracepro_orders.reasons import order_not_found
from tracepro_schemas import defs

COLUMNS = Order.__struct_fields__
AMOUNT = COLUMNS.index("amount")
created_text = lru_cache(maxsize=1024)(clock.text)


class Reference(NamedTuple):
    """What a unit's record needs of its order."""

    erp_ref: str
    item: str


def _select_orders() -> Select:
    return m.Order.select(*(m.Order._meta.fields[name] for name in COLUMNS)).order_by(m.Order.id)


def _select_order() -> Select:
    return _select_orders().where(m.Order.id == p("order_id"))


def _select_several() -> Select:
    return _select_orders().where(m.Order.id.in_(p.integers("order_ids")))


def _select_with_status() -> Select:
    return _select_orders().where(m.Order.status.in_(p.integers("statuses")))


def _locked(query: Select, clause: str) -> Query:
    return query.for_update(clause)  # type: ignore[arg-type]  # peewee takes the words of the clause as well


@statement
def order_by_id() -> Query:
    """One order."""
    return _select_order()


@statement
def orders_by_ids() -> Query:
    """Several orders in order of id."""
    return _select_several()


@statement
def order_for_recording() -> Query:
    """One order, locked against changes while others record on it too."""
    return _locked(_select_order(), "FOR KEY SHARE")


@statement
def orders_for_recording() -> Query:
    """Several orders, locked against changes while others record on them too."""
    return _locked(_select_several(), "FOR KEY SHARE")


@statement
def order_for_counting() -> Query:
    """One order, locked against others who add units or counts."""
    return _locked(_select_order(), "FOR NO KEY UPDATE")


@statement
def order_for_changing() -> Query:
    """One order, locked against everybody else."""
    return _select_order().for_update()


@statement
def order_by_erp_ref() -> Query:
    """The order with an ERP reference."""
    return _select_orders().where(m.Order.erp_ref == p("erp_ref"))


@statement
def orders_by_item() -> Query:
    """The orders of a product."""
    return _select_orders().where(m.Order.item == p("item"))


@statement
def orders_by_status() -> Query:
    """The orders with one of the statuses."""
    return _select_with_status()


@statement
def orders_by_item_and_status() -> Query:
    """The orders of a product with one of the statuses."""
    return _select_with_status().where(m.Order.item == p("item"))


@statement
def references_by_ids() -> Query:
    """ERP reference and product of several orders."""
    columns = (m.Order.id, m.Order.erp_ref, m.Order.item)
    return m.Order.select(*columns).where(m.Order.id.in_(p.integers("order_ids")))


def record(row: Row) -> Order:
    """Return the record of a row of ``COLUMNS``."""
    *columns, created, operations = row
    columns[AMOUNT] = to_number(columns[AMOUNT])
    columns += created_text(created), routing.read(operations)
    return Order(*columns)


def find(call: Call, order_id: int) -> Order | None:
    """Return an order by its id, or None."""
    row = call.db.one(order_by_id, order_id=order_id)
    return record(row) if row else None


def order(call: Call, order_id: int) -> Order:
    """Return an order by its id. Raises ``order-not-found``."""
    found = find(call, order_id)
    if found is None:
        raise order_not_found(order_id)
    return found


def orders(call: Call, order_ids: Iterable[int]) -> dict[int, Order]:
    """Return several orders by id. Raises ``order-not-found`` for the first unknown one."""
    return _require_all(call, orders_by_ids, order_ids)


def lock_counts(call: Call, order_id: int) -> Order:
    """Return an order to which no other call adds units or counts until this one ends. Raises ``order-not-found``.

    Calls that record on its units go on beside it.
    """
    return _require_locked(call, order_for_counting, order_id)


def lock_exclusive(call: Call, order_id: int) -> Order:
    """Return an order on which no other call records anything until this one ends. Raises ``order-not-found``."""
    return _require_locked(call, order_for_changing, order_id)


def lock_shared(call: Call, order_ids: Iterable[int]) -> dict[int, Order]:
    """Return orders by id that stay as they are until this call ends, while others record on them too.

    Whoever records calls this after locking the units: who holds an order waits for no unit. In a read they
    are just looked up. Raises ``order-not-found`` for the first unknown one.
    """
    wanted = set(order_ids)
    if not call.db.writable:
        return _require_all(call, orders_by_ids, wanted)
    if len(wanted) != 1:
        return _require_all(call, orders_for_recording, wanted)
    (order_id,) = wanted
    return {order_id: _require_locked(call, order_for_recording, order_id)}


def _require_locked(call: Call, query: Statement, order_id: int) -> Order:
    row = call.db.one(query, order_id=order_id)
    if row is None:
        raise order_not_found(order_id)
    return record(row)


def _require_all(call: Call, query: Statement, order_ids: Iterable[int]) -> dict[int, Order]:
    wanted = set(order_ids)
    found = {row[0]: record(row) for row in call.db.rows(query, order_ids=list(wanted))}
    if len(found) != len(wanted):
        raise order_not_found(min(wanted - found.keys()))
    return found


def references(call: Call, order_ids: Iterable[int]) -> dict[int, Reference]:
    """Return ERP reference and product of orders by id, without their routing; unknown ids are left out."""
    wanted = list(set(order_ids))
    if not wanted:
        return {}
    return {row[0]: Reference(row[1], row[2]) for row in call.db.rows(references_by_ids, order_ids=wanted)}


def find_by_erp_ref(call: Call, erp_ref: str) -> Order | None:
    """Return the order with an ERP reference, or None."""
    row = call.db.one(order_by_erp_ref, erp_ref=erp_ref)
    return record(row) if row else None


def require_erp_ref(call: Call, erp_ref: str) -> Order:
    """Return the order that has just been given an ERP reference."""
    return record(call.db.rows(order_by_erp_ref, erp_ref=erp_ref)[0])


def find_by_item_and_status(call: Call, item: str, statuses: Sequence[int]) -> list[Order]:
    """Return the orders of a product and with one of the statuses; an empty condition matches all.

    With neither they are the active ones (queryorder).
    """
    if not item:
        rows = call.db.rows(orders_by_status, statuses=list(statuses) or [defs.ORDER_ST_ACTIVE])
    elif not statuses:
        rows = call.db.rows(orders_by_item, item=item)
    else:
        rows = call.db.rows(orders_by_item_and_status, item=item, statuses=list(statuses))
    return [record(row) for row in rows]
