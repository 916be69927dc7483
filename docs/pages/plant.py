"""docs/plant.md: the plant file, section by section; and its JSON Schema, which tracepro_schemas ships."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pages.declared import assembly
from pages.markdown import MADE, linked, readme, table
from tracepro.plant_schema import file_schema, schema_text
from tracepro.rpc.fragments import INSIDE
from tracepro_hookspecs import PlantSection

Schema = Mapping[str, Any]
INTRODUCTION = """\
What a plant has, as JSON: an object of sections, each a list of rows. `tracepro import FILE` or `POST /api/plant` creates or
updates what the rows say, all or nothing; twice is once. How rows are found and what happens to what they leave out is in
[rules.md](rules.md#plant-files); [examples/plant.json](../examples/plant.json) is the demo plant.

An editor checks a plant file while it is written, and shows what each member means, with the JSON Schema: `tracepro import --schema >
plant.schema.json` prints that of your site, own plugins included, and `"$schema": "plant.schema.json"` as the first member of the file
names it. That of all plugins here is [schemas/tracepro_schemas/plant.json](../schemas/tracepro_schemas/plant.json), which is installed
with the package `tracepro_schemas`.

A site knows the sections of the plugins that are enabled; any other is refused. They are loaded in this order, whatever their order in the
file, so that a row may name what comes before it. Members in **bold** a row must have. A **code** is what a scanner may read: a text of
at most 255 characters without invisible ones; white space around it and a scanner's AIM identifier before it are taken off.

The schema tells what a row may look like. What rows say together only the import judges: what no two may share, and whether what a row
names is there.
"""
SHORT = {"Code": "a code", "CodeOrNull": "a code or null"}
"""What the introduction explains."""


def schema() -> str:
    """Return the schema of a file with the sections of all plugins."""
    return schema_text(assembly())


def page() -> str:
    """Return the page."""
    whole = file_schema(assembly())
    sections = (_section(each.declaration, each.plugin, whole) for each in assembly().plant_sections)
    return "\n".join(["# The plant file\n", MADE, INTRODUCTION, _contents(), *sections])


def _contents() -> str:
    rows = (
        (linked("", each.declaration.name, each.declaration.name), readme(each.plugin))
        for each in assembly().plant_sections
    )
    return table(("section", "plugin"), rows)


def _section(section: PlantSection, plugin: str, whole: Schema) -> str:
    rows = whole["properties"][section.name]
    parts = [
        f"## {section.name}\n",
        f"{rows['description']} Plugin {readme(plugin)}.\n",
        _unique(section, whole),
    ]
    return "\n".join(
        [*parts, table(("member", "what it is", "what it means"), _members(rows["items"], whole))]
    )


def _unique(section: PlantSection, whole: Schema) -> str:
    """Return the sentence of what no two rows may share, as the section's ``keys`` say it of rows with all and with few members."""
    if section.keys is None:
        return ""
    row = whole["properties"][section.name]["items"]
    full, least = (_sample(row, whole, every=every) for every in (True, False))
    always = dict.fromkeys(key.what for key in section.keys(full) if key.value is not None)
    alone = dict.fromkeys(
        key.what for key in section.keys(least) if key.value is not None and key.what not in always
    )
    said = [*map(_quoted, always), *(f"{_quoted(what)} where a row has no `id`" for what in alone)]
    return f"No two rows share: {'; '.join(said)}.\n"


def _quoted(what: str) -> str:
    return re.sub(r"\b[a-z]+_[a-z_]+\b|\bid\b|^name\b|^username$", lambda found: f"`{found[0]}`", what)


def _sample(schema: Schema, whole: Schema, *, every: bool) -> Any:
    """Return a value that fits in its types; an object has every member, or those it must have."""
    schema = _resolved(schema, whole)
    if "enum" in schema:
        return schema["enum"][0]
    if "anyOf" in schema:
        return _sample(schema["anyOf"][0], whole, every=every)
    if "properties" in schema:
        names = schema["properties"] if every else schema.get("required", ())
        return {name: _sample(schema["properties"][name], whole, every=every) for name in names}
    kind = schema.get("type", "string")
    if kind == "array":
        return [_sample(schema["items"], whole, every=every)] if every else []
    return {"string": "x", "boolean": True, "object": {}}.get(kind if isinstance(kind, str) else kind[0], 1)


def _resolved(schema: Schema, whole: Schema) -> Schema:
    """Return a schema with the words of what it refers to in their place, its own before those."""
    if "$ref" not in schema:
        return schema
    return {**_resolved(whole["$defs"][schema["$ref"].removeprefix(INSIDE)], whole), **schema}


def _members(row: Schema, whole: Schema, inside: str = "") -> Iterator[tuple[str, str, str]]:
    row = _resolved(row, whole)
    for name, member in row.get("properties", {}).items():
        shown = f"`{inside}{name}`"
        yield (
            f"**{shown}**" if name in row.get("required", ()) else shown,
            _kind(member, whole),
            member["description"],
        )
        yield from _members(member.get("items", {}), whole, f"{inside}{name}[].")


def _kind(schema: Schema, whole: Schema) -> str:
    """Return what a value is, in words; for a type that all plugins share, in the words of refusals."""
    if "$ref" in schema:
        return _shared(schema["$ref"].removeprefix(INSIDE), whole) + ", not empty" * bool(
            schema.get("minLength")
        )
    if "enum" in schema:
        return "one of " + ", ".join(f"`{value}`" for value in schema["enum"])
    if "anyOf" in schema:
        return " or ".join(_kind(each, whole) for each in schema["anyOf"])
    kinds = (
        [schema["type"]] if isinstance(schema.get("type"), str) else schema.get("type", ["any JSON value"])
    )
    return " or ".join(_bounded(kind, schema, whole) for kind in kinds)


def _shared(name: str, whole: Schema) -> str:
    return SHORT.get(name) or str(whole["$defs"][name]["description"])


def _bounded(kind: str, schema: Schema, whole: Schema) -> str:
    if kind == "array":
        return f"a list of {_plural(schema, whole)}"
    if kind == "string":
        return f"a text of at most {schema['maxLength']} characters" + ", not empty" * bool(
            schema.get("minLength")
        )
    if kind in ("integer", "number"):
        return (
            f"{'a whole number' if kind == 'integer' else 'a number'} from {schema['minimum']}{_most(schema)}"
        )
    return {"boolean": "true or false", "object": "an object"}.get(kind, kind)


def _most(schema: Schema) -> str:
    most = schema.get("maximum", 2**63)
    return "" if most >= 2**63 - 1 else f" to {most}"


def _plural(schema: Schema, whole: Schema) -> str:
    items = _resolved(schema["items"], whole)
    if "properties" in items:
        return "objects"
    return {"integer": "ids", "string": "texts"}[items["type"]]
