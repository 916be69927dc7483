"""Looking lines and machines up: which line a workplace belongs to, which order it works on, who works there.

Nothing is kept in the process: another server may move a machine or change an order at any time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from peewee import Field, Query
from tracepro_workers import api as workers_api

from tracepro.database import Model, p, statement
from tracepro_hookspecs import Call
from tracepro_hookspecs import records as r
from tracepro_lines import models as m
from tracepro_lines.reasons import line_not_found, machine_not_found


class StoredLine(NamedTuple):
    """A line as it is stored; ``order_id`` is the order it works on."""

    id: int
    name: str
    order_id: int | None


class StoredMachine(NamedTuple):
    """A machine as it is stored; ``line`` is the id of its line."""

    id: int
    line: int
    name: str
    wp_id: int
    op: int | None
    act: int | None
    counter0: int


def _columns(model: type[Model], names: Sequence[str]) -> list[Field]:
    return [model._meta.fields[name] for name in names]


LINE_COLUMNS = _columns(m.Line, StoredLine._fields)
MACHINE_COLUMNS = _columns(m.Machine, StoredMachine._fields)


@statement
def line_of_workplace() -> Query:
    """The name of the line that a workplace is on."""
    return m.Line.select(m.Line.name).join(m.Machine).where(m.Machine.wp_id == p("value")).limit(1)


@statement
def line_of_machine() -> Query:
    """The name of the line that a machine is on."""
    return m.Line.select(m.Line.name).join(m.Machine).where(m.Machine.id == p("value"))


@statement
def name_of_line() -> Query:
    """The name of a line, if there is one of that name."""
    return m.Line.select(m.Line.name).where(m.Line.name == p("value"))


@statement
def all_names() -> Query:
    """The names of all lines, sorted."""
    return m.Line.select(m.Line.name).order_by(m.Line.name)


@statement
def line_by_name() -> Query:
    """The line with a name."""
    return m.Line.select(*LINE_COLUMNS).where(m.Line.name == p("name"))


@statement
def locked_line() -> Query:
    """The line with a name, locked until the call ends."""
    query = m.Line.select(*LINE_COLUMNS).where(m.Line.name == p("name"))
    return query.for_update("FOR NO KEY UPDATE")  # type: ignore[arg-type]  # peewee's stubs know the default only


@statement
def orders_of_lines() -> Query:
    """The names and orders of the lines that work on one."""
    has_one = m.Line.order_id.is_null(False)
    return m.Line.select(m.Line.name, m.Line.order_id).where(has_one).order_by(m.Line.name)


@statement
def machine_with_line() -> Query:
    """A machine and its line."""
    return m.Machine.select(*MACHINE_COLUMNS, *LINE_COLUMNS).join(m.Line).where(m.Machine.id == p("id"))


@statement
def machines_of_line() -> Query:
    """The machines of a line in order of id."""
    return m.Machine.select(*MACHINE_COLUMNS).where(m.Machine.line == p("line")).order_by(m.Machine.id)


@statement
def machines_of_workplace() -> Query:
    """The machines that a workplace is, in order of id."""
    return m.Machine.select(*MACHINE_COLUMNS).where(m.Machine.wp_id == p("wp_id")).order_by(m.Machine.id)


@statement
def machines_by_name() -> Query:
    """The machines of all lines with one of several names, in order of id."""
    named = m.Machine.name.in_(p.texts("names"))
    return m.Machine.select(*MACHINE_COLUMNS).where(named).order_by(m.Machine.id)


LINE_BY = {
    "wp_id": line_of_workplace,
    "machine_id": line_of_machine,
    "line_name": name_of_line,
}


def line_of(call: Call, parameter: str, value: Any) -> str | None:
    """Return the line that a ``wp_id``, ``machine_id`` or ``line_name`` belongs to, None when it is on none."""
    look_up = LINE_BY.get(parameter)
    if look_up is None or value is None:
        return None
    name: str | None = call.db.value(look_up, value=value)
    return name


def line_names(call: Call) -> list[str]:
    """Return the names of all lines."""
    return [name for (name,) in call.db.rows(all_names)]


def line(call: Call, name: str, *, lock: bool = False) -> StoredLine:
    """Return a line by its name; ``lock`` keeps its order as it is until the call ends. Raises ``line-not-found``.

    A line is locked before everything else that the call locks.
    """
    row = call.db.one(locked_line if lock else line_by_name, name=name)
    if row is None:
        raise line_not_found(name)
    return StoredLine(*row)


def current_orders(call: Call) -> dict[str, int]:
    """Return the orders that lines work on now, by the line's name; lines without one are left out."""
    return dict(call.db.rows(orders_of_lines))


def machine(call: Call, machine_id: int) -> tuple[StoredMachine, StoredLine]:
    """Return a machine by its id, and its line. Raises ``machine-not-found``."""
    row = call.db.one(machine_with_line, id=machine_id)
    if row is None:
        raise machine_not_found(machine_id)
    return StoredMachine(*row[: len(MACHINE_COLUMNS)]), StoredLine(*row[len(MACHINE_COLUMNS) :])


def machines(call: Call, line: StoredLine) -> list[StoredMachine]:
    """Return the machines of a line in order of id."""
    return [StoredMachine(*row) for row in call.db.rows(machines_of_line, line=line.id)]


def workplaces_of(call: Call, line: StoredLine) -> list[int]:
    """Return the workplaces that the machines of a line are, in order of id."""
    return sorted({machine.wp_id for machine in machines(call, line)})


def machine_of(call: Call, line: StoredLine, name: str) -> StoredMachine:
    """Return the machine of a line with a name. Raises ``machine-not-found``."""
    found = next((machine for machine in machines(call, line) if machine.name == name), None)
    if found is None:
        raise machine_not_found(name, line.name)
    return found


def machines_at(call: Call, wp_id: int) -> list[StoredMachine]:
    """Return the machines that a workplace is, in order of id; none for a workplace on no line."""
    return [StoredMachine(*row) for row in call.db.rows(machines_of_workplace, wp_id=wp_id)]


def machines_named(call: Call, names: Iterable[str]) -> list[StoredMachine]:
    """Return the machines of all lines that have one of the names, in order of id."""
    wanted = list(dict.fromkeys(names))
    return [StoredMachine(*row) for row in call.db.rows(machines_by_name, names=wanted)] if wanted else []


def to_record(call: Call, line: StoredLine) -> r.Line:
    """Return the record of a line, with its machines and who is logged in at them."""
    on_line = machines(call, line)
    workers = workers_api.logged_in(call, [machine.wp_id for machine in on_line])
    found = tuple(
        r.Machine(
            machine.id,
            machine.name,
            machine.wp_id,
            machine.counter0,
            tuple(worker.id for worker in workers[machine.wp_id]),
            machine.op,
            machine.act,
        )
        for machine in on_line
    )
    return r.Line(line.id, line.name, line.order_id, found)
