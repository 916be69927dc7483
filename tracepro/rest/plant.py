"""``POST /api/plant``: a plant file over HTTP, so that nobody needs a shell on the server to add a worker."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from tracepro import plant_file
from tracepro.plant_schema import file_schema
from tracepro.rest.problem import HttpProblem
from tracepro.rest.reading import json_body, storable
from tracepro_hookspecs import Call, Request, Route

if TYPE_CHECKING:
    from tracepro.site import Site

LIMIT = 16_000_000
MAX_ROWS = 200_000
MAX_ROWS_ONE_WRITER = 10_000
"""Where all other writes wait for the file."""
MAX_VALUES = 1_500_000
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
        body=file_schema(site.assembly),
        answer=ANSWER,
        raw_limit=LIMIT,
        media_types=("application/json",),
        prepare=partial(_checked, site),
        alone=True,
    )


def _checked(site: Site, call: Call, request: Request) -> list[plant_file.Part]:
    document = json_body(request.body, MAX_VALUES)
    limit = MAX_ROWS_ONE_WRITER if site.store.dialect == "sqlite" else MAX_ROWS
    if (rows := plant_file.count_rows(document)) > limit:
        raise _too_many(rows, limit)
    return plant_file.prepare(call, plant_file.checked(site, storable(document)))


def _too_many(rows: int, limit: int) -> HttpProblem:
    return HttpProblem(
        413,
        "Too many rows",
        f"The file has {rows} rows and would keep all other writes waiting; over {limit} rows stop the server "
        "and use tracepro import.",
        type="too-many-rows",
    )


def _load(call: Call, request: Request) -> dict[str, Any]:
    return {"sections": plant_file.load(call, call.prepared)}
