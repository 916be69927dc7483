"""Torques: what was measured with operations."""

from collections.abc import Iterator, Sequence
from statistics import fmean
from typing import Any

from peewee import Query

from tracepro import clock
from tracepro.database import Insert, list_rows, p, statement
from tracepro_hookspecs import Call
from tracepro_hookspecs.records import DataRow, Operation
from tracepro_schemas import defs
from tracepro_torque.models import Torque

NEW = Insert(Torque)


@statement
def of_item() -> Query:
    """The torques of a unit, in the order recorded."""
    shown = (Torque.op_id, Torque.op, Torque.wp_id, Torque.name, Torque.nm, Torque.tm)
    return Torque.select(*shown).where(Torque.item_id == p("item_id")).order_by(Torque.id)


@statement
def of_workplace() -> Query:
    """What was measured at a workplace since a moment."""
    return Torque.select(Torque.nm).where((Torque.wp_id == p("wp_id")) & (Torque.tm >= p("since")))


@statement
def deletion() -> Query:
    """Take back what was measured with an operation."""
    return Torque.delete().where(Torque.op_id == p("op_id"))


def measured(data: Sequence[DataRow]) -> Iterator[tuple[str, float]]:
    """Yield name and Nm of the torques among rows of data: the measurements with the unit Nm."""
    for tp, name, value in data:
        if tp == defs.DATA_TP_MEASUREMENT and value.get("unit") == "Nm":
            yield name, value["value"]


def add(call: Call, operations: Sequence[Operation], data: Sequence[DataRow]) -> None:
    """Write down the torques among the data of operations, a row for each of them."""
    rows = [
        {
            "op_id": operation.id,
            "item_id": operation.item_id,
            "op": operation.op,
            "wp_id": operation.wp_id,
            "name": name,
            "nm": nm,
            "tm": call.now,
        }
        for operation in operations
        for name, nm in measured(data)
    ]
    if rows:
        call.db.defer_insert_many(NEW, rows)


def take_back(call: Call, operation: Operation) -> None:
    """Delete the torques of an operation; its data stays in the history."""
    call.db.defer(deletion, op_id=operation.id)


def shown(call: Call, item_id: int) -> list[dict[str, Any]]:
    """Return the torques of a unit, in the order recorded."""
    names = ("op_id", "op", "wp_id", "name", "nm")
    rows = list_rows(call, of_item, item_id=item_id)
    return [{**dict(zip(names, row, strict=False)), "tm": clock.text(row[-1])} for row in rows]


def statistics(call: Call, wp_id: int, seconds_back: int) -> dict[str, Any]:
    """Return number, mean, least and greatest of what was measured at a workplace lately, in Nm."""
    since = call.now - seconds_back * clock.SECOND
    values = [nm for (nm,) in list_rows(call, of_workplace, wp_id=wp_id, since=since)]
    if not values:
        return {"count": 0, "mean": None, "min": None, "max": None}
    return {"count": len(values), "mean": fmean(values), "min": min(values), "max": max(values)}
