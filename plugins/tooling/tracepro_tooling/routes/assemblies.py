"""Assemblies."""

from __future__ import annotations

from tracepro_hookspecs import Route
from tracepro_tooling.assemblies import ASSEMBLIES
from tracepro_tooling.routes.editing import routes_of

ROUTES: list[Route] = routes_of(
    ASSEMBLIES, "/api/tools/assemblies/", "assemblies", ("assembly_id", "process_id")
)
