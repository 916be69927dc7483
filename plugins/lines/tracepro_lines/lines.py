"""Which line a workplace, a machine or a name belongs to: asked at the beginning of nearly every call."""

from __future__ import annotations

from typing import Any

from peewee import Query

from tracepro.database import p, statement
from tracepro_hookspecs import Call
from tracepro_lines import models as m


@statement
def line_of_workplace() -> Query:
    """The name of the line that a workplace is on."""
    return m.Line.select(m.Line.name).join(m.Machine).where(m.Machine.wp_id == p("value")).limit(1)


@statement
def line_of_machine() -> Query:
    """The name of the line that a machine is on."""
    return m.Line.select(m.Line.name).join(m.Machine).where(m.Machine.id == p("value"))


@statement
def line_by_name() -> Query:
    """The name of a line, if there is one of that name."""
    return m.Line.select(m.Line.name).where(m.Line.name == p("value"))


@statement
def all_names() -> Query:
    """The names of all lines, sorted."""
    return m.Line.select(m.Line.name).order_by(m.Line.name)


LINE_BY = {
    "wp_id": line_of_workplace,
    "machine_id": line_of_machine,
    "line_name": line_by_name,
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
