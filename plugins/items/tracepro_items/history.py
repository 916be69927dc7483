"""Recorded operations, read back with their data and material."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any, NamedTuple

from tracepro_orders import api as orders_api
from tracepro_workplaces import api as workplaces_api

from tracepro import clock
from tracepro.database import Statement, p
from tracepro_hookspecs import Call, Refused
from tracepro_hookspecs.records import Operation
from tracepro_items import models as m
from tracepro_items import units
from tracepro_items.reasons import cancelled, no_operation


class Row(NamedTuple):
    """A row of the table."""

    id: int
    item_id: int
    order_id: int
    op: int
    act: int
    name: str
    wp_id: int
    workers: list[int]
    tm0: int
    tm1: int
    result: int
    count: int
    recorded: int
    back_to: int | None
    skipped: list[int] | None
    cancelled: bool


def query() -> Any:
    """Returns a query of the columns of :class:`Row`, in order of recording."""
    columns = [m.Operation._meta.fields[name] for name in Row._fields]
    return m.Operation.select(*columns).order_by(m.Operation.id)


BY_ID = Statement(lambda: query().where(m.Operation.id == p("id")))
BY_IDS = Statement(lambda: query().where(m.Operation.id.in_(p.integers("ids"))))
OF_UNITS = Statement(lambda: query().where(m.Operation.item_id.in_(p.integers("ids"))))
AT_WORKPLACES = Statement(lambda: (
    query().where(m.Operation.wp_id.in_(p.integers("wp_ids")), m.Operation.recorded >= p("since"))
))  # fmt: skip
DATA = Statement(lambda: (
    m.Data.select(m.Data.op_id, m.Data.tp, m.Data.key, m.Data.value)
    .where(m.Data.op_id.in_(p.integers("op_ids"))).order_by(m.Data.id)
))  # fmt: skip


def row(call: Any, op_id: int) -> Row:
    """Returns the row of an operation; raises ``operation-not-found``."""
    found = call.db.one(BY_ID, id=op_id)
    if found is None:
        raise no_operation(op_id)
    return Row._make(found)


def require_active_operation(call: Call, op_id: int) -> tuple[Row, units.Unit]:
    """Return an operation and its unit, and keep it from being cancelled until the call ends.

    Raises ``operation-not-found``; one that is cancelled already is refused (``op-not-latest``).
    """
    unit = units.locked(call, row(call, op_id).item_id)
    operation = row(call, op_id)
    if operation.cancelled:
        raise Refused([cancelled(operation)])
    return operation, unit


def counts_for(row: Row, unit: units.Unit) -> bool:
    """Tells whether an operation is one of a unit: recorded on it, or on its panel while it was not bad."""
    return row.item_id == unit.id or (row.item_id == unit.panel_id and unit.id not in (row.skipped or ()))


def rows_of(call: Any, found: Sequence[units.Unit]) -> dict[int, list[Row]]:
    """Returns what was recorded on units by unit, in the order recorded, with what their panels did for them."""
    ids = {unit.id for unit in found} | {unit.panel_id for unit in found if unit.panel_id is not None}
    rows = [Row._make(one) for one in call.db.rows(OF_UNITS, ids=sorted(ids))]
    by_item: dict[int, list[Row]] = {}
    for row in rows:
        by_item.setdefault(row.item_id, []).append(row)
    return {unit.id: _merged(unit, by_item) for unit in found}


def _merged(unit: units.Unit, by_item: Mapping[int, Sequence[Row]]) -> list[Row]:
    near = (*by_item.get(unit.id, ()), *by_item.get(unit.panel_id or 0, ()))
    return sorted((row for row in near if counts_for(row, unit)), key=attrgetter("id"))


def operations_of(call: Any, unit: units.Unit) -> list[Operation]:
    """Returns the operations of a unit, those of its panel that count for it included."""
    return records(call, rows_of(call, [unit])[unit.id])


def operation(call: Any, op_id: int) -> Operation:
    """Returns an operation by its id; raises ``operation-not-found``."""
    return records(call, [row(call, op_id)])[0]


def operations(call: Any, op_ids: Iterable[int]) -> list[Operation]:
    """Returns those of the operations that exist, in order of recording."""
    return records(call, [Row._make(one) for one in call.db.rows(BY_IDS, ids=list(op_ids))])


def recorded_at(call: Call, wp_ids: Sequence[int], seconds_back: int) -> list[Operation]:
    """Return what was recorded at workplaces in the last ``seconds_back`` seconds, the newest first.

    Raises ``workplace-not-found``.
    """
    for wp_id in wp_ids:
        workplaces_api.workplace(call, wp_id)
    since = call.now - min(seconds_back * clock.SECOND, call.now)
    rows = [Row._make(one) for one in call.db.rows(AT_WORKPLACES, wp_ids=list(wp_ids), since=since)]
    return records(call, rows)[::-1]


def records(call: Any, rows: Sequence[Row]) -> list[Operation]:
    """Makes the records of rows: orders, codes, data and material are looked up for all of them at once.

    A cancelled operation stays in the history with a count of 0.
    """
    if not rows:
        return []
    ids = [one.id for one in rows]
    references = orders_api.references(call, {one.order_id for one in rows})
    codes = {
        found[0]: found[3] for found in call.db.rows(units.BY_IDS, ids=list({one.item_id for one in rows}))
    }
    data: dict[int, list[tuple[int, str, Any]]] = {}
    for op_id, *values in call.db.rows(DATA, op_ids=ids):
        data.setdefault(op_id, []).append(tuple(values))
    hook = "tracepro_operation_material"
    mat = call.hooks.collect(hook, op_ids=tuple(ids)) if call.hooks.has(hook) else {}
    return [
        Operation(
            one.id, one.item_id, one.order_id, references[one.order_id].erp_ref, codes[one.item_id], one.op, one.act,
            one.name, one.wp_id, tuple(one.workers), clock.text(one.tm0), clock.text(one.tm1), one.result,
            0 if one.cancelled else one.count, tuple(data.get(one.id, ())), tuple(mat.get(one.id, ())),
        )
        for one in rows
    ]  # fmt: skip
