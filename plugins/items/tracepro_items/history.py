"""Recorded operations, read back with their data and material."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter

import msgspec
from peewee import Query, Select
from tracepro_orders import api as orders_api
from tracepro_workplaces import api as workplaces_api

from tracepro import clock
from tracepro.database import check_length, list_rows, p, statement
from tracepro_hookspecs import Call, Refused
from tracepro_hookspecs.records import DataRow, Operation, OpMat
from tracepro_items import models as m
from tracepro_items import units
from tracepro_items.reasons import op_cancelled, operation_not_found
from tracepro_items.retention import data_archived_before
from tracepro_items.units import Unit

MATERIAL = "tracepro_operation_material"


class OperationRow(msgspec.Struct, frozen=True, gc=False):
    """An operation as the table has it."""

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
    left_out: list[int] | None
    cancelled: bool


COLUMNS = tuple(m.Operation._meta.fields[name] for name in OperationRow.__struct_fields__)


def _select() -> Select:
    return m.Operation.select(*COLUMNS).order_by(m.Operation.id)


@statement
def operation_by_id() -> Query:
    """One operation."""
    return _select().where(m.Operation.id == p("id"))


@statement
def workplace_of_operation() -> Query:
    """The workplace where an operation was recorded."""
    return m.Operation.select(m.Operation.wp_id).where(m.Operation.id == p("id"))


@statement
def operations_by_id() -> Query:
    """Several operations, in the order recorded."""
    return _select().where(m.Operation.id.in_(p.integers("ids")))


@statement
def operations_on_units() -> Query:
    """What was recorded on units, in the order recorded."""
    return _select().where(m.Operation.item_id.in_(p.integers("ids")))


@statement
def operations_at_workplace() -> Query:
    """What was recorded at a workplace since a moment, the newest first.

    One workplace, and the index's own order: so a limit ends the reading, however far back it goes.
    """
    query = m.Operation.select(*COLUMNS).order_by(m.Operation.wp_id.desc(), m.Operation.recorded.desc())
    return query.where(m.Operation.wp_id == p("wp_id"), m.Operation.recorded >= p("since"))


@statement
def data_of_operations() -> Query:
    """The data rows of operations, in the order recorded."""
    query = m.Data.select(m.Data.op_id, m.Data.tp, m.Data.key, m.Data.value)
    return query.where(m.Data.op_id.in_(p.integers("op_ids"))).order_by(m.Data.id)


@statement
def cancellations_of_operations() -> Query:
    """When operations were cancelled."""
    query = m.Cancellation.select(m.Cancellation.op_id, m.Cancellation.tm)
    return query.where(m.Cancellation.op_id.in_(p.integers("op_ids")))


def moments(call: Call, item_id: int) -> dict[str, int]:
    """Return when the plant recorded what it did to a unit (microseconds UTC): the times of the calls, by ``operation 17`` say."""
    unit = units.unit(call, item_id)
    rows = rows_of(call, [unit])[unit.id]
    found = {f"item {unit.id}": unit.created, **{f"operation {row.id}": row.recorded for row in rows}}
    cancelled = list_rows(call, cancellations_of_operations, op_ids=[row.id for row in rows])
    return found | {f"cancellation {op_id}": tm for op_id, tm in cancelled}


def operation_row(call: Call, op_id: int) -> OperationRow:
    """Return the row of an operation; raises ``operation-not-found``."""
    found = call.db.one(operation_by_id, id=op_id)
    if found is None:
        raise operation_not_found(op_id)
    return OperationRow(*found)


def line_of(call: Call, op_id: int) -> str | None:
    """Return the line of the workplace where an operation was recorded; raises ``operation-not-found``."""
    wp_id: int | None = call.db.value(workplace_of_operation, id=op_id)
    if wp_id is None:
        raise operation_not_found(op_id)
    return workplaces_api.line_of(call, wp_id)


def require_active_operation(call: Call, op_id: int) -> tuple[OperationRow, Unit]:
    """Return an operation and its unit, and keep it from being cancelled until the call ends.

    Raises ``operation-not-found``; one that is cancelled already is refused (``op-not-latest``).
    """
    unit = units.lock_any(call, operation_row(call, op_id).item_id)
    operation = operation_row(call, op_id)
    if operation.cancelled:
        raise Refused([op_cancelled(operation)])
    return operation, unit


def counts_for(operation: OperationRow, unit: Unit) -> bool:
    """Tell whether an operation is one of a unit: recorded on it, or on its panel.

    A panel's operation is none of a board that was bad then, or had a fail of its own at the step.
    """
    if operation.item_id != unit.panel_id:
        return operation.item_id == unit.id
    return unit.id not in (*(operation.skipped or ()), *(operation.left_out or ()))


def rows_of(call: Call, found: Sequence[Unit]) -> dict[int, list[OperationRow]]:
    """Return what was recorded on units by unit, in the order recorded, with what their panels did for them."""
    ids = {unit.id for unit in found} | {unit.panel_id for unit in found if unit.panel_id is not None}
    by_item: dict[int, list[OperationRow]] = {}
    for row in list_rows(call, operations_on_units, ids=sorted(ids)):
        operation = OperationRow(*row)
        by_item.setdefault(operation.item_id, []).append(operation)
    return {unit.id: _with_panels(unit, by_item) for unit in found}


def _with_panels(unit: Unit, by_item: Mapping[int, Sequence[OperationRow]]) -> list[OperationRow]:
    candidates = (*by_item.get(unit.id, ()), *by_item.get(unit.panel_id or 0, ()))
    return sorted((row for row in candidates if counts_for(row, unit)), key=attrgetter("id"))


def operations_of(call: Call, unit: Unit) -> list[Operation]:
    """Return the operations of a unit, those of its panel that count for it included."""
    return to_operations(call, rows_of(call, [unit])[unit.id])


def operation(call: Call, op_id: int) -> Operation:
    """Return an operation by its id; raises ``operation-not-found``."""
    return to_operations(call, [operation_row(call, op_id)])[0]


def operations(call: Call, op_ids: Iterable[int]) -> list[Operation]:
    """Return those of the operations that exist, in the order recorded."""
    rows = call.db.rows(operations_by_id, ids=list(op_ids))
    return to_operations(call, [OperationRow(*row) for row in rows])


def latest_at(call: Call, wp_ids: Iterable[int]) -> dict[int, OperationRow]:
    """Return the last operation recorded at each of the workplaces; one where none ever was is left out."""
    last = operations_at_workplace.limited(1)
    rows = {wp_id: call.db.one(last, wp_id=wp_id, since=0) for wp_id in wp_ids}
    return {wp_id: OperationRow(*row) for wp_id, row in rows.items() if row}


def recorded_at(call: Call, wp_ids: Sequence[int], seconds_back: int) -> list[Operation]:
    """Return what was recorded at workplaces in the last ``seconds_back`` seconds, the newest first.

    Raises ``workplace-not-found``.
    """
    since = call.now - min(seconds_back * clock.SECOND, call.now)
    found: list[OperationRow] = []
    for workplace in workplaces_api.workplaces(call, wp_ids) if wp_ids else ():
        rows = list_rows(call, operations_at_workplace, wp_id=workplace.id, since=since)
        found += [OperationRow(*row) for row in rows]
        check_length(call, len(found))
    return to_operations(call, sorted(found, key=attrgetter("id"), reverse=True))


def recorded_last(call: Call, wp_id: int, most: int) -> list[Operation]:
    """Return what was recorded last at a workplace, the newest first."""
    rows = call.db.rows(operations_at_workplace.limited(most), wp_id=wp_id, since=0)
    return to_operations(call, [OperationRow(*row) for row in rows])


def to_operations(call: Call, rows: Sequence[OperationRow]) -> list[Operation]:
    """Return the records of rows: orders, codes, data and material are looked up for all of them at once.

    A cancelled operation stays in the history with a count of 0; one whose data rows may be archived says so.
    """
    if not rows:
        return []
    ids = [row.id for row in rows]
    orders = orders_api.references(call, {row.order_id for row in rows})
    on_units = units.units(call, {row.item_id for row in rows})
    data = _data_of(call, ids)
    mat = call.hooks.collect(MATERIAL, op_ids=tuple(ids)) if call.hooks.has(MATERIAL) else {}
    archived = data_archived_before(call, (row.recorded for row in rows))
    return [
        _to_operation(
            row,
            orders[row.order_id].erp_ref,
            on_units[row.item_id].barcode,
            data.get(row.id, ()),
            mat.get(row.id, ()),
            row.recorded < archived,
        )
        for row in rows
    ]


def _data_of(call: Call, op_ids: Sequence[int]) -> dict[int, list[DataRow]]:
    found: dict[int, list[DataRow]] = {}
    for op_id, tp, key, value in list_rows(call, data_of_operations, op_ids=op_ids):
        found.setdefault(op_id, []).append((tp, key, value))
    return found


def _to_operation(
    row: OperationRow,
    erp_ref: str,
    barcode: str,
    data: Iterable[DataRow],
    mat: Iterable[OpMat],
    data_archived: bool,
) -> Operation:
    return Operation(
        row.id,
        row.item_id,
        row.order_id,
        erp_ref,
        barcode,
        row.op,
        row.act,
        row.name,
        row.wp_id,
        tuple(row.workers),
        clock.text(row.tm0),
        clock.text(row.tm1),
        row.result,
        0 if row.cancelled else row.count,
        tuple(data),
        tuple(mat),
        True if data_archived else msgspec.UNSET,
    )
