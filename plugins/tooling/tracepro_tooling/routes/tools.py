"""Tools and their life records."""

from __future__ import annotations

from typing import Any

from tracepro_hookspecs import Call, Request, Route
from tracepro_tooling import life_records
from tracepro_tooling.routes.editing import AVERAGE, LIFE, routes_of
from tracepro_tooling.tools import TOOLS

QUERY: dict[str, dict[str, Any]] = {
    **{name: {"type": "integer"} for name in ("process", "assembly", "inventory_item")},
    "warn_life": {"type": "boolean"},
    **LIFE,
}
LINE_FROM = {
    "tool_id": "tool_id",
    "assembly_id": "assembly_id",
    "process": "process_id",
    "assembly": "assembly_id",
}


def records(call: Call, request: Request) -> dict[str, dict[str, Any]]:
    """Return what life was expected of a tool, and since when."""
    tool_id = request.path["tool_id"]
    TOOLS.get(call, tool_id)
    return life_records.of_tool(call, tool_id)


ROUTES: list[Route] = [
    *routes_of(TOOLS, "/api/tools/", "tools", LINE_FROM, query=QUERY, listed=AVERAGE),
    Route(
        "GET",
        "/api/tools/{tool_id}/life_records",
        records,
        "read",
        "Lists what life was expected of a tool, a record each time that changed.",
        answer={"type": "object", "additionalProperties": life_records.RECORD},
        line_from=("tool_id",),
        statuses={404: "There is no such tool."},
    ),
]
