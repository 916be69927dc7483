"""What life was expected of a tool at each moment: a row each time that changes, never changed afterwards."""

from __future__ import annotations

from peewee import Query

from tracepro.database import Insert, p, statement
from tracepro_hookspecs import Call
from tracepro_tooling import models as m
from tracepro_tooling.resource import Stored

FIELDS = ("usage_mode", "part_life", "max_runtime", "day_life")
"""The fields that say what life is expected."""
NEW = Insert(m.ToolLifeRecord)


@statement
def process_of_assembly() -> Query:
    """The process that an assembly belongs to."""
    return m.ToolAssembly.select(m.ToolAssembly.process_id).where(m.ToolAssembly.id == p("id"))


@statement
def delete_of_tool() -> Query:
    """Delete the life records of a tool."""
    return m.ToolLifeRecord.delete().where(m.ToolLifeRecord.tool_id == p("id"))


def add(call: Call, tool: Stored) -> None:
    """Keep what life is expected of a tool from now on, by whom it was set and in which process the tool then was."""
    assembly_id = tool["assembly_id"]
    process_id = None if assembly_id is None else call.db.value(process_of_assembly, id=assembly_id)
    call.db.insert(
        NEW,
        tool_id=tool["id"],
        timestamp=call.now,
        user_id=call.caller.user_id,
        process_id=process_id,
        notes=tool["notes"],
        **{name: tool[name] for name in FIELDS},
    )
