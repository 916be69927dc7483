"""The REST API of this plugin: a module for each part of it, thin."""

from __future__ import annotations

from tracepro_hookspecs import Route
from tracepro_tooling.routes import assemblies, inventory, pictures, processes, replacements, tools

ROUTES: list[Route] = [
    *tools.ROUTES,
    *assemblies.ROUTES,
    *processes.ROUTES,
    *inventory.ROUTES,
    *replacements.ROUTES,
    *pictures.ROUTES,
]
