"""Looking units up, one or many at a time, by id or by either of their codes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec
from peewee import Query, Select
from tracepro_orders import api as orders_api

from tracepro import clock
from tracepro.database import list_rows, p, statement
from tracepro_hookspecs import Call
from tracepro_hookspecs.records import Item
from tracepro_items import models as m
from tracepro_items.reasons import item_not_found
from tracepro_schemas import defs


class Unit(msgspec.Struct, frozen=True, gc=False):
    """A unit as the table has it, as far as the rules need it."""

    id: int
    order_id: int
    tp: int
    barcode: str
    barcode2: str
    bad: int
    bad_reason: str
    rt_flags: int
    created: int
    panel_id: int | None
    bad_below: int = 0


UnitOps = Sequence[tuple[Unit, int]]
"""Units, each with the id of the operation that was recorded on it."""
COLUMNS = tuple(m.Unit._meta.fields[name] for name in Unit.__struct_fields__)


def select_units() -> Select:
    """Return a query of the columns of :class:`Unit`, in order of id."""
    return m.Unit.select(*COLUMNS).order_by(m.Unit.id)


@statement
def unit_by_id() -> Query:
    """One unit."""
    return select_units().where(m.Unit.id == p("id"))


@statement
def locked_unit() -> Query:
    """One unit, locked in a write until the call ends."""
    return select_units().where(m.Unit.id == p("id")).for_update()


@statement
def locked_boards() -> Query:
    """The boards of a panel, locked in a write."""
    return select_units().where(m.Unit.panel_id == p("id")).for_update()


@statement
def locked_with_boards() -> Query:
    """Units and the boards of those that are panels, locked in a write."""
    ids = m.Unit.select(m.Unit.id).where(m.Unit.id.in_(p.integers("ids")))
    boards = m.Unit.select(m.Unit.id).where(m.Unit.panel_id.in_(p.integers("ids")))
    return select_units().where(m.Unit.id.in_(ids | boards)).for_update()


@statement
def units_by_id() -> Query:
    """Several units."""
    return select_units().where(m.Unit.id.in_(p.integers("ids")))


@statement
def locked_units() -> Query:
    """Several units, locked in a write."""
    return select_units().where(m.Unit.id.in_(p.integers("ids"))).for_update()


@statement
def boards_of_panels() -> Query:
    """The boards of panels."""
    return select_units().where(m.Unit.panel_id.in_(p.integers("ids")))


@statement
def units_by_code() -> Query:
    """The units of all products with a code."""
    return _with_code()


@statement
def units_of_product_by_code() -> Query:
    """The unit of a product with a code."""
    return _with_code().where(m.Code.product == p("product"))


@statement
def first_units_by_code() -> Query:
    """Some units of all products with a code."""
    return _with_code().limit(p("limit"))


def _with_code() -> Select:
    return select_units().join(m.Code, on=(m.Code.item_id == m.Unit.id)).where(m.Code.code == p("code"))


@statement
def units_of_order() -> Query:
    """The units of an order, without the hidden one of non-charged work."""
    visible = m.Unit.tp != defs.ITEM_TP_NONCHARGED
    return select_units().where(m.Unit.order_id == p("order_id"), visible)


def find(call: Call, item_id: int) -> Unit | None:
    """Return a unit by its id, or None; the hidden unit of non-charged work is not found."""
    row = call.db.one(unit_by_id, id=item_id)
    return Unit(*row) if row and row[2] != defs.ITEM_TP_NONCHARGED else None


def unit(call: Call, item_id: int) -> Unit:
    """Return a unit by its id; raises ``item-not-found``."""
    found = find(call, item_id)
    if found is None:
        raise item_not_found(item_id)
    return found


def units(call: Call, item_ids: Iterable[int], *, lock: bool = False) -> dict[int, Unit]:
    """Return those of the units that exist by id, non-charged ones included; ``lock`` keeps them in a write."""
    wanted = list(item_ids)
    rows = call.db.rows(locked_units if lock else units_by_id, ids=wanted) if wanted else ()
    return {row[0]: Unit(*row) for row in rows}


def with_code(call: Call, code: str, product: str | None = None) -> list[Unit]:
    """Return the units that have a code, of one product or of all, in order of id."""
    if product is None:
        rows = list_rows(call, units_by_code, code=code)
    else:
        rows = call.db.rows(units_of_product_by_code, code=code, product=product)
    return [Unit(*row) for row in rows]


def with_code_at_most(call: Call, code: str, limit: int) -> list[Unit]:
    """Return the first units of all products that have a code."""
    return [Unit(*row) for row in call.db.rows(first_units_by_code, code=code, limit=limit)]


def lock_any(call: Call, item_id: int) -> Unit:
    """Return a unit that operations were recorded on, non-charged ones included, locked until the call ends."""
    row = call.db.one(locked_unit, id=item_id)
    return Unit(*row) if row else require(None, item_id)


def lock_with_boards(call: Call, item_id: int) -> tuple[Unit, list[Unit]]:
    """Return a unit and, if it is a panel, its boards; in a write they are locked until the call ends.

    Raises ``item-not-found``.
    """
    row = call.db.one(locked_unit, id=item_id)
    found = require(Unit(*row) if row else None, item_id)
    return found, lock_boards(call, found)


def lock_boards(call: Call, unit: Unit) -> list[Unit]:
    """Return the boards of a unit that is locked, none where it isn't a panel; in a write they are locked too."""
    if unit.tp != defs.ITEM_TP_MULTIPANEL:
        return []
    return [Unit(*row) for row in call.db.rows(locked_boards, id=unit.id)]


def lock_all_with_boards(call: Call, item_ids: Sequence[int]) -> tuple[list[Unit], dict[int, list[Unit]]]:
    """Return units in the order asked and the boards of those that are panels, by panel.

    In a write all of them are locked until the call ends, in order of id: a panel before its boards. Raises
    ``item-not-found``.
    """
    by_id = {row[0]: Unit(*row) for row in call.db.rows(locked_with_boards, ids=item_ids)}
    wanted = [require(by_id.get(item_id), item_id) for item_id in item_ids]
    return wanted, by_panel(unit for unit in by_id.values() if unit.panel_id in by_id)


def require(found: Unit | None, item_id: int) -> Unit:
    """Return a unit that was looked up; raises ``item-not-found`` where there is none that has a code."""
    if found is None or found.tp == defs.ITEM_TP_NONCHARGED:
        raise item_not_found(item_id)
    return found


def by_panel(boards: Iterable[Unit]) -> dict[int, list[Unit]]:
    """Return boards by the id of their panel; what is on no panel is left out."""
    found: dict[int, list[Unit]] = {}
    for board in boards:
        if board.panel_id is not None:
            found.setdefault(board.panel_id, []).append(board)
    return found


def to_item(unit: Unit, erp_ref: str, product: str) -> Item:
    """Return the record of a unit; ``erp_ref`` and ``product`` are its order's."""
    return Item(
        unit.id,
        unit.order_id,
        erp_ref,
        product,
        unit.tp,
        unit.barcode,
        unit.barcode2,
        unit.bad,
        unit.bad_reason,
        unit.rt_flags,
        clock.text(unit.created),
    )


def to_items(call: Call, units: Iterable[Unit]) -> list[Item]:
    """Return the records of units, their orders looked up at once."""
    rows = list(units)
    orders = orders_api.references(call, {unit.order_id for unit in rows})
    return [to_item(unit, orders[unit.order_id].erp_ref, orders[unit.order_id].item) for unit in rows]


def item(call: Call, item_id: int) -> Item:
    """Return a unit's record by its id; raises ``item-not-found``."""
    return to_items(call, [unit(call, item_id)])[0]


def items(call: Call, item_ids: Iterable[int]) -> list[Item]:
    """Return the records of those of the units that exist, in the order asked, non-charged ones included."""
    wanted = list(item_ids)
    found = units(call, wanted)
    return to_items(call, [found[item_id] for item_id in wanted if item_id in found])


def items_with_code(call: Call, code: str, product: str | None = None) -> list[Item]:
    """Return the records of the units that have a code, of one product or of all, in order of id."""
    return to_items(call, with_code(call, code, product))


def of_order(call: Call, order_id: int) -> list[Unit]:
    """Return the units of an order in order of id."""
    return [Unit(*row) for row in list_rows(call, units_of_order, order_id=order_id)]
