"""Looking units up, one or many at a time, by id or by either of their codes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from tracepro_orders import api as orders_api

from tracepro import clock
from tracepro.database import Statement, p
from tracepro_hookspecs.records import Item
from tracepro_items import models as m
from tracepro_items.reasons import no_item
from tracepro_schemas import defs

PAGE = 2000


class Unit(NamedTuple):
    """A row of the table, as the rules need it."""

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


COLUMNS = tuple(m.Unit._meta.fields[name] for name in Unit._fields)


def _query() -> Any:
    return m.Unit.select(*COLUMNS).order_by(m.Unit.id)


def _with_boards() -> Any:
    ids = m.Unit.select(m.Unit.id).where(m.Unit.id.in_(p.integers("ids")))
    boards = m.Unit.select(m.Unit.id).where(m.Unit.panel_id.in_(p.integers("ids")))
    return _query().where(m.Unit.id.in_(ids | boards))


BY_ID = Statement(lambda: _query().where(m.Unit.id == p("id")))
BY_IDS = Statement(lambda: _query().where(m.Unit.id.in_(p.integers("ids"))))
BOARDS = Statement(lambda: _query().where(m.Unit.panel_id == p("id")))
BOARDS_OF = Statement(lambda: _query().where(m.Unit.panel_id.in_(p.integers("ids"))))
WITH_BOARDS = Statement(_with_boards)
LOCK = Statement(lambda: BY_ID.build().for_update())
LOCK_BOARDS = Statement(lambda: BOARDS.build().for_update())
LOCK_WITH_BOARDS = Statement(lambda: _with_boards().for_update())
BY_CODE = Statement(lambda: (
    _query().join(m.Code, on=(m.Code.item_id == m.Unit.id)).where(m.Code.code == p("code"))
))  # fmt: skip
IN_PRODUCT = Statement(lambda: BY_CODE.build().where(m.Code.product == p("product")))
OF_ORDER = Statement(lambda: (
    _query().where(m.Unit.order_id == p("order_id"), m.Unit.id > p("after"), m.Unit.tp != defs.ITEM_TP_NONCHARGED)
    .limit(PAGE)
))  # fmt: skip


def find(call: Any, item_id: int) -> Unit | None:
    """Returns a unit by its id, or None; the hidden unit of non-charged work is none."""
    row = call.db.one(BY_ID, id=item_id)
    return Unit._make(row) if row and row[2] != defs.ITEM_TP_NONCHARGED else None


def unit(call: Any, item_id: int) -> Unit:
    """Returns a unit by its id; raises ``item-not-found``."""
    found = find(call, item_id)
    if found is None:
        raise no_item(item_id)
    return found


def with_code(call: Any, code: str, product: str | None = None) -> list[Unit]:
    """Returns the units that have a code, of one product or of all, in order of id."""
    if product is None:
        rows = call.db.rows(BY_CODE, code=code)
    else:
        rows = call.db.rows(IN_PRODUCT, code=code, product=product)
    return [Unit._make(row) for row in rows]


def locked(call: Any, item_id: int) -> Unit:
    """Returns the unit that a recorded operation stands on, non-charged ones included, locked until the call ends."""
    return Unit._make(call.db.one(LOCK, id=item_id))


def gather(call: Any, item_ids: Sequence[int]) -> tuple[list[Unit], dict[int, list[Unit]]]:
    """Returns units in the order asked and the boards of those that are panels, by panel.

    In a write all of them are locked until the call ends, in order of id: a panel before its boards. Raises
    ``item-not-found``.
    """
    if len(item_ids) == 1:
        return _gather_one(call, item_ids[0])
    statement = LOCK_WITH_BOARDS if call.db.writable else WITH_BOARDS
    found = {row[0]: Unit._make(row) for row in call.db.rows(statement, ids=item_ids)}
    boards: dict[int, list[Unit]] = {}
    for one in found.values():
        if one.panel_id is not None and one.panel_id in found:
            boards.setdefault(one.panel_id, []).append(one)
    return [_real(found.get(item_id), item_id) for item_id in item_ids], boards


def _gather_one(call: Any, item_id: int) -> tuple[list[Unit], dict[int, list[Unit]]]:
    lock = call.db.writable
    row = call.db.one(LOCK if lock else BY_ID, id=item_id)
    one = _real(Unit._make(row) if row else None, item_id)
    if one.tp != defs.ITEM_TP_MULTIPANEL:
        return [one], {}
    rows = call.db.rows(LOCK_BOARDS if lock else BOARDS, id=item_id)
    return [one], {item_id: [Unit._make(row) for row in rows]}


def _real(found: Unit | None, item_id: int) -> Unit:
    if found is None or found.tp == defs.ITEM_TP_NONCHARGED:
        raise no_item(item_id)
    return found


def record(one: Unit, reference: Any) -> Item:
    """Makes the record of a unit; ``reference`` is its order or has the order's ``erp_ref`` and ``item``."""
    return Item(
        one.id, one.order_id, reference.erp_ref, reference.item, one.tp, one.barcode, one.barcode2, one.bad,
        one.bad_reason, one.rt_flags, clock.text(one.created),
    )  # fmt: skip


def records(call: Any, found: Iterable[Unit]) -> list[Item]:
    """Makes the records of units, their orders looked up at once."""
    rows = list(found)
    references = orders_api.references(call, {one.order_id for one in rows})
    return [record(one, references[one.order_id]) for one in rows]


def item(call: Any, item_id: int) -> Item:
    """Returns a unit's record by its id; raises ``item-not-found``."""
    return records(call, [unit(call, item_id)])[0]


def items(call: Any, item_ids: Iterable[int]) -> list[Item]:
    """Returns the records of those of the units that exist, in the order asked, non-charged ones included."""
    wanted = list(item_ids)
    found = {row[0]: Unit._make(row) for row in call.db.rows(BY_IDS, ids=wanted)}
    return records(call, [found[item_id] for item_id in wanted if item_id in found])


def of_order(call: Any, order_id: int) -> Iterator[Unit]:
    """Yields the units of an order in order of id, read page by page."""
    after = 0
    while True:
        rows = call.db.rows(OF_ORDER, order_id=order_id, after=after)
        yield from map(Unit._make, rows)
        if len(rows) < PAGE:
            return
        after = rows[-1][0]
