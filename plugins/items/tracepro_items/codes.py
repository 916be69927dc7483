"""The codes of units: each finds one unit of a product, whether it is the unit's barcode or its second one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from tracepro_orders import api as orders_api

from tracepro.database import Insert, Statement, p
from tracepro_hookspecs.records import Item
from tracepro_items import models as m
from tracepro_items import units
from tracepro_items.reasons import code_taken

NEW = Insert(m.Code, ignore=True)
OWNERS = Statement(lambda: (
    m.Code.select(m.Code.code, m.Code.item_id)
    .where(m.Code.product == p("product"), m.Code.code.in_(p.texts("codes")))
))  # fmt: skip
FREE = Statement(lambda: (
    m.Code.delete()
    .where(m.Code.product == p("product"), m.Code.code == p("code"), m.Code.item_id == p("item_id"))
))  # fmt: skip
SET_SECOND = Statement(lambda: m.Unit.update(barcode2=p("barcode2")).where(m.Unit.id == p("id")))


def claim(call: Any, product: str, claimed: Sequence[tuple[str, int]]) -> None:
    """Gives codes to units; raises ``barcode-exists`` for a code that another unit of the product has."""
    call.db.insert_many(NEW, [{"code": code, "product": product, "item_id": unit} for code, unit in claimed])
    mine = dict(claimed)
    for code, owner in call.db.rows(OWNERS, product=product, codes=list(mine)):
        if owner != mine[code]:
            raise code_taken(code, product)


def taken(call: Any, product: str, codes: Iterable[str]) -> bool:
    """Tells whether a unit of the product has one of the codes."""
    return bool(call.db.rows(OWNERS, product=product, codes=list(codes)))


def set_second(call: Any, item_id: int, barcode2: str) -> Item:
    """Gives a unit its second code, or takes it away when it is empty; raises ``barcode-exists``."""
    (unit,), _ = units.gather(call, [item_id])
    reference = orders_api.references(call, [unit.order_id])[unit.order_id]
    if unit.barcode2 and unit.barcode2 not in (unit.barcode, barcode2):
        call.db.run(FREE, product=reference.item, code=unit.barcode2, item_id=item_id)
    if barcode2:
        claim(call, reference.item, [(barcode2, item_id)])
    call.changed(f"item {item_id}", "barcode2", unit.barcode2, barcode2)
    call.db.run(SET_SECOND, id=item_id, barcode2=barcode2)
    return units.record(unit._replace(barcode2=barcode2), reference)
