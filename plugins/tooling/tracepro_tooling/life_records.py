"""What life was expected of a tool at each moment: a row each time that changes, never changed afterwards."""

from __future__ import annotations

from typing import Any

from peewee import Query

from tracepro.amounts import to_number
from tracepro.database import Insert, list_rows, p, statement
from tracepro_hookspecs import Call, Row
from tracepro_tooling import models as m
from tracepro_tooling.resource import Stored

FIELDS = ("usage_mode", "part_life", "max_runtime", "day_life")
"""The fields that say what life is expected."""
COLUMNS = ("id", "tool_id", "timestamp", "user_id", "process_id", *FIELDS, "notes")
_NULL_OR_WHOLE = {"type": ["integer", "null"]}
_NUMBER = {
    "timestamp": {"type": "number"},
    "max_runtime": {"type": ["number", "null"]},
    "notes": {"type": "string"},
}
RECORD: dict[str, Any] = {
    "title": "ToolLifeRecord",
    "type": "object",
    "required": list(COLUMNS),
    "properties": {name: _NUMBER.get(name, _NULL_OR_WHOLE) for name in COLUMNS},
    "additionalProperties": False,
}
"""A record as it is answered: the time in UNIX seconds, the runtime in seconds."""
NEW = Insert(m.ToolLifeRecord)


@statement
def process_of_assembly() -> Query:
    """The process that an assembly belongs to."""
    return m.ToolAssembly.select(m.ToolAssembly.process_id).where(m.ToolAssembly.id == p("id"))


@statement
def delete_of_tool() -> Query:
    """Delete the life records of a tool."""
    return m.ToolLifeRecord.delete().where(m.ToolLifeRecord.tool_id == p("id"))


@statement
def records_of_tool() -> Query:
    """The life records of a tool, oldest first."""
    columns = [m.ToolLifeRecord._meta.fields[name] for name in COLUMNS]
    query = m.ToolLifeRecord.select(*columns).where(m.ToolLifeRecord.tool_id == p("id"))
    return query.order_by(m.ToolLifeRecord.id)


def of_tool(call: Call, tool_id: int) -> dict[str, dict[str, Any]]:
    """Return the life records of a tool by their ids."""
    return {str(row[0]): _shown(row) for row in list_rows(call, records_of_tool, id=tool_id)}


def _shown(row: Row) -> dict[str, Any]:
    record = dict(zip(COLUMNS, row, strict=True))
    for name in ("timestamp", "max_runtime"):
        record[name] = None if record[name] is None else to_number(record[name])
    return record


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
