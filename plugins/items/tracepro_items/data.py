"""Data rows of operations: texts, numbers, measurements, links, slots and components."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from peewee import Query

from tracepro.database import Insert, list_rows, p, statement
from tracepro_hookspecs import Call, InvalidParams
from tracepro_hookspecs.records import DataRow
from tracepro_items import components
from tracepro_items import models as m
from tracepro_items.units import Unit, UnitOps
from tracepro_schemas import defs

DataRows = Sequence[DataRow]
"""The data rows of an operation."""
TYPES = components.TYPES | {
    defs.DATA_TP_TEXT,
    defs.DATA_TP_NUMBER,
    defs.DATA_TP_MEASUREMENT,
    defs.DATA_TP_LINK,
    defs.DATA_TP_SLOT,
}
MEASUREMENT = frozenset(("value", "low", "high", "unit"))
"""The members of a measurement."""
NEW = Insert(m.Data)
PUT_SLOT = Insert(m.Slot, keys=(m.Slot.item_id, m.Slot.slot), update=(m.Slot.value,))


@statement
def slots_of_unit() -> Query:
    """The slots of a unit."""
    return (
        m.Slot.select(m.Slot.slot, m.Slot.value).where(m.Slot.item_id == p("item_id")).order_by(m.Slot.slot)
    )


@statement
def slots_set_by_operation() -> Query:
    """The slots that an operation set."""
    of_operation = m.Data.op_id == p("op_id")
    return m.Data.select(m.Data.key).where(of_operation, m.Data.tp == defs.DATA_TP_SLOT).distinct()


@statement
def values_of_slots() -> Query:
    """All values that operations on a unit which count gave to slots, in the order recorded."""
    query = m.Data.select(m.Data.key, m.Data.value).join(m.Operation, on=(m.Operation.id == m.Data.op_id))
    return query.where(
        m.Operation.item_id == p("item_id"),
        m.Operation.cancelled == 0,
        m.Data.tp == defs.DATA_TP_SLOT,
        m.Data.key.in_(p.texts("slots")),
    ).order_by(m.Data.id)


@statement
def slots_among() -> Query:
    """Those of the slots that units have."""
    of_units = m.Slot.item_id.in_(p.integers("item_ids"))
    return m.Slot.select(m.Slot.item_id, m.Slot.slot, m.Slot.value).where(
        of_units, m.Slot.slot.in_(p.texts("slots"))
    )


@statement
def delete_slots() -> Query:
    """Delete slots of a unit."""
    return m.Slot.delete().where(m.Slot.item_id == p("item_id"), m.Slot.slot.in_(p.texts("slots")))


def check(parameter: str, rows: DataRows) -> None:
    """Refuse rows that are not what their type says. Raises InvalidParams."""
    for index, (tp, key, value) in enumerate(rows):
        fault = _fault(tp, key, value)
        if fault:
            raise InvalidParams(f"{parameter}[{index}]", f"Row {index} of {parameter} {fault}")


def _fault(tp: int, key: str, value: Any) -> str | None:
    if tp not in TYPES:
        return f"has the type {tp}; use one of {', '.join(map(str, sorted(TYPES)))}."
    if tp == defs.DATA_TP_NUMBER and not _is_number(value):
        return f"({key}) must be a number, not {value!r:.80}."
    if tp == defs.DATA_TP_MEASUREMENT:
        return _measurement_fault(key, value)
    if tp == defs.DATA_TP_SLOT and not key:
        return "names no slot; give it a key."
    if tp in components.TYPES and not (isinstance(value, str) and value):
        return f"({key}) must have the code of a unit as its value, not {value!r:.80}."
    return None


def _measurement_fault(key: str, value: Any) -> str | None:
    """What is wrong with a measurement: a value with its limits, either of which may be left out, and its unit."""
    if not isinstance(value, dict) or "value" not in value or value.keys() - MEASUREMENT:
        return f"({key}) must be an object with value, low, high and unit, not {value!r:.80}."
    low, high, unit = value.get("low"), value.get("high"), value.get("unit")
    for name, number in (("value", value["value"]), ("low", low), ("high", high)):
        if not _is_number(number) and (name == "value" or number is not None):
            return f"({key}) must have a number as its {name}, not {number!r:.80}."
    if low is not None and high is not None and low > high:
        return f"({key}) has the limits {low} to {high}; low must not lie above high."
    if not isinstance(unit, str | None):
        return f"({key}) must have a text as its unit, not {unit!r:.80}."
    return None


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def check_without_unit(parameter: str, rows: DataRows) -> None:
    """Refuse rows that need a unit, for non-charged work has none. Raises InvalidParams."""
    for index, (tp, key, _) in enumerate(rows):
        if tp == defs.DATA_TP_SLOT or tp in components.TYPES:
            info = f"Row {index} of {parameter} ({key}) is about a unit, and non-charged work has none; leave it out."
            raise InvalidParams(f"{parameter}[{index}]", info)


def of_components(rows: DataRows) -> list[DataRow]:
    """Return the rows that build units in or take them out."""
    return [row for row in rows if row[0] in components.TYPES]


def write(call: Call, recorded: UnitOps, rows: DataRows) -> None:
    """Add the rows to every one of the operations and do what they say: slots, components."""
    call.db.defer_insert_many(
        NEW,
        [
            {"op_id": op_id, "tp": tp, "key": key, "value": value}
            for _, op_id in recorded
            for tp, key, value in rows
        ],
    )
    slots = {key: value for tp, key, value in rows if tp == defs.DATA_TP_SLOT}
    if slots:
        _note_change(call, [unit.id for unit, _ in recorded], list(slots), slots)
        call.db.defer_insert_many(PUT_SLOT, [row for unit, _ in recorded for row in _slot_rows(unit, slots)])
    built = of_components(rows)
    if built:
        components.apply(call, recorded, built)


def _note_change(call: Call, item_ids: Sequence[int], slots: Sequence[str], after: Mapping[str, Any]) -> None:
    """Note in the audit what becomes of slots that units have already; without a value they are emptied."""
    for item_id, slot, before in call.db.rows(slots_among, item_ids=item_ids, slots=slots):
        call.changed(f"item {item_id}", f"slot {slot}", before, after.get(slot))


def _slot_rows(unit: Unit, slots: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"item_id": unit.id, "slot": slot, "value": value} for slot, value in slots.items()]


def take_back(call: Call, unit: Unit, op_id: int) -> None:
    """Give the slots that a cancelled operation set the values they have without it."""
    slots = [row[0] for row in call.db.rows(slots_set_by_operation, op_id=op_id)]
    if not slots:
        return
    left: dict[str, Any] = dict(call.db.rows(values_of_slots, item_id=unit.id, slots=slots))
    _note_change(call, [unit.id], slots, left)
    call.db.defer(delete_slots, item_id=unit.id, slots=slots)
    call.db.defer_insert_many(PUT_SLOT, _slot_rows(unit, left))


def slots_of(call: Call, item_id: int) -> dict[str, Any]:
    """Return the slots of a unit."""
    return dict(list_rows(call, slots_of_unit, item_id=item_id))
