"""The section ``lines`` of the plant file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from peewee import Query
from tracepro_workplaces import api as workplaces

from tracepro.database import p, statement
from tracepro.database.upsert import Upsert
from tracepro_hookspecs import Call, InvalidParams, PlantSection, RowKey
from tracepro_lines import models as m
from tracepro_lines.lines import MACHINE_COLUMNS, StoredMachine

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


Listed = tuple[int, Mapping[str, Any]]
"""A machine of the file, with the id of its line."""
SameKey = tuple[Callable[[StoredMachine], tuple[int, str]], Callable[[Listed], tuple[int, str]]]
"""What tells that a stored machine and one without an id in the file are the same."""
SAME_ON_LINE: SameKey = (
    lambda stored: (stored.line, stored.name),
    lambda listed: (listed[0], listed[1]["name"]),
)
SAME_ELSEWHERE: SameKey = (
    lambda stored: (stored.wp_id, stored.name),
    lambda listed: (listed[1]["wp_id"], listed[1]["name"]),
)
"""A machine without an id that has moved keeps its name and its workplace."""
UPSERT_LINE = Upsert(m.Line, "line")
UPSERT_MACHINE = Upsert(m.Machine, "machine", within=("line",))


@statement
def machines_of_lines() -> Query:
    """The machines of some lines, in order of id."""
    return (
        m.Machine.select(*MACHINE_COLUMNS)
        .where(m.Machine.line.in_(p.integers("lines")))
        .order_by(m.Machine.id)
    )


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
    """Create or update lines; ``machines``, when given, are all a line has.

    What no line lists any more goes first, and what another line lists moves with what it has counted.
    """
    lines = UPSERT_LINE.put_all(call, [(row.get("id"), {"name": row["name"]}) for row in rows])
    equipped = {
        line: row["machines"] for row, (line, _) in zip(rows, lines, strict=True) if "machines" in row
    }
    listed = [(line, machine) for line, machines in equipped.items() for machine in machines]
    ids = _ids(call, list(equipped), listed)
    UPSERT_MACHINE.put_all(
        call, [(number, _columns(call, *each)) for number, each in zip(ids, listed, strict=True)]
    )
    for _, machine in listed:
        _must_be_on_one_line(call, machine)


def _ids(call: Call, lines: Sequence[int], listed: Sequence[Listed]) -> list[int | None]:
    """Return the id of each machine listed, None for a new one, and take off the lines what none of them lists."""
    given = {machine["id"] for _, machine in listed if "id" in machine}
    stored = map(StoredMachine._make, call.db.rows(machines_of_lines, lines=lines))
    free = {machine.id: machine for machine in stored if machine.id not in given}
    ids: list[int | None] = [machine.get("id") for _, machine in listed]
    for key_of_stored, key_of_listed in (SAME_ON_LINE, SAME_ELSEWHERE):
        by_key: dict[tuple[int, str], list[int]] = {}
        for stored_machine in free.values():
            by_key.setdefault(key_of_stored(stored_machine), []).append(stored_machine.id)
        for index, each in enumerate(listed):
            found = by_key.get(key_of_listed(each), []) if ids[index] is None else []
            if len(found) == 1 and found[0] in free:
                ids[index] = free.pop(found[0]).id
    for unlisted in free.values():
        _delete(call, unlisted)
    return ids


def _delete(call: Call, machine: StoredMachine) -> None:
    call.db.run(delete_machine, id=machine.id)
    for name, value in machine._asdict().items():
        if name != "id" and value is not None:
            call.changed(f"machine {machine.id}", name, value, None)


def _columns(call: Call, line: int, machine: Mapping[str, Any]) -> dict[str, Any]:
    workplaces.workplace(call, machine["wp_id"])
    if machine.get("act") is not None:
        workplaces.act(call, machine["act"])
    return {key: machine[key] for key in ("name", "wp_id", "op", "act") if key in machine} | {"line": line}


def _must_be_on_one_line(call: Call, machine: Mapping[str, Any]) -> None:
    names = [name for (name,) in call.db.rows(lines_of_workplace, wp_id=machine["wp_id"])]
    if len(names) > 1:
        info = f"Workplace {machine['wp_id']} would be on the lines {' and '.join(names)}; leave it on one."
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
