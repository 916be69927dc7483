"""``rpc.discover``: one OpenRPC document of exactly the methods this site has, put together once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, partial
from importlib.metadata import version
from typing import Any

import msgspec

import tracepro_schemas
from tracepro.calls.invocation import encode_json
from tracepro.rpc.coercions import coercions
from tracepro.rpc.fragments import OWN, SHARED, rewritten
from tracepro.rpc.methods import BoundMethod
from tracepro.rpc.site import Site
from tracepro_hookspecs import API_VERSION, Call, Method

NAME = "rpc.discover"
OPENRPC = "1.4.0"
DESCRIPTION = (
    "JSON-RPC 2.0 over HTTP POST to /api/. Parameters go by position or by name. "
    "Beside the errors that it lists, a method may answer -32602 invalid-params, -32002 scope-missing, -32003 throttled, "
    "-32000 busy or database-unavailable, -32600 answer-too-large, -32004 key-in-progress and -32005 key-reused with an "
    "Idempotency-Key, 1004 plugin-off where its plugin is off on a line that it touches, and 1000 with plugin-failed or "
    "with the reasons of plugins that check what it does."
)
_SPEC = {
    "name": NAME,
    "summary": "Describes the methods of this site.",
    "params": [],
    "result": {"name": "document", "schema": {"type": "object"}},
}


def discover_method(site: Site) -> BoundMethod:
    """Return the method that answers the document; it is encoded at its first call."""

    @cache
    def encoded() -> msgspec.Raw:
        return msgspec.Raw(encode_json(document(site)))

    def discover(call: Call) -> msgspec.Raw:
        return encoded()

    return BoundMethod(Method(NAME, discover, "read"), "core", _SPEC, {}, coercions(site.zone))


def document(site: Site) -> dict[str, Any]:
    """Return the OpenRPC document of a site."""
    fragments = {plugin.name: plugin.fragment for plugin in site.plugins}
    return {
        "openrpc": OPENRPC,
        "info": {
            "title": "TracePRO",
            "version": version("tracepro"),
            "description": DESCRIPTION,
            "x-api-version": API_VERSION,
        },
        "methods": [_method(bound, fragments.get(bound.plugin, {})) for bound in site.methods.values()],
        "components": {"schemas": _schemas(fragments)},
    }


def _method(bound: BoundMethod, fragment: Mapping[str, Any]) -> dict[str, Any]:
    method, spec = bound.method, bound.spec
    described = {
        "name": method.name,
        "summary": spec["summary"],
        "description": spec.get("description", spec["summary"]),
        "tags": [{"name": bound.plugin}],
        "paramStructure": "either",
        "params": [_described(_descriptor(param, bound.plugin), fragment) for param in spec["params"]],
        "result": _descriptor(spec["result"], bound.plugin),
        "errors": [_error(error, fragment) for error in spec.get("errors", ())],
        "examples": list(spec.get("examples", ())),
        "x-access": method.access,
        "x-scope": method.needed_scope,
        "x-secret": method.secret,
    }
    if spec.get("deprecated"):
        described["deprecated"] = True
    return described


def _descriptor(described: Mapping[str, Any], plugin: str) -> dict[str, Any]:
    return {**described, "schema": rewritten(described["schema"], partial(_shown, plugin))}


def _described(param: dict[str, Any], fragment: Mapping[str, Any]) -> dict[str, Any]:
    """Add to a parameter what its name means, in its plugin or in all of them."""
    words = {**tracepro_schemas.parameters(), **fragment.get("x-params", {})}
    meaning = words.get(param["name"])
    return {"description": meaning, **param} if meaning else param


def _error(error: Mapping[str, Any], fragment: Mapping[str, Any]) -> dict[str, Any]:
    """Add to an error what its stable code means."""
    meaning = fragment.get("x-codes", {}).get(error["message"])
    return {**error, "data": {"info": meaning}} if meaning and "data" not in error else dict(error)


def _shown(plugin: str, ref: str) -> str:
    if ref.startswith(OWN):
        return f"{OWN}{plugin}.{ref.removeprefix(OWN)}"
    return OWN + ref.removeprefix(SHARED).removeprefix("#/$defs/")


def _schemas(fragments: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    schemas: dict[str, Any] = rewritten(tracepro_schemas.shared(), partial(_shown, ""))
    for plugin, fragment in fragments.items():
        own = fragment.get("components", {}).get("schemas", {})
        for name, schema in own.items():
            schemas[f"{plugin}.{name}"] = rewritten(schema, partial(_shown, plugin))
    return schemas
