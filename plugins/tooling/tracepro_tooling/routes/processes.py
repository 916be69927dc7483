"""Processes and their programs."""

from __future__ import annotations

from tracepro_hookspecs import Route
from tracepro_tooling.processes import PROCESSES
from tracepro_tooling.programs import PROGRAMS
from tracepro_tooling.routes.editing import routes_of

ROUTES: list[Route] = [
    *routes_of(
        PROCESSES, "/api/processes/", "processes", {"process_id": "process_id", "machine_id": "wp_id"}
    ),
    *routes_of(PROGRAMS, "/api/programs/", "programs", ("program_id", "process_id")),
]
