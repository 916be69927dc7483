"""The OpenAPI 3.1 document of the REST part, made from the routes' own schemas."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from importlib.metadata import version
from typing import Any, cast

from tracepro.rest.problem import PROBLEM
from tracepro.rest.reading import ID_FIELD, INT64
from tracepro.rest.route import JSON_TYPES, WARNING, BoundRoute
from tracepro.rpc.fragments import INSIDE, described, rewritten
from tracepro_hookspecs import API_VERSION, Route

COMPONENTS = "#/components/schemas/"
JSON = JSON_TYPES[0]
_FIELDS = re.compile(r"\{([^}:]+)[^}]*\}")
_NOT_IN_OPERATION_ID = re.compile(r"[^A-Za-z0-9._-]")

PROBLEM_SCHEMA = {
    "description": "A problem of RFC 9457; `error` is the sentence, `code` the stable word.",
    "type": "object",
    "required": ["type", "title", "status", "detail", "error", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "error": {"type": "string"},
        "code": {"type": "string"},
        "retryable": {"type": "boolean"},
    },
}
KEY_PARAMETER = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same key and request again gets the stored answer: it happens once.",
    "schema": {"type": "string", "maxLength": 128, "pattern": "^[A-Za-z0-9._:-]{8,128}$"},
}
MATCH_PARAMETER = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "description": "The ETag that was read; 412 when somebody changed it since.",
    "schema": {"type": "string"},
}
SECURITY: list[dict[str, list[str]]] = [{"token": []}]
ETAG_HEADER = {
    "description": "What `If-Match` takes to change it only as it is now.",
    "required": True,
    "schema": {"type": "string", "pattern": '^"[0-9a-f]{32}"$'},
}
WARNING_HEADER = {
    "description": "Members of the body that are not known and were left out, percent-encoded.",
    "schema": {"type": "string"},
}


def document(bounds: Iterable[BoundRoute], open_scopes: Collection[str] = ()) -> dict[str, Any]:
    """Return the document of exactly the routes that this site has; ``open_scopes`` are those of callers without a token."""
    paths: dict[str, dict[str, Any]] = {}
    components: dict[str, Any] = {"Problem": PROBLEM_SCHEMA}
    for bound in bounds:
        operation = _operation(bound, components)
        if bound.route.needed_scope in open_scopes:
            operation["security"] = [{}, *SECURITY]
        paths.setdefault(bound.route.path, {})[bound.route.verb.lower()] = operation
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "TracePRO REST API",
            "version": version("tracepro"),
            "x-api-version": API_VERSION,
        },
        "servers": [{"url": "/"}],
        "security": SECURITY,
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(bound: BoundRoute, components: dict[str, Any]) -> dict[str, Any]:
    route = bound.route
    operation = {
        "operationId": _NOT_IN_OPERATION_ID.sub("_", f"{route.verb.lower()}{route.path}").strip("_"),
        "tags": [bound.plugin],
        "summary": route.summary,
        "description": f"Needs the scope `{route.needed_scope}`.",
        "parameters": _parameters(bound, components),
        "responses": _responses(bound, components),
    }
    if bound.takes_body:
        operation["requestBody"] = {"required": True, "content": _content(bound, components)}
    return operation


def _parameters(bound: BoundRoute, components: dict[str, Any]) -> list[dict[str, Any]]:
    route = bound.route
    path = [
        {"name": name, "in": "path", "required": True, "schema": _path_schema(name)}
        for name in _FIELDS.findall(route.path)
    ]
    query = [
        {
            "name": name,
            "in": "query",
            "required": False,
            **_meaning(bound, name),
            "schema": _query_schema(bound, schema, components),
        }
        for name, schema in route.query.items()
    ]
    headers = [KEY_PARAMETER] if bound.endpoint.keyed else []
    if route.if_match:
        headers.append(MATCH_PARAMETER)
    return [*path, *query, *headers]


def _meaning(bound: BoundRoute, name: str) -> dict[str, str]:
    meaning = bound.member_meaning(name)
    return {} if meaning is None else {"description": meaning}


def _path_schema(name: str) -> dict[str, Any]:
    if ID_FIELD.match(name):
        return {"type": "integer", "minimum": 0, "maximum": INT64 - 1}
    return {"type": "string", "minLength": 1, "maxLength": 255}


def _query_schema(bound: BoundRoute, schema: Mapping[str, Any], components: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a query parameter; integers are those of 64 bits, whatever the route says of them."""
    int64 = {"minimum": -INT64, "maximum": INT64 - 1} if schema.get("type") == "integer" else {}
    return {**int64, **_with_components(bound, schema, components)}


def _content(bound: BoundRoute, components: dict[str, Any]) -> dict[str, Any]:
    route = bound.route
    schema = {} if route.body is None else {"schema": _with_components(bound, route.body, components)}
    if route.raw_limit is None:
        return {JSON: schema}
    return dict.fromkeys(route.media_types or ("application/octet-stream",), schema)


def _responses(bound: BoundRoute, components: dict[str, Any]) -> dict[str, Any]:
    route = bound.route
    done = {"content": _answer_content(bound, components), "headers": _answer_headers(route)}
    refused = {"content": {PROBLEM: {"schema": {"$ref": COMPONENTS + "Problem"}}}}
    further = {
        str(status): _response(meaning, done if status < 300 else refused)
        for status, meaning in sorted(route.statuses.items())
    }
    return {
        str(route.status): _response("Done.", done),
        **further,
        "default": _response("A refusal.", refused),
    }


def _response(description: str, parts: Mapping[str, Any]) -> dict[str, Any]:
    return {"description": description, **{name: part for name, part in parts.items() if part}}


def _answer_headers(route: Route) -> dict[str, Any]:
    etag = {"ETag": ETAG_HEADER} if route.etag else {}
    names_unknown = route.body is not None and route.raw_limit is None
    return {**etag, WARNING: WARNING_HEADER} if names_unknown else etag


def _answer_content(bound: BoundRoute, components: dict[str, Any]) -> dict[str, Any]:
    """Return what an answer is, by media type; bytes have no schema."""
    route = bound.route
    if route.answer is not None:
        return {JSON: {"schema": _with_components(bound, route.answer, components)}}
    return {kind: {} for kind in route.answer_types}


def _with_components(
    bound: BoundRoute, schema: Mapping[str, Any], components: dict[str, Any]
) -> dict[str, Any]:
    """Return a schema as the document has it; what it refers to is added to the components."""
    complete = bound.complete(schema)
    definitions = complete.pop("$defs")
    complete.pop("$schema")
    _add_components(complete, definitions, components)
    return cast("dict[str, Any]", described(rewritten(complete, _component_ref), bound.member_meaning))


def _add_components(schema: Any, definitions: Mapping[str, Any], components: dict[str, Any]) -> None:
    for ref in _refs(schema):
        name = ref.removeprefix(INSIDE)
        if name not in components:
            components[name] = None
            _add_components(definitions[name], definitions, components)
            components[name] = rewritten(definitions[name], _component_ref)


def _refs(schema: Any) -> Iterable[str]:
    if isinstance(schema, dict):
        if isinstance(schema.get("$ref"), str):
            yield schema["$ref"]
        for value in schema.values():
            yield from _refs(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from _refs(value)


def _component_ref(ref: str) -> str:
    return COMPONENTS + ref.removeprefix(INSIDE)
