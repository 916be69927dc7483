"""What ``tracepro check`` says of lines."""

from __future__ import annotations

from peewee import JOIN, Query

from tracepro.database import statement
from tracepro_hookspecs import Call
from tracepro_lines import models as m


@statement
def lines_without_machine() -> Query:
    """The names of the lines that no machine is on."""
    joined = m.Line.select(m.Line.name).join(m.Machine, JOIN.LEFT_OUTER)
    return joined.where(m.Machine.id.is_null()).order_by(m.Line.name)


def empty_lines(call: Call) -> dict[str, str]:
    """Return a warning for each line without a machine: no workplace is on it, so nothing that is set for it counts."""
    info = "it has no machine, so no call is on it; give it machines in the plant file."
    return {f"line {name}": info for (name,) in call.db.rows(lines_without_machine)}
