"""On which line tools and what belongs to them stand: that of their process's machine."""

from __future__ import annotations

from typing import Any

from peewee import JOIN, Query

from tracepro.database import Statement, p, statement
from tracepro_hookspecs import Call
from tracepro_tooling import models as m
from tracepro_tooling import reasons


@statement
def machine_of_process() -> Query:
    """The workplace of a process."""
    return m.Process.select(m.Process.machine_id).where(m.Process.id == p("id"))


@statement
def machine_of_program() -> Query:
    """The workplace of a program's process."""
    process = m.Program.process_id == m.Process.id
    return m.Program.select(m.Process.machine_id).join(m.Process, on=process).where(m.Program.id == p("id"))


@statement
def machine_of_assembly() -> Query:
    """The workplace of an assembly's process, shared or not."""
    process = m.ToolAssembly.process_id == m.Process.id
    found = m.ToolAssembly.select(m.Process.machine_id).join(m.Process, on=process)
    return found.where(m.ToolAssembly.id == p("id"))


@statement
def machine_of_tool() -> Query:
    """The workplace of the process of a tool's assembly; null for a tool without one."""
    assembly, process = m.Tool.assembly_id == m.ToolAssembly.id, m.ToolAssembly.process_id == m.Process.id
    found = m.Tool.select(m.Process.machine_id).join(m.ToolAssembly, JOIN.LEFT_OUTER, on=assembly)
    return found.join(m.Process, JOIN.LEFT_OUTER, on=process).where(m.Tool.id == p("id"))


@statement
def machine_of_replacement() -> Query:
    """The workplace of the process that a replaced tool worked for then; null for a tool that worked for none."""
    process = m.ToolReplacement.process_id == m.Process.id
    found = m.ToolReplacement.select(m.Process.machine_id).join(m.Process, JOIN.LEFT_OUTER, on=process)
    return found.where(m.ToolReplacement.id == p("id"))


NAMED_IN_PATHS = {
    "tool_id": (machine_of_tool, reasons.tool_not_found),
    "replacement_id": (machine_of_replacement, reasons.replacement_not_found),
}
"""What an unknown id ends the call with; in a body it is the handler's to refuse."""
MACHINES: dict[str, Statement] = {
    "substitute_id": machine_of_tool,
    "assembly_id": machine_of_assembly,
    "process_id": machine_of_process,
    "program_id": machine_of_program,
}


def line_of(call: Call, parameter: str, value: Any) -> str | None:
    """Return the line that a tool, an assembly, a process, a program or a replacement stands on; None for none.

    Raises NotFound for an unknown ``tool_id`` or ``replacement_id``.
    """
    if parameter in NAMED_IN_PATHS:
        machine, not_found = NAMED_IN_PATHS[parameter]
        row = call.db.one(machine, id=value)
        if row is None:
            raise not_found(value)
        return _line_at(call, row[0])
    return _line_at(call, call.db.value(MACHINES[parameter], id=value)) if parameter in MACHINES else None


def _line_at(call: Call, wp_id: int | None) -> str | None:
    return None if wp_id is None else call.line_of("wp_id", wp_id)
