"""Processes: what a machine does."""

from __future__ import annotations

from tracepro_workplaces import api as workplaces_api

from tracepro_hookspecs import Call
from tracepro_tooling import fields, reasons
from tracepro_tooling import models as m
from tracepro_tooling.fields import INT64_MAX
from tracepro_tooling.resource import Referrers, Resource, Stored

ASSEMBLIES = Referrers("assembly", m.ToolAssembly, "process_id")
PROGRAMS = Referrers("program", m.Program, "process_id")


def workplace_exists(call: Call, wp_id: int) -> bool:
    """Tell whether an id is a workplace's; workplaces are never deleted."""
    return wp_id <= INT64_MAX and workplaces_api.find(call, wp_id) is not None


class Processes(Resource):
    """The processes."""

    what, title, id_name = "process", "Process", "process_id"
    model = m.Process
    not_found = reasons.process_not_found
    fields = (
        fields.name(),
        fields.reference("machine_id", "workplace", workplace_exists),
        fields.long_text("description"),
        fields.flag("archived"),
    )

    def detach(self, call: Call, row: Stored) -> None:
        """Leave its assemblies and programs without a process."""
        ASSEMBLIES.detach(call, row["id"])
        PROGRAMS.detach(call, row["id"])


PROCESSES = Processes()
