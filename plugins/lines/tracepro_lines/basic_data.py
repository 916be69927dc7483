"""Lines and machines as basic data."""

from __future__ import annotations

from operator import attrgetter

from peewee import Query

from tracepro.database import list_rows, statement
from tracepro_hookspecs import BasicData, Call
from tracepro_hookspecs import records as r
from tracepro_lines import models as m
from tracepro_lines.lines import LINE_COLUMNS, StoredLine, to_record


@statement
def all_lines() -> Query:
    """All lines in order of id."""
    return m.Line.select(*LINE_COLUMNS).order_by(m.Line.id)


def list_lines(call: Call) -> list[r.Line]:
    """Return all lines in order of id, with their machines and who works there."""
    return [to_record(call, StoredLine(*row)) for row in list_rows(call, all_lines)]


def list_machines(call: Call) -> list[r.Machine]:
    """Return the machines of all lines in order of id."""
    machines = [machine for line in list_lines(call) for machine in line.machines]
    return sorted(machines, key=attrgetter("id"))


KINDS = [BasicData("Line", list_lines), BasicData("Machine", list_machines)]
