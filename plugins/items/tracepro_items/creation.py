"""New units: made by scanning a code that their order doesn't know yet."""

from __future__ import annotations

from collections.abc import Sequence

from tracepro_orders import api as orders_api

from tracepro.database import Insert
from tracepro_hookspecs import Call, InvalidParams, Reason, Refused
from tracepro_hookspecs.records import Item, Order
from tracepro_items import codes, panels, reasons, tally, units
from tracepro_items import models as m
from tracepro_items.tally import CountChange
from tracepro_items.units import Unit
from tracepro_schemas import defs

NEW = Insert(m.Unit)
LONGEST_CODE = 255
NewUnit = tuple[str, int, int | None, int | None]
"""A unit that is about to be inserted: (barcode, type, panel, position)."""


def get_or_create(call: Call, order_id: int, barcode: str, tp: int) -> Item | None:
    """Return the unit of an order with a code, whatever its type; else create one of type ``tp``.

    With ``tp`` 0 nothing is created, and an unknown order has no unit either. Raises ``barcode-exists`` for a code
    on another order of the product, and refuses what the order's status, flags, mask or amount don't allow
    (docs/rules.md, Units and codes).
    """
    order = _order(call, order_id, tp)
    if order is None:
        return None
    found = next(iter(units.with_code(call, barcode, order.item)), None) if barcode else None
    if found is not None and found.order_id == order_id:
        return units.to_item(found, order.erp_ref, order.item)
    if not tp:
        return None
    if found is not None:
        raise reasons.barcode_exists(barcode, order.item)
    call.need_write()
    return create(call, order, barcode, tp)


def _order(call: Call, order_id: int, tp: int) -> Order | None:
    if not tp:
        return orders_api.find(call, order_id)
    return (orders_api.lock_counts if call.db.writable else orders_api.order)(call, order_id)


def create(call: Call, order: Order, barcode: str, tp: int) -> Item:
    """Create a unit of a locked order, a panel with its boards; refuse what the order doesn't allow.

    Raises ``barcode-exists`` for the code of a board that another unit has.
    """
    boards = board_codes(order, barcode, tp)
    taken = codes.taken(call, order.item, boards) if boards else []
    if taken:
        raise reasons.barcode_exists(taken[0], order.item)
    against = reasons_against(call, order, barcode, tp)
    if against:
        raise Refused(against)
    check_code(order, barcode, tp)
    count = len(boards)
    unit = _insert(call, order, [(barcode, tp, None, None)])[0]
    rows = [(code, defs.ITEM_TP_PCB, unit.id, n) for n, code in enumerate(boards, 1)]
    created = [unit, *_insert(call, order, rows)]
    codes.claim(call, order.item, [(new.barcode, new.id) for new in created])
    changes = {tp: CountChange(good=1)} | ({defs.ITEM_TP_PCB: CountChange(good=count)} if count else {})
    tally.add_units(call, order.id, changes)
    items = tuple(units.to_item(new, order.erp_ref, order.item) for new in created)
    call.notify("tracepro_item_created", items=items)
    return items[0]


def reasons_against(call: Call, order: Order, barcode: str, tp: int) -> list[Reason]:
    """Return why an order may not get a new unit with this code."""
    found = orders_api.reasons_against(order)
    if not order.flags & defs.ORDER_F_CREATE_ITEMS:
        found.append(reasons.item_create_not_allowed(order))
    if not orders_api.matches_mask(order, tp, barcode):
        found.append(reasons.barcode_mask(order, barcode, orders_api.mask_of(order, tp)))
    return found + amount_reached(call, order, _boards_of(order, tp) if tp == defs.ITEM_TP_MULTIPANEL else 1)


def amount_reached(call: Call, order: Order, new: int) -> list[Reason]:
    """Return why not so many more: boards and assemblies that are not bad count against the order's amount.

    An amount of 0 and the flag OVERRUN set no limit.
    """
    if not new or not order.amount or order.flags & defs.ORDER_F_OVERRUN:
        return []
    counted = tally.amount_taken(call, order.id)
    return [reasons.order_amount_reached(order, counted, new)] if counted + new > order.amount else []


def board_codes(order: Order, barcode: str, tp: int) -> list[str]:
    """Return the codes that the boards of a new unit get, in order of position; none unless it is a panel."""
    return [panels.code_of(barcode, n) for n in range(1, _boards_of(order, tp) + 1)]


def _boards_of(order: Order, tp: int) -> int:
    return order.mpcount if tp == defs.ITEM_TP_MULTIPANEL else 0


def check_code(order: Order, barcode: str, tp: int) -> None:
    """Raise InvalidParams for a code that no unit can have: an empty one, or one too long for a panel's boards."""
    boards = _boards_of(order, tp)
    if not barcode:
        raise InvalidParams("barcode", "barcode is empty; a new unit needs a code.", rule="minLength")
    if boards and len(panels.code_of(barcode, boards)) > LONGEST_CODE:
        info = f"barcode is too long: with the boards' positions it has over {LONGEST_CODE} characters."
        raise InvalidParams("barcode", info, rule="maxLength")


def _insert(call: Call, order: Order, new: Sequence[NewUnit]) -> list[Unit]:
    names = ("barcode", "tp", "panel_id", "position")
    same = {"order_id": order.id, "created": call.now}
    ids = call.db.insert_many(NEW, [same | dict(zip(names, row, strict=True)) for row in new])
    return [
        Unit(item_id, order.id, tp, barcode, "", defs.ITEM_BAD_GOOD, "", 0, call.now, panel_id)
        for item_id, (barcode, tp, panel_id, _) in zip(ids, new, strict=True)
    ]
