"""Whether declarations, handlers' signatures and schemas say the same, and the schemas are schemas; asked once at start."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

import jsonschema_rs
from jsonschema import Draft202012Validator, SchemaError

from tracepro.findings import Findings
from tracepro.plugin.contributions import Contributions, Registered
from tracepro.rpc.fragments import recursive_schemas, resolve_refs
from tracepro.rpc.validators import bad_patterns
from tracepro_hookspecs import Method, Route

_NO_DEFAULT = inspect.Parameter.empty


def disagreements(
    method: Method, spec: Mapping[str, Any] | None, plugin: str, fragment: Mapping[str, Any]
) -> Iterator[str]:
    """Yield what doesn't fit, each the end of a sentence that begins with the method's name."""
    if spec is None:
        yield f"has no entry in schemas/{plugin}.json; describe it there."
        return
    malformed = list(_malformed(spec, plugin, fragment))
    yield from malformed or _unlike(method, spec)


def _malformed(spec: Mapping[str, Any], plugin: str, fragment: Mapping[str, Any]) -> Iterator[str]:
    for member in ("summary", "params", "result"):
        if not isinstance(
            spec.get(member), dict if member == "result" else list if member == "params" else str
        ):
            yield f"has no {member} in schemas/{plugin}.json; write it."
            return
    for part in (*spec["params"], spec["result"]):
        if not isinstance(part.get("name"), str) or not isinstance(part.get("schema"), dict):
            yield f"has a parameter or result without name and schema in schemas/{plugin}.json: {part}; give both."
            return
        fault = fault_of(part["schema"], plugin, fragment)
        if fault is not None:
            yield f"has a bad schema for {part['name']}: {fault}; write another."


def fault_of(schema: Mapping[str, Any], plugin: str, fragment: Mapping[str, Any]) -> str | None:
    """Return what is wrong with a schema, without an end; the fast library accepts, the other one (40 ms) explains."""
    try:
        resolved = resolve_refs(schema, plugin, fragment)
        if not jsonschema_rs.meta.is_valid(resolved):
            Draft202012Validator.check_schema(resolved)
    except SchemaError as error:
        return error.message.rstrip(".;")
    except ValueError as error:
        return str(error).rstrip(".;")
    return next(bad_patterns(schema), None)


def _unlike(method: Method, spec: Mapping[str, Any]) -> Iterator[str]:
    described = {param["name"]: param for param in spec["params"]}
    takes = list(inspect.signature(method.handler).parameters.values())[1:]
    if [parameter.name for parameter in takes] != [param["name"] for param in spec["params"]]:
        yield (
            f"takes ({', '.join(parameter.name for parameter in takes)}) but its schema says ({', '.join(described)}); "
            "names and order must be the same."
        )
        return
    for parameter in takes:
        yield from _unlike_default(parameter.name, parameter.default, described[parameter.name])
    for name in method.line_from:
        if name not in described:
            yield f"names {name} in line_from and has no such parameter; name one of its own."
    if method.prepare is not None and (fault := _unprepared(method.prepare, described)):
        yield fault


def _unlike_default(name: str, default: Any, param: Mapping[str, Any]) -> Iterator[str]:
    said = param["schema"].get("default")
    if param.get("required"):
        if default is not _NO_DEFAULT:
            yield f"has a default for {name}, which its schema requires; let both say the same."
    elif default is _NO_DEFAULT:
        yield f"has no default for {name}, which its schema lets clients leave out; let both say the same."
    elif _plain(default) != said or (isinstance(default, bool) != isinstance(said, bool)):
        yield f"has the default {default!r} for {name} and its schema {said!r}; let both say the same."


def _plain(default: Any) -> Any:
    return [_plain(each) for each in default] if isinstance(default, (tuple, list)) else default


def _unprepared(prepare: Callable[..., Any], described: Mapping[str, Any]) -> str | None:
    try:
        inspect.signature(prepare).bind(None, **dict.fromkeys(described))
    except TypeError as error:
        return f"has a prepare step that can't be called with its parameters: {error}."
    return None


def check_declared(
    brought: Contributions, fragments: Mapping[str, Mapping[str, Any]], findings: Findings
) -> None:
    """Find schemas that are none, refer to nothing or to themselves, or have a pattern that is not linear.

    Asked are those of the plugins that ``fragments`` has.
    """
    for plugin, fragment in fragments.items():
        for name in recursive_schemas(fragment):
            findings.error(
                f"Plugin {plugin}: schema {name} of schemas/{plugin}.json refers to itself, and clients' tools never end "
                "unrolling it; describe the inner level as a plain object."
            )
        for name, schema in fragment.get("components", {}).get("schemas", {}).items():
            if wrong := fault_of(schema, plugin, fragment):
                findings.error(
                    f"Plugin {plugin}: schema {name} of schemas/{plugin}.json is a bad one: {wrong}; fix it there."
                )
    for what, registered, schema in _schemas(brought, fragments):
        if fault := fault_of(schema, registered.plugin, fragments[registered.plugin]):
            findings.error(f"Plugin {registered.plugin}: {what} has a bad schema: {fault}; fix it there.")


def _schemas(
    brought: Contributions, plugins: Collection[str]
) -> Iterator[tuple[str, Registered[Any], Mapping[str, Any]]]:
    for name, section in brought.plant_sections.items():
        if section.plugin in plugins:
            yield f"plant section {name}", section, section.declaration.schema
    for registered in brought.routes.values():
        for schema in _schemas_of(registered.declaration) if registered.plugin in plugins else ():
            yield f"route {registered.declaration.verb} {registered.declaration.path}", registered, schema


def _schemas_of(route: Route) -> list[Mapping[str, Any]]:
    return [schema for schema in (route.body, route.answer, *route.query.values()) if schema is not None]
