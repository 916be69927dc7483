"""Tools."""

from __future__ import annotations

from tracepro_hookspecs import Route
from tracepro_tooling.routes.editing import routes_of
from tracepro_tooling.tools import TOOLS

ROUTES: list[Route] = routes_of(TOOLS, "/api/tools/", "tools", ("tool_id", "assembly_id"))
