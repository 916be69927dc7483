"""The OpenRPC fragments of the plugins, and schemas with every ``$ref`` resolved inside the schema itself.

A fragment refers to ``shared.json#/$defs/Id`` and to its own ``#/components/schemas/X``. A resolved schema has
both under ``$defs``, its own as ``plugin.X``, so that no validator has to look anything up; only what it refers to,
for a start resolves some hundred schemas and every validator reads all that is in its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

import tracepro_schemas

SHARED = "shared.json#/$defs/"
OWN = "#/components/schemas/"
INSIDE = "#/$defs/"
DRAFT = "https://json-schema.org/draft/2020-12/schema"


def shared_type(schema: Mapping[str, Any]) -> str | None:
    """Return the name of the shared type a schema refers to, None when it is another schema."""
    ref = schema.get("$ref", "")
    return ref.removeprefix(SHARED) if ref.startswith(SHARED) else None


def rewritten(schema: Any, rename: Callable[[str], str]) -> Any:
    """Return a copy of a schema with every ``$ref`` renamed."""
    if isinstance(schema, dict):
        return {
            key: rename(value) if key == "$ref" and isinstance(value, str) else rewritten(value, rename)
            for key, value in schema.items()
        }
    if isinstance(schema, list):
        return [rewritten(inner, rename) for inner in schema]
    return schema


def described(schema: Any, meaning: Callable[[str], str | None], path: str = "") -> Any:
    """Return a copy of a schema whose members say what they mean, where ``meaning`` knows it.

    It is asked with the path of each member: its name after those of the members that it is in, joined by dots. What is
    said takes the place of a ``description``, which has the words that a refusal uses of the value.
    """
    if isinstance(schema, list):
        return [described(each, meaning, path) for each in schema]
    if not isinstance(schema, dict):
        return schema
    copy = {name: described(each, meaning, path) for name, each in schema.items()}
    if isinstance(members := schema.get("properties"), dict):
        copy["properties"] = {
            name: _described_member(each, meaning, f"{path}.{name}" if path else name)
            for name, each in members.items()
        }
    return copy


def _described_member(schema: Any, meaning: Callable[[str], str | None], path: str) -> Any:
    words = meaning(path)
    copy = described(schema, meaning, path)
    return {**copy, "description": words} if words and isinstance(copy, dict) else copy


def resolve_refs(schema: Mapping[str, Any], plugin: str, fragment: Mapping[str, Any]) -> dict[str, Any]:
    """Return a schema that validators can use on its own; one that is resolved already stays as it is.

    Raises ValueError for a reference to nothing.
    """
    own = fragment.get("components", {}).get("schemas", {})
    definitions: dict[str, Any] = dict(schema.get("$defs", {}))

    def rename(ref: str) -> str:
        if ref.startswith(SHARED) and (name := ref.removeprefix(SHARED)) in tracepro_schemas.shared():
            definitions.update(_shared_definitions(name))
            return INSIDE + name
        if ref.startswith(OWN) and (name := ref.removeprefix(OWN)) in own:
            inside = f"{plugin}.{name}"
            if inside not in definitions:
                definitions[inside] = None  # it may refer to itself
                definitions[inside] = rewritten(own[name], rename)
            return INSIDE + inside
        if ref.startswith(INSIDE) and ref.removeprefix(INSIDE) in definitions:
            return ref
        raise ValueError(f"{ref} leads nowhere; refer to {SHARED}… or to the fragment's own {OWN}…")

    body = rewritten(schema, rename)
    return {"$schema": DRAFT, **body, "$defs": definitions}


@cache
def _shared_definitions(name: str) -> Mapping[str, Any]:
    """Return a shared type and those it refers to, directly or through others, by name."""
    types = tracepro_schemas.shared()
    return {each: types[each] for each in (name, *sorted(_reached(name, _shared_uses()) - {name}))}


@cache
def _shared_uses() -> Mapping[str, set[str]]:
    return {name: set(_refs_below(INSIDE, schema)) for name, schema in tracepro_schemas.shared().items()}


def recursive_schemas(fragment: Mapping[str, Any]) -> list[str]:
    """Return the names of a fragment's schemas that refer to themselves, directly or through others.

    Tools that replace every reference by what it refers to, as those of OpenRPC do, never end with such a schema.
    """
    schemas = fragment.get("components", {}).get("schemas", {})
    uses = {name: set(_refs_below(OWN, schema)) for name, schema in schemas.items()}
    return [name for name in uses if name in _reached(name, uses)]


def _refs_below(place: str, schema: Any) -> Iterator[str]:
    """Yield the names that a schema refers to below a place of its document."""
    if isinstance(schema, dict):
        ref = schema.get("$ref")
        if isinstance(ref, str) and ref.startswith(place):
            yield ref.removeprefix(place)
        for inner in schema.values():
            yield from _refs_below(place, inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from _refs_below(place, inner)


def _reached(name: str, uses: Mapping[str, set[str]]) -> set[str]:
    reached: set[str] = set()
    waiting = list(uses[name])
    while waiting:
        if (near := waiting.pop()) not in reached:
            reached.add(near)
            waiting += uses.get(near, ())
    return reached
