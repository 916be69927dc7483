"""``POST /api/plant``: a plant file over HTTP, so that nobody needs a shell on the server to add a worker."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from tracepro import plant_file
from tracepro.rest.problem import HttpProblem
from tracepro.rest.reading import json_body, storable
from tracepro_hookspecs import Call, Request, Route

if TYPE_CHECKING:
    from tracepro.site import Site

LIMIT = 16_000_000
MAX_ROWS = 10_000
ANSWER = {
    "type": "object",
    "required": ["sections"],
    "properties": {"sections": {"type": "object", "additionalProperties": {"type": "integer"}}},
}


def plant_route(site: Site) -> Route:
    """Return the route; what a file may have is known to the site."""
    return Route(
        verb="POST",
        path="/api/plant",
        handler=_load,
        access="write",
        summary="Creates or updates what a plant file says, all or nothing.",
        scope="admin",
        answer=ANSWER,
        raw_limit=LIMIT,
        media_types=("application/json",),
        prepare=partial(_checked, site),
        alone=True,
    )


def _checked(site: Site, call: Call, request: Request) -> list[plant_file.Part]:
    parts = plant_file.checked(site, storable(json_body(request.body)))
    rows = sum(len(part.rows) for part in parts)
    if rows > MAX_ROWS and site.store.dialect == "sqlite":
        raise HttpProblem(
            413,
            "Too many rows",
            f"The file has {rows} rows and would keep all other writes waiting; over {MAX_ROWS} rows stop the server "
            "and use tracepro import.",
            type="too-many-rows",
        )
    return parts


def _load(call: Call, request: Request) -> dict[str, Any]:
    return {"sections": plant_file.load(call, call.prepared)}
