"""The order book: one statement brings an order with its whole routing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from tracepro import clock
from tracepro.amounts import to_number
from tracepro.database import Statement, p
from tracepro_hookspecs.records import Order
from tracepro_orders import models as m
from tracepro_orders import routing
from tracepro_orders.reasons import no_order
from tracepro_schemas import defs

COLUMNS = (
    "id", "erp_ref", "item", "item_name", "status", "flags", "amount", "params", "mptp", "mpcount", "barcode_mp",
    "barcode_pcb", "customer", "cat1", "cat2", "cat3", "vd", "created", "operations",
)  # fmt: skip
created_text = lru_cache(maxsize=1024)(clock.text)


class Reference(NamedTuple):
    """What a unit's record needs of its order."""

    erp_ref: str
    item: str


def _query() -> Any:
    return m.Order.select(*(m.Order._meta.fields[name] for name in COLUMNS)).order_by(m.Order.id)


BY_ID = Statement(lambda: _query().where(m.Order.id == p("order_id")))
BY_IDS = Statement(lambda: _query().where(m.Order.id.in_(p.integers("order_ids"))))
KEPT = Statement(lambda: BY_IDS.build().for_update("FOR KEY SHARE"))
KEPT_ONE = Statement(lambda: BY_ID.build().for_update("FOR KEY SHARE"))
ALONE = Statement(lambda: BY_ID.build().for_update("FOR NO KEY UPDATE"))
LOCKED = Statement(lambda: BY_ID.build().for_update())
BY_ERP_REF = Statement(lambda: _query().where(m.Order.erp_ref == p("erp_ref")))
BY_ITEM = Statement(lambda: _query().where(m.Order.item == p("item")))
BY_STATUS = Statement(lambda: _query().where(m.Order.status.in_(p.integers("statuses"))))
BY_BOTH = Statement(lambda: BY_STATUS.build().where(m.Order.item == p("item")))
REFERENCES = Statement(lambda: (
    m.Order.select(m.Order.id, m.Order.erp_ref, m.Order.item).where(m.Order.id.in_(p.integers("order_ids")))
))  # fmt: skip


def record(row: Sequence[Any]) -> Order:
    """Makes the record of a row of ``COLUMNS``."""
    *before, created, operations = row
    before[6] = to_number(before[6])
    return Order(*before, created_text(created), routing.read(operations))


def find(call: Any, order_id: int) -> Order | None:
    """Returns an order by its id, or None."""
    row = call.db.one(BY_ID, order_id=order_id)
    return record(row) if row else None


def order(call: Any, order_id: int) -> Order:
    """Returns an order by its id; raises ``order-not-found``."""
    found = find(call, order_id)
    if found is None:
        raise no_order(order_id)
    return found


def orders(call: Any, order_ids: Iterable[int]) -> dict[int, Order]:
    """Returns several orders by id; raises ``order-not-found`` for the first unknown one."""
    return _all_of(call, BY_IDS, order_ids)


def lock_counts(call: Any, order_id: int) -> Order:
    """Returns an order to which no other call adds units or counts until this one ends; raises ``order-not-found``.

    Calls that record on its units go on beside it.
    """
    return _locked(call, ALONE, order_id)


def lock_exclusive(call: Any, order_id: int) -> Order:
    """Returns an order on which no other call records anything until this one ends; raises ``order-not-found``."""
    return _locked(call, LOCKED, order_id)


def lock_shared(call: Any, order_ids: Iterable[int]) -> dict[int, Order]:
    """Returns orders by id that stay as they are until this call ends, while others record on them too.

    Who records calls this after locking the units: who locks an order waits for no unit. In a read they are
    just looked up. Raises ``order-not-found`` for the first unknown one.
    """
    wanted = set(order_ids)
    if not call.db.writable:
        return _all_of(call, BY_IDS, wanted)
    if len(wanted) != 1:
        return _all_of(call, KEPT, wanted)
    (order_id,) = wanted
    return {order_id: _locked(call, KEPT_ONE, order_id)}


def _locked(call: Any, statement: Statement, order_id: int) -> Order:
    row = call.db.one(statement, order_id=order_id)
    if row is None:
        raise no_order(order_id)
    return record(row)


def _all_of(call: Any, statement: Statement, order_ids: Iterable[int]) -> dict[int, Order]:
    wanted = set(order_ids)
    found = {row[0]: record(row) for row in call.db.rows(statement, order_ids=list(wanted))}
    if len(found) != len(wanted):
        raise no_order(min(wanted - found.keys()))
    return found


def references(call: Any, order_ids: Iterable[int]) -> dict[int, Reference]:
    """Returns ERP reference and product of orders by id, without their routing; unknown ids are left out."""
    wanted = list(set(order_ids))
    if not wanted:
        return {}
    return {row[0]: Reference(row[1], row[2]) for row in call.db.rows(REFERENCES, order_ids=wanted)}


def named(call: Any, erp_ref: str) -> Order | None:
    """Returns the order with an ERP reference, or None."""
    row = call.db.one(BY_ERP_REF, erp_ref=erp_ref)
    return record(row) if row else None


def query(call: Any, item: str, statuses: Sequence[int]) -> list[Order]:
    """Returns the orders of a product and with one of the statuses; an empty condition matches all.

    With neither they are the active ones (seed: queryorder).
    """
    if not item:
        rows = call.db.rows(BY_STATUS, statuses=list(statuses) or [defs.ORDER_ST_ACTIVE])
    elif not statuses:
        rows = call.db.rows(BY_ITEM, item=item)
    else:
        rows = call.db.rows(BY_BOTH, item=item, statuses=list(statuses))
    return [record(row) for row in rows]
