"""Making orders and changing them: properties one by one, the routing as a whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import msgspec
from peewee import Query
from tracepro_workplaces import api as workplaces_api

from tracepro.amounts import to_micros
from tracepro.database import Insert, Statement, p, statement
from tracepro.database.upsert import sequence_beyond
from tracepro_hookspecs import Call, InvalidParams, Refused
from tracepro_hookspecs.records import Order, Step
from tracepro_orders import masks, orders, routing
from tracepro_orders import models as m
from tracepro_orders.reasons import erp_ref_exists

PROPERTIES = (
    "status",
    "flags",
    "amount",
    "params",
    "mptp",
    "mpcount",
    "barcode_mp",
    "barcode_pcb",
    "customer",
    "cat1",
    "cat2",
    "cat3",
    "item_name",
    "vd",
)
"""The keys that updateorder changes: the seed's, and no other."""
NUMBERS = ("status", "flags", "mptp", "mpcount")
MASKS = ("barcode_mp", "barcode_pcb")
NEW = Insert(m.Order, ignore=True)


@statement
def insert_with_id() -> Query:
    """A new order with an id that was given, unless id or ERP reference is there already."""
    return m.Order.insert(
        {field: p(field.name, field) for field in m.Order._meta.sorted_fields}
    ).on_conflict_ignore()


@statement
def move_sequence_on() -> Query:
    """Move the ids that the database gives beyond one that was given."""
    return sequence_beyond(m.Order)


def make_order(
    call: Call, erp_ref: str, item: str, columns: Mapping[str, Any], order_id: int | None = None
) -> Order:
    """Create an order with these columns in stored form and return it. Raises ``erp-ref-exists``."""
    row = NEW.row({"erp_ref": erp_ref, "item": item, "created": call.now, **columns})
    if order_id is None:
        made = call.db.insert_or_ignore(NEW, **row)
    else:
        made = call.db.run(insert_with_id, id=order_id, **row)
        if call.db.dialect == "postgresql":
            call.db.rows(move_sequence_on, id=order_id)
    if not made:
        raise erp_ref_exists(erp_ref)
    after = orders.require_erp_ref(call, erp_ref)
    call.notify("tracepro_order_changed", order=after)
    return after


def update_order(
    call: Call, order_id: int, properties: Mapping[str, Any], operations: Sequence[Mapping[str, Any]] | None
) -> Order:
    """Change the properties given and, unless it is None, the whole routing; returns the order as it is then.

    Raises InvalidParams for what no order can have, NotFound for unknown acts, ``step-in-use`` when a step with
    records would go.
    """
    before = orders.lock_exclusive(call, order_id)
    columns = to_columns(properties)
    if operations is not None:
        columns["operations"] = routing.write(_new_routing(call, before, operations))
    return _write_columns(call, before, columns)


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


def _write_columns(call: Call, before: Order, columns: dict[str, Any]) -> Order:
    if columns:
        call.db.run(_update_columns(tuple(sorted(columns))), order_id=before.id, **columns)
    after = orders.order(call, before.id)
    changed = [name for name in columns if getattr(before, name) != getattr(after, name)]
    for name in changed:
        call.changed(
            f"order {before.id}", name, to_json(getattr(before, name)), to_json(getattr(after, name))
        )
    if changed:
        call.notify("tracepro_order_changed", order=after)
    return after


def to_json(value: Any) -> Any:
    """Return a property as JSON has it, for the audit."""
    return msgspec.to_builtins(value)


@cache
def _update_columns(names: tuple[str, ...]) -> Statement:
    fields = m.Order._meta.fields
    values = {fields[name]: p(name, fields[name]) for name in names}
    return Statement(lambda: m.Order.update(values).where(m.Order.id == p("order_id")))
