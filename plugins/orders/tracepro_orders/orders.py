"""Looking orders up and locking them: one statement brings an order with its whole routing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from peewee import SQL, Field, NodeList, Query, Select

from tracepro import clock
from tracepro.amounts import to_number
from tracepro.database import Statement, list_rows, p, statement
from tracepro_hookspecs import Call, Row
from tracepro_hookspecs.records import Order
from tracepro_orders import models as m
from tracepro_orders import routing
from tracepro_orders.reasons import order_not_found
from tracepro_schemas import defs

COLUMNS = Order.__struct_fields__
"""The columns that make a record, each called as the record's field."""
AMOUNT, CREATED, ROUTING = map(COLUMNS.index, ("amount", "created", "operations"))
created_text = lru_cache(maxsize=1024)(clock.text)


class Reference(NamedTuple):
    """What a unit's record needs of its order."""

    erp_ref: str
    item: str


def select_orders() -> Select:
    """Return a query of the columns of :func:`record`, in order of id."""
    return m.Order.select(*(m.Order._meta.fields[name] for name in COLUMNS)).order_by(m.Order.id)


def _select_one() -> Select:
    return select_orders().where(m.Order.id == p("order_id"))


def _select_several() -> Select:
    return select_orders().where(m.Order.id.in_(p.integers("order_ids")))


def _locking(query: Select, clause: str) -> Query:
    return query.for_update(clause)  # type: ignore[arg-type]  # peewee's stubs know no other clause than the default


def with_orders(rows: Select, order_id: Field[Any]) -> Query:
    """Return a query with the columns of orders behind those of others' rows; :func:`record` reads them.

    ``order_id`` is the column of the rows that names their order. In a write the rows are locked until the call ends,
    each before its order, which is locked as in :func:`lock_shared`; so of several orders it is not for writes. An order that
    was changed meanwhile comes as it is now, because whoever changes one has locked it exclusively before.
    """
    columns = [m.Order._meta.fields[name] for name in COLUMNS]
    joined = rows.select_extend(*columns).join(m.Order, on=(m.Order.id == order_id))
    locked = NodeList((order_id.model, SQL("FOR KEY SHARE OF"), m.Order))
    return joined.for_update(of=locked)


@statement
def order_by_id() -> Query:
    """One order."""
    return _select_one()


@statement
def order_locked_shared() -> Query:
    """One order, locked as in :func:`lock_shared`."""
    return _locking(_select_one(), "FOR KEY SHARE")


@statement
def order_locked_counts() -> Query:
    """One order, locked as in :func:`lock_counts`."""
    return _locking(_select_one(), "FOR NO KEY UPDATE")


@statement
def order_locked_exclusive() -> Query:
    """One order, locked as in :func:`lock_exclusive`."""
    return _locking(_select_one(), "FOR UPDATE")


@statement
def orders_by_ids() -> Query:
    """Several orders in order of id."""
    return _select_several()


@statement
def orders_locked_shared() -> Query:
    """Several orders in order of id, locked as in :func:`lock_shared`."""
    return _locking(_select_several(), "FOR KEY SHARE")


@statement
def order_by_erp_ref() -> Query:
    """The order with an ERP reference."""
    return select_orders().where(m.Order.erp_ref == p("erp_ref"))


@statement
def orders_by_item() -> Query:
    """The orders of a product in order of id."""
    return select_orders().where(m.Order.item == p("item"))


@statement
def orders_by_status() -> Query:
    """The orders with one of several statuses in order of id."""
    return select_orders().where(m.Order.status.in_(p.integers("statuses")))


@statement
def orders_by_item_and_status() -> Query:
    """The orders of a product with one of several statuses in order of id."""
    of_status = m.Order.status.in_(p.integers("statuses"))
    return select_orders().where(of_status & (m.Order.item == p("item")))


@statement
def references_by_ids() -> Query:
    """Id, ERP reference and product of several orders."""
    columns = m.Order.select(m.Order.id, m.Order.erp_ref, m.Order.item)
    return columns.where(m.Order.id.in_(p.integers("order_ids")))


def record(row: Row) -> Order:
    """Return the record of a row of ``COLUMNS``."""
    values = list(row)
    values[AMOUNT] = to_number(values[AMOUNT])
    values[CREATED] = created_text(values[CREATED])
    values[ROUTING] = routing.decode(values[ROUTING])
    return Order(*values)


def find(call: Call, order_id: int) -> Order | None:
    """Return an order by its id, or None."""
    row = call.db.one(order_by_id, order_id=order_id)
    return record(row) if row else None


def find_by_erp_ref(call: Call, erp_ref: str) -> Order | None:
    """Return the order with an ERP reference, or None."""
    row = call.db.one(order_by_erp_ref, erp_ref=erp_ref)
    return record(row) if row else None


def order(call: Call, order_id: int) -> Order:
    """Return an order by its id. Raises ``order-not-found``."""
    return _one(call, order_by_id, order_id)


def orders(call: Call, order_ids: Iterable[int]) -> dict[int, Order]:
    """Return several orders by id. Raises ``order-not-found`` for the first unknown one."""
    return _several(call, orders_by_ids, order_ids)


def lock_counts(call: Call, order_id: int) -> Order:
    """Return an order to which no other call adds units or counts until this one ends. Raises ``order-not-found``.

    Calls that record on its units go on beside it.
    """
    return _one(call, order_locked_counts, order_id)


def lock_exclusive(call: Call, order_id: int) -> Order:
    """Return an order on which no other call records anything until this one ends. Raises ``order-not-found``."""
    return _one(call, order_locked_exclusive, order_id)


def lock_shared(call: Call, order_ids: Iterable[int]) -> dict[int, Order]:
    """Return orders by id that do not change until this call ends, while others record on them too.

    Who records calls this after locking the units: who locks an order waits for no unit. In a read they are
    just looked up. Raises ``order-not-found`` for the first unknown one.
    """
    wanted = set(order_ids)
    if not call.db.writable:
        return _several(call, orders_by_ids, wanted)
    if len(wanted) != 1:
        return _several(call, orders_locked_shared, wanted)
    (order_id,) = wanted
    return {order_id: _one(call, order_locked_shared, order_id)}


def _one(call: Call, lookup: Statement, order_id: int) -> Order:
    row = call.db.one(lookup, order_id=order_id)
    if row is None:
        raise order_not_found(order_id)
    return record(row)


def _several(call: Call, lookup: Statement, order_ids: Iterable[int]) -> dict[int, Order]:
    wanted = set(order_ids)
    found = {row[0]: record(row) for row in call.db.rows(lookup, order_ids=list(wanted))}
    if len(found) != len(wanted):
        raise order_not_found(min(wanted - found.keys()))
    return found


def references(call: Call, order_ids: Iterable[int]) -> dict[int, Reference]:
    """Return ERP reference and product of orders by id, without their routing; unknown ids are left out."""
    wanted = list(set(order_ids))
    if not wanted:
        return {}
    rows = call.db.rows(references_by_ids, order_ids=wanted)
    return {order_id: Reference(erp_ref, item) for order_id, erp_ref, item in rows}


def list_orders(call: Call, item: str, statuses: Sequence[int]) -> list[Order]:
    """Return the orders of a product and with one of the statuses; an empty condition matches all.

    With neither they are the active ones.
    """
    if not item:
        rows = list_rows(call, orders_by_status, statuses=list(statuses) or [defs.ORDER_ST_ACTIVE])
    elif not statuses:
        rows = list_rows(call, orders_by_item, item=item)
    else:
        rows = list_rows(call, orders_by_item_and_status, item=item, statuses=list(statuses))
    return [record(row) for row in rows]
