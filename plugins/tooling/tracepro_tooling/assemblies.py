"""Assemblies: holders of tools in a machine, and which of them work for a process."""

from __future__ import annotations

from peewee import Query, Select

from tracepro.database import p, statement
from tracepro_hookspecs import Call
from tracepro_tooling import fields, reasons
from tracepro_tooling import models as m
from tracepro_tooling.processes import PROCESSES
from tracepro_tooling.resource import Referrers, Resource, Stored

TOOLS = Referrers("tool", m.Tool, "assembly_id")


@statement
def delete_image() -> Query:
    """Delete the picture of an assembly."""
    return m.Image.delete().where(m.Image.kind == "assembly", m.Image.owner_id == p("id"))


def ids_for_process() -> Query:
    """Return a query of the assemblies that work for a process: its own, and shared ones of any process on its machine."""
    process, assembly = m.Process.alias(), m.ToolAssembly
    machine: Select = m.Process.select(m.Process.machine_id).where(m.Process.id == p("id"))
    there = process.select(process.id).where(process.machine_id.in_(machine))
    own = assembly.select(assembly.id).where(assembly.process_id == p("id"))
    other = m.ToolAssembly.alias()
    shared = other.select(other.id).where(other.shared == True, other.process_id.in_(there))  # noqa: E712
    return own | shared


class Assemblies(Resource):
    """The assemblies."""

    what, title, id_name = "assembly", "ToolAssembly", "assembly_id"
    model = m.ToolAssembly
    not_found = reasons.assembly_not_found
    fields = (
        fields.name(),
        fields.text("location"),
        fields.long_text("notes"),
        fields.reference("process_id", "process", PROCESSES.keep),
        fields.flag("shared"),
        fields.shown_text("image_type"),
    )

    def detach(self, call: Call, row: Stored) -> None:
        """Leave its tools without an assembly, and delete its picture."""
        TOOLS.detach(call, row["id"])
        call.db.run(delete_image, id=row["id"])


ASSEMBLIES = Assemblies()
