"""Making orders and changing them: properties one by one, the routing as a whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import msgspec
from tracepro_workplaces import api as workplaces_api

from tracepro.amounts import to_micros
from tracepro.database import Insert, Statement, p
from tracepro.database.upsert import sequence_beyond
from tracepro_hookspecs import Conflict, InvalidParams, Refused
from tracepro_hookspecs.records import Order, Step
from tracepro_orders import masks, orders, routing
from tracepro_orders import models as m

PROPERTIES = (
    "status", "flags", "amount", "params", "mptp", "mpcount", "barcode_mp", "barcode_pcb", "customer", "cat1",
    "cat2", "cat3", "item_name", "vd",
)  # fmt: skip
"""The keys that updateorder changes: the seed's, and no other."""
NUMBERS = ("status", "flags", "mptp", "mpcount")
MASKS = ("barcode_mp", "barcode_pcb")
NEW = Insert(m.Order, ignore=True)
NEW_WITH_ID = Statement(lambda: (
    m.Order.insert({field: p(field.name, field) for field in m.Order._meta.sorted_fields}).on_conflict_ignore()
))  # fmt: skip
MOVE_ON = Statement(lambda: sequence_beyond(m.Order))


def make(
    call: Any, erp_ref: str, item: str, columns: Mapping[str, Any], order_id: int | None = None
) -> Order:
    """Creates an order with these columns in stored form and returns it; raises ``erp-ref-exists``."""
    row = NEW.row({"erp_ref": erp_ref, "item": item, "created": call.now, **columns})
    if order_id is None:
        made = call.db.insert_or_ignore(NEW, **row)
    else:
        made = call.db.run(NEW_WITH_ID, id=order_id, **row)
        if call.db.dialect == "postgresql":
            call.db.rows(MOVE_ON, id=order_id)
    if not made:
        raise Conflict("erp-ref-exists", f"There is an order {erp_ref} already; findorder returns it.")
    after = orders.named(call, erp_ref)
    call.notify("tracepro_order_changed", order=after)
    return after


def update(
    call: Any, order_id: int, properties: Mapping[str, Any], operations: Sequence[Mapping[str, Any]] | None
) -> Order:
    """Changes the properties given and, unless it is None, the whole routing; returns the order as it is then.

    Raises InvalidParams for what no order can have, NotFound for unknown acts, ``step-in-use`` when a step with
    records would go.
    """
    before = orders.lock_exclusive(call, order_id)
    columns = stored(properties)
    if operations is not None:
        columns["operations"] = routing.write(_new_routing(call, before, operations))
    return _write(call, before, columns)


def stored(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Returns properties as columns in stored form; raises InvalidParams naming the property that is wrong."""
    columns = dict(properties)
    for name in columns.keys() & set(NUMBERS):
        columns[name] = int(columns[name])
    if "amount" in columns:
        columns["amount"] = _amount(columns["amount"])
    for name in columns.keys() & set(MASKS):
        masks.check(name, columns[name])
    return columns


def _amount(number: Any) -> int:
    try:
        return to_micros(number)
    except ValueError as error:
        raise InvalidParams("amount", f"amount: {error}") from None


def _new_routing(call: Any, before: Order, rows: Sequence[Mapping[str, Any]]) -> tuple[Step, ...]:
    steps = routing.from_rows(rows)
    workplaces_api.acts(call, {step.act for step in steps})
    if call.hooks.has("tracepro_check_routing"):
        reasons = call.hooks.check("tracepro_check_routing", order=before, steps=steps)
        if reasons:
            raise Refused(reasons)
    return steps


def _write(call: Any, before: Order, columns: dict[str, Any]) -> Order:
    if columns:
        call.db.run(_update(tuple(sorted(columns))), order_id=before.id, **columns)
    after = orders.order(call, before.id)
    changed = [name for name in columns if getattr(before, name) != getattr(after, name)]
    for name in changed:
        call.changed(f"order {before.id}", name, *(plain(getattr(one, name)) for one in (before, after)))
    if changed:
        call.notify("tracepro_order_changed", order=after)
    return after


def plain(value: Any) -> Any:
    """Returns a property as JSON has it, for the audit."""
    return msgspec.to_builtins(value)


@cache
def _update(names: tuple[str, ...]) -> Statement:
    fields = m.Order._meta.fields
    values = {fields[name]: p(name, fields[name]) for name in names}
    return Statement(lambda: m.Order.update(values).where(m.Order.id == p("order_id")))
