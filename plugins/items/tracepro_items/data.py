"""Data rows of operations: texts, numbers, measurements, links, slots and components."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tracepro.database import Insert, Statement, p
from tracepro_hookspecs import Call, InvalidParams, Refused
from tracepro_items import components, history
from tracepro_items import models as m
from tracepro_items.units import Unit
from tracepro_schemas import defs

DataRows = Sequence[tuple[int, str, Any]]
Recorded = Sequence[tuple[Unit, int]]
"""Units with the ids of the operations recorded on them."""
TYPES = frozenset(
    (defs.DATA_TP_TEXT, defs.DATA_TP_NUMBER, defs.DATA_TP_MEASUREMENT, defs.DATA_TP_LINK, defs.DATA_TP_SLOT)
) | components.TYPES  # fmt: skip
NEW = Insert(m.Data)
PUT_SLOT = Insert(m.Slot, keys=(m.Slot.item_id, m.Slot.slot), update=(m.Slot.value,))
SLOTS = Statement(lambda: (
    m.Slot.select(m.Slot.slot, m.Slot.value).where(m.Slot.item_id == p("item_id")).order_by(m.Slot.slot)
))  # fmt: skip


SLOTS_SET = Statement(lambda: (
    m.Data.select(m.Data.key).where(m.Data.op_id == p("op_id"), m.Data.tp == defs.DATA_TP_SLOT).distinct()
))  # fmt: skip
SLOT_VALUES = Statement(lambda: (
    m.Data.select(m.Data.key, m.Data.value).join(m.Operation, on=(m.Operation.id == m.Data.op_id))
    .where(
        m.Operation.item_id == p("item_id"), m.Operation.cancelled == 0, m.Data.tp == defs.DATA_TP_SLOT,
        m.Data.key.in_(p.texts("slots")),
    ).order_by(m.Data.id)
))  # fmt: skip
DROP_SLOTS = Statement(lambda: (
    m.Slot.delete().where(m.Slot.item_id == p("item_id"), m.Slot.slot.in_(p.texts("slots")))
))  # fmt: skip


def check(parameter: str, rows: DataRows) -> None:
    """Raises InvalidParams for a row that is none of its type."""
    for number, (tp, key, value) in enumerate(rows):
        fault = _fault(tp, key, value)
        if fault:
            raise InvalidParams(f"{parameter}[{number}]", f"Row {number} of {parameter} {fault}")


def _fault(tp: int, key: str, value: Any) -> str | None:
    if tp not in TYPES:
        return f"has the type {tp}; use one of {', '.join(map(str, sorted(TYPES)))}."
    if tp == defs.DATA_TP_NUMBER and not _is_number(value):
        return f"({key}) must be a number, not {value!r}."
    if tp == defs.DATA_TP_MEASUREMENT and not (isinstance(value, dict) and "value" in value):
        return f"({key}) must be an object with value, low, high and unit, not {value!r}."
    if tp == defs.DATA_TP_SLOT and not key:
        return "names no slot; give it a key."
    if tp in components.TYPES and not (isinstance(value, str) and value):
        return f"({key}) must have the code of a unit as its value, not {value!r}."
    return None


def check_without_unit(parameter: str, rows: DataRows) -> None:
    """Raises InvalidParams for rows that need a unit: non-charged work has none."""
    for number, (tp, key, _) in enumerate(rows):
        if tp == defs.DATA_TP_SLOT or tp in components.TYPES:
            info = f"Row {number} of {parameter} ({key}) is about a unit, and non-charged work has none."
            raise InvalidParams(f"{parameter}[{number}]", info)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def of_components(rows: DataRows) -> list[tuple[int, str, Any]]:
    """Returns the rows that build units in or take them out."""
    return [row for row in rows if row[0] in components.TYPES]


def write(call: Any, recorded: Recorded, rows: DataRows) -> None:
    """Adds the rows to every one of the operations and does what they say: slots, components."""
    call.db.insert_many(
        NEW,
        [
            {"op_id": op_id, "tp": tp, "key": key, "value": value}
            for _, op_id in recorded
            for tp, key, value in rows
        ],
    )
    slots = {key: value for tp, key, value in rows if tp == defs.DATA_TP_SLOT}
    if slots:
        call.db.insert_many(PUT_SLOT, [
            {"item_id": unit.id, "slot": slot, "value": value} for unit, _ in recorded for slot, value in slots.items()
        ])  # fmt: skip
    built = of_components(rows)
    if built:
        components.apply(call, recorded, built)


def add(call: Call, op_id: int, rows: DataRows) -> None:
    """Add rows to an operation that was recorded before; refuses components that can't be built in.

    Raises ``operation-not-found``; a cancelled one is refused (``op-not-latest``).
    """
    check("data_list", rows)
    _, unit = history.require_active_operation(call, op_id)
    if unit.tp == defs.ITEM_TP_NONCHARGED:
        check_without_unit("data_list", rows)
    built = of_components(rows)
    against = components.reasons_against(call, [unit], built) if built else []
    if against:
        raise Refused(against)
    write(call, [(unit, op_id)], rows)


def take_back(call: Any, item_id: int, op_id: int) -> None:
    """Gives the slots that a cancelled operation set the values they have without it."""
    slots = [row[0] for row in call.db.rows(SLOTS_SET, op_id=op_id)]
    if not slots:
        return
    left = dict(call.db.rows(SLOT_VALUES, item_id=item_id, slots=slots))
    call.db.run(DROP_SLOTS, item_id=item_id, slots=slots)
    call.db.insert_many(PUT_SLOT, [{"item_id": item_id, "slot": slot, "value": left[slot]} for slot in left])


def slots_of(call: Any, item_id: int) -> dict[str, Any]:
    """Returns the slots of a unit."""
    return dict(call.db.rows(SLOTS, item_id=item_id))
