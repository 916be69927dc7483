"""The OpenRPC fragments of the plugins, and schemas with every ``$ref`` resolved inside the schema itself.

A fragment refers to ``shared.json#/$defs/Id`` and to its own ``#/components/schemas/X``. A resolved schema has
both under ``$defs``, its own as ``plugin.X``, so that no validator has to look anything up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
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


def resolve_refs(schema: Any, plugin: str, fragment: Mapping[str, Any]) -> dict[str, Any]:
    """Return a schema that validators can use on its own. Raises ValueError for a reference to nothing."""

    def rename(ref: str) -> str:
        return INSIDE + _target(ref, plugin, fragment)

    body = rewritten(schema, rename)
    own = fragment.get("components", {}).get("schemas", {})
    used = {f"{plugin}.{name}": rewritten(value, rename) for name, value in own.items()}
    return {"$schema": DRAFT, **body, "$defs": {**tracepro_schemas.shared(), **used}}


def _target(ref: str, plugin: str, fragment: Mapping[str, Any]) -> str:
    if ref.startswith(SHARED) and (name := ref.removeprefix(SHARED)) in tracepro_schemas.shared():
        return name
    own = fragment.get("components", {}).get("schemas", {})
    if ref.startswith(OWN) and (name := ref.removeprefix(OWN)) in own:
        return f"{plugin}.{name}"
    raise ValueError(f"{ref} leads nowhere; refer to {SHARED}… or to the fragment's own {OWN}…")
