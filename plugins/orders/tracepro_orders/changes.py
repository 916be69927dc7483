"""Creating orders and changing them: properties one by one, the routing as a whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import msgspec
from peewee import Query
from tracepro_workplaces import api as workplaces_api

from tracepro.amounts import to_micros, to_number
from tracepro.database import Insert, Statement, p, statement
from tracepro.database.upsert import sequence_beyond
from tracepro_hookspecs import Call, InvalidParams, Refused
from tracepro_hookspecs.records import Order, Step
from tracepro_orders import masks, orders, routing
from tracepro_orders import models as m
from tracepro_orders.reasons import erp_ref_exists

FIXED = ("id", "erp_ref", "item", "created", "operations")
PROPERTIES = tuple(name for name in orders.COLUMNS if name not in FIXED)
"""The keys that updateorder changes, and no other."""
NUMBERS = ("status", "flags", "mptp", "mpcount")
MASKS = ("barcode_mp", "barcode_pcb")
STATEMENTS = 256
"""How many are kept of those that change an order: one for each set of properties that ever changed together, and that is for callers to say."""
_in_order = msgspec.json.Encoder(order="sorted").encode
NEW_ORDER = Insert(m.Order, ignore=True)


@statement
def insert_with_id() -> Query:
    """Insert an order with an id, unless id or ERP reference are taken."""
    return m.Order.insert(
        {field: p(field.name, field) for field in m.Order._meta.sorted_fields}
    ).on_conflict_ignore()


@statement
def move_sequence() -> Query:
    """Move the sequence of ids beyond one that was given by hand."""
    return sequence_beyond(m.Order)


@lru_cache(STATEMENTS)
def update_of(names: tuple[str, ...]) -> Statement:
    """Return the statement that changes these columns of an order."""
    fields = m.Order._meta.fields
    values = {fields[name]: p(name, fields[name]) for name in names}

    @statement
    def update_columns() -> Query:
        """Change columns of an order."""
        return m.Order.update(values).where(m.Order.id == p("order_id"))

    return update_columns


def make_order(
    call: Call, erp_ref: str, item: str, columns: Mapping[str, Any], order_id: int | None = None
) -> Order:
    """Create an order with these columns in stored form and return it. Raises ``erp-ref-exists``."""
    row = NEW_ORDER.row({"erp_ref": erp_ref, "item": item, "created": call.now, **columns})
    if not _insert(call, row, order_id):
        raise erp_ref_exists(erp_ref)
    (stored,) = call.db.rows(orders.order_by_erp_ref, erp_ref=erp_ref)
    after = orders.record(stored)
    call.notify("tracepro_order_changed", order=after)
    return after


def _insert(call: Call, row: Mapping[str, Any], order_id: int | None) -> bool:
    if order_id is None:
        return call.db.insert_or_ignore(NEW_ORDER, **row) == 1
    inserted = call.db.run(insert_with_id, id=order_id, **row)
    if call.db.dialect == "postgresql":
        call.db.rows(move_sequence, id=order_id)
    return inserted == 1


def update_order(
    call: Call, order_id: int, properties: Mapping[str, Any], operations: Sequence[Mapping[str, Any]] | None
) -> Order:
    """Change the properties given and, unless it is None, the whole routing; return the order as it is then.

    Raises InvalidParams for what no order can have, NotFound for unknown acts, ``step-in-use`` when a step with
    records would go.
    """
    before = orders.lock_exclusive(call, order_id)
    columns = to_columns(properties)
    if operations is not None:
        columns["operations"] = routing.encode(_new_routing(call, before, operations))
    return _write(call, before, columns)


def to_columns(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Return properties as columns in stored form. Raises InvalidParams naming the property that is wrong."""
    columns = dict(properties)
    for name in columns.keys() & set(NUMBERS):
        columns[name] = int(columns[name])
    if "amount" in columns:
        columns["amount"] = _amount(columns["amount"])
    for name in columns.keys() & set(MASKS):
        masks.check_mask(name, columns[name])
    return columns


def _amount(number: Any) -> int:
    try:
        return to_micros(number)
    except ValueError as error:
        raise InvalidParams("amount", f"amount: {error}") from None


def _new_routing(call: Call, before: Order, rows: Sequence[Mapping[str, Any]]) -> tuple[Step, ...]:
    steps = routing.from_rows(rows)
    workplaces_api.acts(call, {step.act for step in steps})
    if call.hooks.has("tracepro_check_routing"):
        reasons = call.hooks.check("tracepro_check_routing", order=before, steps=steps)
        if reasons:
            raise Refused(reasons)
    return steps


def _write(call: Call, before: Order, columns: dict[str, Any]) -> Order:
    changed = {name: value for name, value in columns.items() if _differs(before, name, value)}
    if not changed:
        return before
    call.db.run(update_of(tuple(sorted(changed))), order_id=before.id, **changed)
    after = orders.order(call, before.id)
    for name in changed:
        values = [msgspec.to_builtins(getattr(order, name)) for order in (before, after)]
        call.changed(f"order {before.id}", name, *values)
    call.notify("tracepro_order_changed", order=after)
    return after


def _differs(before: Order, name: str, stored: Any) -> bool:
    """Tell whether a column in stored form is not what the order has; 1, 1.0 and true are three values."""
    if name == "amount":
        stored = to_number(stored)
    elif name == "operations":
        stored = routing.decode(stored)
    return _in_order(getattr(before, name)) != _in_order(stored)
