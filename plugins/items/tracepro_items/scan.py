"""What a scan finds: a unit, its order and where it stands on its route, in as few statements as can be."""

from __future__ import annotations

import msgspec
from peewee import Query
from tracepro_orders import api as orders_api

from tracepro.database import p, statement
from tracepro_hookspecs import Call
from tracepro_hookspecs.records import Order
from tracepro_items import models as m
from tracepro_items import route_state, units
from tracepro_items.reasons import item_not_found
from tracepro_items.route_state import RouteState
from tracepro_items.units import Unit

UNIT = len(units.COLUMNS)


class Scan(msgspec.Struct, frozen=True, gc=False):
    """A unit with its order; ``state`` is its own, also where it is a panel whose boards count."""

    unit: Unit
    order: Order
    state: RouteState


@statement
def unit_with_order() -> Query:
    """A unit and its order, locked in a write."""
    one = m.Unit.select(*units.COLUMNS).where(m.Unit.id == p("id"))
    return orders_api.with_orders(one, m.Unit.order_id)


@statement
def unit_with_order_and_state() -> Query:
    """A unit, its order, and where the unit stands as JSON; not for PostgreSQL's writes, see :func:`lock`."""
    state = route_state.as_json().where(m.State.item_id == m.Unit.id)
    one = m.Unit.select(*units.COLUMNS, state).where(m.Unit.id == p("id"))
    return orders_api.with_orders(one, m.Unit.order_id)


def lock(call: Call, item_id: int) -> Scan:
    """Return a unit with its order and its route state. Raises ``item-not-found``.

    In a write the unit is locked and then its order, as in ``orders_api.lock_shared``. Where that may mean to wait, on
    PostgreSQL, the state is read afterwards: a statement that waited for a row gives it as it is now, and the rows of
    other tables as they were when the statement began.
    """
    waits = call.db.writable and call.db.dialect == "postgresql"
    if waits:
        call.db.ask_ahead(route_state.state_of_unit, id=item_id)
    row = call.db.one(unit_with_order if waits else unit_with_order_and_state, id=item_id)
    if row is None:
        raise item_not_found(item_id)
    unit = units.require(Unit(*row[:UNIT]), item_id)
    if waits:
        return Scan(unit, orders_api.record(row[UNIT:]), route_state.read(call, (item_id,))[item_id])
    return Scan(unit, orders_api.record(row[UNIT + 1 :]), route_state.decode(row[UNIT]))
