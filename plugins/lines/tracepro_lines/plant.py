"""The section ``lines`` of the plant file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from peewee import Query
from tracepro_workplaces import api as workplaces

from tracepro.database import p, statement
from tracepro.database.upsert import Upsert
from tracepro_hookspecs import Call, InvalidParams, PlantSection, RowKey
from tracepro_lines import models as m

ID = {"type": "integer", "minimum": 1, "maximum": 2**63 - 1}
ID_OR_NULL = {"type": ["integer", "null"], "minimum": 0, "maximum": 2**63 - 1}
NAME = {"$ref": "shared.json#/$defs/Code", "minLength": 1}
MACHINE = {
    "type": "object",
    "required": ["name", "wp_id"],
    "properties": {"id": ID, "name": NAME, "wp_id": ID, "op": ID_OR_NULL, "act": ID_OR_NULL},
    "additionalProperties": False,
}
SCHEMA = {
    "type": "object",
    "required": ["name"],
    "properties": {"id": ID, "name": NAME, "machines": {"type": "array", "maxItems": 1000, "items": MACHINE}},
    "additionalProperties": False,
}


UPSERT_LINE = Upsert(m.Line, "line")
UPSERT_MACHINE = Upsert(m.Machine, "machine", within=("line",))


@statement
def machines_of_line() -> Query:
    """Id and name of the machines of a line, in order of id."""
    machines = m.Machine.select(m.Machine.id, m.Machine.name)
    return machines.where(m.Machine.line == p("line")).order_by(m.Machine.id)


@statement
def lines_of_workplace() -> Query:
    """The names of the lines that a workplace is on."""
    lines = m.Line.select(m.Line.name).join(m.Machine)
    return lines.where(m.Machine.wp_id == p("wp_id")).group_by(m.Line.name)


@statement
def delete_machine() -> Query:
    """Take a machine off its line."""
    return m.Machine.delete().where(m.Machine.id == p("id"))


def load(call: Call, rows: Sequence[Mapping[str, Any]]) -> None:
    """Create or update lines; ``machines``, when given, are all a line has."""
    for row in rows:
        line, _ = UPSERT_LINE.put(call, row.get("id"), {"name": row["name"]})
        if "machines" in row:
            _equip(call, line, row["machines"])
    for row in rows:
        _must_be_on_one_line(call, row.get("machines", ()))


def _equip(call: Call, line: int, machines: Sequence[Mapping[str, Any]]) -> None:
    kept = {_put(call, line, row) for row in machines}
    for number, name in call.db.rows(machines_of_line, line=line):
        if number not in kept:
            call.db.run(delete_machine, id=number)
            call.changed(f"machine {number}", "name", name, None)


def _put(call: Call, line: int, row: Mapping[str, Any]) -> int:
    workplaces.workplace(call, row["wp_id"])
    if row.get("act") is not None:
        workplaces.act(call, row["act"])
    values = {key: row[key] for key in ("name", "wp_id", "op", "act") if key in row}
    return UPSERT_MACHINE.put(call, row.get("id"), {**values, "line": line})[0]


def _must_be_on_one_line(call: Call, machines: Sequence[Mapping[str, Any]]) -> None:
    for row in machines:
        names = [name for (name,) in call.db.rows(lines_of_workplace, wp_id=row["wp_id"])]
        if len(names) > 1:
            info = f"Workplace {row['wp_id']} would be on the lines {' and '.join(names)}; leave it on one."
            raise InvalidParams("lines", info)


def keys(row: Mapping[str, Any]) -> Iterator[RowKey]:
    """Yield what lines don't share, and what machines don't: their ids anywhere, their names on one line."""
    yield RowKey("id", row.get("id"))
    yield RowKey("name", row["name"])
    for index, machine in enumerate(row.get("machines", ())):
        place = f"machines[{index}]"
        yield RowKey("machine id", machine.get("id"), place)
        yield RowKey("line and machine name", (row["name"], machine["name"]), place)


SECTIONS = [PlantSection("lines", SCHEMA, load, keys)]
