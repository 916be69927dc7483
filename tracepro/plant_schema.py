"""The JSON Schema of a plant file, put together of what each section's rows are checked against and what its members mean."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from tracepro.plugin.assembly import Assembly
from tracepro.plugin.contributions import Registered
from tracepro.rpc.fragments import DRAFT, described, resolve_refs
from tracepro_hookspecs import PlantSection

SCHEMA_MEMBER = "$schema"
"""Where a file may say by which schema an editor checks it; the import leaves it alone."""
_SCHEMA_MEMBER = {
    "description": "Where this schema is, for an editor; the import leaves it alone.",
    "type": "string",
}
Fragments = Mapping[str, Mapping[str, Any]]


def row_schema(section: Registered[PlantSection], fragments: Fragments) -> dict[str, Any]:
    """Return the schema of a section's rows with all that it refers to inside."""
    return resolve_refs(section.declaration.schema, section.plugin, fragments.get(section.plugin, {}))


def file_schema(assembly: Assembly) -> dict[str, Any]:
    """Return the schema of the files that a site takes, its sections each after those it may refer to."""
    sections: dict[str, Any] = {}
    definitions: dict[str, Any] = {}
    for section in assembly.plant_sections:
        row = row_schema(section, assembly.fragments)
        meaning = _meaning(assembly.fragments[section.plugin])
        for name, schema in row.pop("$defs").items():
            definitions[name] = described(schema, meaning, name.removeprefix(f"{section.plugin}."))
        rows = {section.declaration.name: {"type": "array", "items": _without_draft(row)}}
        sections |= described({"properties": rows}, meaning)["properties"]
    return {
        "$schema": DRAFT,
        "title": "A plant file of TracePRO",
        "description": "Sections, each a list of rows; created or updated all or nothing.",
        "type": "object",
        "properties": {SCHEMA_MEMBER: _SCHEMA_MEMBER, **sections},
        "additionalProperties": False,
        "$defs": definitions,
    }


def _without_draft(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in schema.items() if name != "$schema"}


def _meaning(fragment: Mapping[str, Any]) -> Callable[[str], str | None]:
    """Return what a plugin says of a member: in ``x-plant`` by its path, else in ``x-members`` by its name."""
    by_path, by_name = fragment.get("x-plant", {}), fragment.get("x-members", {})
    return lambda path: by_path.get(path) or by_name.get(path.rpartition(".")[2])


def schema_text(assembly: Assembly) -> str:
    """Return that schema as a file has it."""
    return json.dumps(file_schema(assembly), indent=2, ensure_ascii=False) + "\n"
