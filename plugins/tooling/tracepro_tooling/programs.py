"""Programs: what a process makes of which product, at one step or at any."""

from __future__ import annotations

from peewee import Query

from tracepro.database import p, statement
from tracepro_hookspecs import Call
from tracepro_tooling import fields, reasons
from tracepro_tooling import models as m
from tracepro_tooling.processes import PROCESSES
from tracepro_tooling.resource import Resource, Stored


@statement
def parts_of_program() -> Query:
    """The tools that made parts of a program, and how many."""
    query = m.ToolParts.select(m.ToolParts.tool_id, m.ToolParts.parts)
    return query.where(m.ToolParts.program_id == p("id")).order_by(m.ToolParts.tool_id)


@statement
def forget_parts_of_program() -> Query:
    """Take a program out of the parts of all tools."""
    return m.ToolParts.delete().where(m.ToolParts.program_id == p("id"))


class Programs(Resource):
    """The programs."""

    what, title, id_name = "program", "Program", "program_id"
    model = m.Program
    not_found = reasons.program_not_found
    fields = (
        fields.code("name", required=True),
        fields.reference("process_id", "process", PROCESSES.keep),
        fields.code("item"),
        fields.whole("op", 0, fields.INT64_MAX, null=True),
        fields.flag("archived"),
    )

    def detach(self, call: Call, row: Stored) -> None:
        """Take it out of the parts of tools; how many they made in all stays."""
        for tool_id, parts in call.db.rows(parts_of_program, id=row["id"]):
            call.changed(f"tool {tool_id}", "parts", {str(row["id"]): parts}, {})
        call.db.run(forget_parts_of_program, id=row["id"])


PROGRAMS = Programs()
