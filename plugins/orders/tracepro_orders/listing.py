"""Orders as people page through them: the newest first, or by the beginning of their reference."""

from __future__ import annotations

from typing import NamedTuple

from peewee import Query

from tracepro.database import Statement, p, statement
from tracepro_hookspecs import Call
from tracepro_hookspecs.records import Order
from tracepro_orders import models as m
from tracepro_orders import orders

PAGE = 50
NEWEST = 2**63 - 1
"""An id behind which every order lies."""
LAST_CHARACTER = "\U0010ffff"


class Listed(NamedTuple):
    """Orders of a list, and the id that the next ones come after; None where there are no more."""

    orders: list[Order]
    after: int | None


@statement
def newest() -> Query:
    """The orders before one, the newest first."""
    return orders.select_orders().where(m.Order.id < p("before")).order_by(m.Order.id.desc())


@statement
def newest_of_status() -> Query:
    """The orders with a status before one, the newest first."""
    where = (m.Order.status == p("status")) & (m.Order.id < p("before"))
    return orders.select_orders().where(where).order_by(m.Order.status.desc(), m.Order.id.desc())


@statement
def by_reference() -> Query:
    """The orders with a reference in a range, in order of it."""
    return (
        orders.select_orders().where(m.Order.erp_ref.between(p("first"), p("last"))).order_by(m.Order.erp_ref)
    )


@statement
def by_reference_of_status() -> Query:
    """The orders with a status and a reference in a range, in order of it."""
    in_range = m.Order.erp_ref.between(p("first"), p("last"))
    found = orders.select_orders().where((m.Order.status == p("status")) & in_range)
    return found.order_by(m.Order.status, m.Order.erp_ref)


def page(call: Call, text: str, status: int | None, after: int | None) -> Listed:
    """Return the orders whose reference begins with a text, of a status unless that is None, that come after one.

    Without a text they are all orders, the newest first. With one, ``after`` that is no order raises ``order-not-found``.
    """
    found = _beginning_with(call, text, status, after) if text else _newest(call, status, after)
    return Listed(found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None)


def _newest(call: Call, status: int | None, after: int | None) -> list[Order]:
    before = NEWEST if after is None else after
    if status is None:
        return _read(call, newest, before=before)
    return _read(call, newest_of_status, status=status, before=before)


def _beginning_with(call: Call, text: str, status: int | None, after: int | None) -> list[Order]:
    first = text if after is None else orders.order(call, after).erp_ref
    values = {"first": first, "last": text + LAST_CHARACTER}
    if status is None:
        found = _read(call, by_reference, **values)
    else:
        found = _read(call, by_reference_of_status, status=status, **values)
    return [order for order in found if order.id != after]


def _read(call: Call, wanted: Statement, **values: int | str) -> list[Order]:
    """Read two more than a page: the one it comes after, which may be among them, and one that tells that there are more."""
    return [orders.record(row) for row in call.db.rows(wanted.limited(PAGE + 2), **values)]
