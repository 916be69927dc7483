"""The codes of units: each finds one unit of a product, whether it is the unit's barcode or its second one."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from peewee import Query
from tracepro_orders import api as orders_api

from tracepro.database import Insert, p, statement
from tracepro_hookspecs import Call
from tracepro_hookspecs.records import Item
from tracepro_items import models as m
from tracepro_items import units
from tracepro_items.reasons import barcode_exists

NEW = Insert(m.Code, ignore=True)


@statement
def owners_of_codes() -> Query:
    """The units of a product that have codes."""
    of_product = m.Code.product == p("product")
    return m.Code.select(m.Code.code, m.Code.item_id).where(of_product, m.Code.code.in_(p.texts("codes")))


@statement
def delete_code() -> Query:
    """Delete a code of a unit."""
    code = (m.Code.product == p("product")) & (m.Code.code == p("code"))
    return m.Code.delete().where(code, m.Code.item_id == p("item_id"))


@statement
def set_second_code() -> Query:
    """Set the second code of a unit."""
    return m.Unit.update(barcode2=p("barcode2")).where(m.Unit.id == p("id"))


def claim(call: Call, product: str, claimed: Sequence[tuple[str, int]]) -> None:
    """Give codes to units; raises ``barcode-exists`` for a code that another unit of the product has."""
    rows = [{"code": code, "product": product, "item_id": item_id} for code, item_id in claimed]
    call.db.defer_insert_many(NEW, rows)
    owner_of = dict(claimed)
    for code, owner in call.db.rows(owners_of_codes, product=product, codes=list(owner_of)):
        if owner != owner_of[code]:
            raise barcode_exists(code, product)


def taken(call: Call, product: str, wanted: Sequence[str]) -> list[str]:
    """Return those of some codes that units of a product have, in the order given."""
    owned = {code for code, _ in call.db.rows(owners_of_codes, product=product, codes=list(wanted))}
    return [code for code in wanted if code in owned]


def set_second(call: Call, item_id: int, barcode2: str) -> Item:
    """Give a unit its second code, or take it away when it is empty; raises ``barcode-exists``."""
    unit, _ = units.lock_with_boards(call, item_id)
    order = orders_api.references(call, [unit.order_id])[unit.order_id]
    if unit.barcode2 and unit.barcode2 not in (unit.barcode, barcode2):
        call.db.defer(delete_code, product=order.item, code=unit.barcode2, item_id=item_id)
    if barcode2:
        claim(call, order.item, [(barcode2, item_id)])
    call.changed(f"item {item_id}", "barcode2", unit.barcode2, barcode2)
    call.db.defer(set_second_code, id=item_id, barcode2=barcode2)
    return units.to_item(msgspec.structs.replace(unit, barcode2=barcode2), order.erp_ref, order.item)
