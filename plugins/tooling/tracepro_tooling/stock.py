"""Units of inventory items that leave a point or come back to it."""

from __future__ import annotations

from peewee import Query

from tracepro.database import Insert, p, statement
from tracepro_hookspecs import Call
from tracepro_tooling import models as m
from tracepro_tooling import reasons
from tracepro_tooling.inventory import STOCK

NONE = Insert(m.Stock, ignore=True)
"""A row without a unit, so that there is one to lock."""


@statement
def lock_stock() -> Query:
    """Lock how many of an item lie in a point."""
    mine = (m.Stock.point_id == p("point_id")) & (m.Stock.item_id == p("item_id"))
    return m.Stock.select(m.Stock.quantity).where(mine).for_update()


def add_units(call: Call, item_id: int, point_id: int, number: int) -> None:
    """Add units of an item to a point, or take them with a negative number, which the audit tells.

    Item and point exist until the call ends. Raises Conflict where too few lie there.
    """
    place = {"point_id": point_id, "item_id": item_id}
    call.db.insert_many(NONE, [{**place, "quantity": 0}])
    before: int = call.db.value(lock_stock, **place)
    after = before + number
    if after < 0:
        raise reasons.stock_empty(item_id, point_id)
    call.db.insert_many(STOCK.put, [{**place, "quantity": after}])
    key = str(item_id)
    call.changed(f"inventory point {point_id}", "items", {key: before}, {key: after})
