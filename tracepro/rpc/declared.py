"""Whether the schemas that routes and plant sections declare are schemas; asked once at start."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import SchemaError

from tracepro.findings import Findings
from tracepro.plugin.contributions import Contributions, Registered
from tracepro.rpc.agreement import check_schema
from tracepro.rpc.fragments import resolve_refs
from tracepro_hookspecs import Route


def check_declared(
    brought: Contributions, fragments: Mapping[str, Mapping[str, Any]], findings: Findings
) -> None:
    """Finds schemas of routes and plant sections that are none, or that refer to nothing."""
    for what, registered, schema in _schemas(brought):
        try:
            check_schema(resolve_refs(schema, registered.plugin, fragments.get(registered.plugin, {})))
        except (ValueError, SchemaError) as error:
            said = error.message if isinstance(error, SchemaError) else str(error)
            findings.error(
                f"Plugin {registered.plugin}: {what} has a bad schema: {said.rstrip('.')}; mend it there."
            )


def _schemas(brought: Contributions) -> Iterator[tuple[str, Registered[Any], Mapping[str, Any]]]:
    for name, section in brought.plant_sections.items():
        yield f"plant section {name}", section, section.declaration.schema
    for registered in brought.routes.values():
        for schema in _schemas_of(registered.declaration):
            yield f"route {registered.declaration.verb} {registered.declaration.path}", registered, schema


def _schemas_of(route: Route) -> list[Mapping[str, Any]]:
    return [schema for schema in (route.body, route.answer, *route.query.values()) if schema is not None]
