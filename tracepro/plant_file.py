"""The plant file: what a plant has, as JSON, created or updated all or nothing; twice is once."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import tracepro_hookspecs
from tracepro.access.caller import SYSTEM
from tracepro.calls.call import Call
from tracepro.calls.command import run_command
from tracepro.calls.invocation import Endpoint
from tracepro.config.options import did_you_mean
from tracepro.plant_schema import SCHEMA_MEMBER, row_schema
from tracepro.plugin.contributions import Registered
from tracepro.rpc.coercions import Coerce, coercion_of, refusal
from tracepro.rpc.judge import Judge
from tracepro.rpc.validators import quick_validator
from tracepro.site import Site
from tracepro_hookspecs import InvalidParams, PlantSection, RowKey
from tracepro_hookspecs.declare import Rows


@dataclass(frozen=True)
class Part:
    """A section of a file with its rows, checked against its schema."""

    section: PlantSection
    rows: Rows


def checked(site: Site, document: Any) -> list[Part]:
    """Return the parts of a plant file, each after those it may refer to.

    Raises InvalidParams naming the section, the row and what is wrong with it, both rows where one stands there twice.
    """
    if not isinstance(document, dict):
        raise InvalidParams("plant", "A plant file is a JSON object of sections, each a list of rows.")
    known = site.contributions.plant_sections
    if not isinstance(document.get(SCHEMA_MEMBER, ""), str):
        raise InvalidParams(SCHEMA_MEMBER, f"{SCHEMA_MEMBER} of a plant file is a text, where its schema is.")
    for name in document:
        if name not in known and name != SCHEMA_MEMBER:
            raise _unknown(name, known)
    return [
        Part(section.declaration, _checked_rows(site, section, document[section.declaration.name]))
        for section in site.assembly.plant_sections
        if section.declaration.name in document
    ]


def prepare(call: tracepro_hookspecs.Call, parts: Sequence[Part]) -> list[Part]:
    """Have the plugins do what takes long before the transaction; ``call`` reads a snapshot."""
    return [
        part if part.section.prepare is None else replace(part, rows=part.section.prepare(call, part.rows))
        for part in parts
    ]


def count_rows(document: Any) -> int:
    """Return how many rows the sections of a plant file have; it may be one that :func:`checked` refuses."""
    sections = document.values() if isinstance(document, dict) else ()
    return sum(len(rows) for rows in sections if isinstance(rows, list))


def load(
    call: tracepro_hookspecs.Call, parts: Sequence[Part], tell: Callable[[int], object] = lambda count: None
) -> dict[str, int]:
    """Have the plugins create or update the rows in the call's transaction; return the rows of each section.

    ``tell(count)`` is called with the ``count`` rows of each section that is done.
    """
    for part in parts:
        part.section.load(call, part.rows)
        tell(len(part.rows))
    return row_counts(parts)


def row_counts(parts: Sequence[Part]) -> dict[str, int]:
    """Return the number of rows of each section."""
    return {part.section.name: len(part.rows) for part in parts}


IMPORT = Endpoint("tracepro import", plugin="core", handler=load, access="write", scope="admin")


def import_parts(
    site: Site, parts: Sequence[Part], tell: Callable[[int], object] = lambda count: None
) -> dict[str, int]:
    """Load a checked file in a transaction of its own, with its audit row; for commands."""
    prepared = site.store.read(lambda db: prepare(Call(site, db, SYSTEM), parts))
    return run_command(site, IMPORT, row_counts(parts), lambda call: load(call, prepared, tell))


def _unknown(name: str, known: Mapping[str, Any]) -> InvalidParams:
    return InvalidParams(
        name,
        f"Section {name[:80]!r} of the plant file belongs to no plugin that is enabled here; enable its plugin in "
        f"plugins.ini or leave the section out; {did_you_mean(name, known)}",
    )


def _checked_rows(site: Site, registered: Registered[PlantSection], rows: Any) -> Rows:
    name = registered.declaration.name
    if not isinstance(rows, list):
        raise InvalidParams(name, f"Section {name} of the plant file must be a list of rows.")
    schema = row_schema(registered, site.fragments)
    fits = quick_validator(schema)
    for number, row in enumerate(rows, 1):
        if not fits(row):
            _judge(schema, name, number, row)
    coerce = coercion_of(schema, schema)
    if coerce is not None:
        rows = [_coerced(coerce, name, number, row) for number, row in enumerate(rows, 1)]
    _refuse_twice(registered.declaration, rows)
    return list(rows)


def _refuse_twice(section: PlantSection, rows: Rows) -> None:
    """Refuse two rows, or two entries inside rows, that share what the section says none may share."""
    if section.keys is None:
        return
    seen: dict[tuple[str, Hashable], tuple[int, str]] = {}
    for number, row in enumerate(rows, 1):
        for key in section.keys(row):
            if key.value is None:
                continue
            first = seen.setdefault((key.what, key.value), (number, key.place))
            if first != (number, key.place):
                raise _twice(section.name, key, first, (number, key.place))


def _twice(name: str, key: RowKey, first: tuple[int, str], second: tuple[int, str]) -> InvalidParams:
    places = [f"row {number}" + (f" ({place})" if place else "") for number, place in (first, second)]
    values = key.value if isinstance(key.value, tuple) else (key.value,)
    shown = "" if key.secret else f" ({', '.join(map(str, values))[:100]})"
    info = f"Section {name} of the plant file has the same {key.what}{shown} twice, in {' and '.join(places)}; correct one or leave it out."
    rows = [first[0], second[0]]
    return InvalidParams(f"{name}[{second[0] - 1}]", info, rule="twice", row=second[0], rows=rows)


def _coerced(coerce: Coerce, name: str, number: int, row: Any) -> Any:
    try:
        return coerce(row)
    except ValueError as error:
        said = refusal(name, error).info.removeprefix("Parameter ")
        raise _wrong_row(name, number, row, said, "value") from None


def _judge(schema: dict[str, Any], name: str, number: int, row: Any) -> None:
    one = {"properties": {name: schema}, "$defs": schema["$defs"]}
    refusal = Judge(one).refusal({name: row})
    if refusal is not None:
        raise _wrong_row(name, number, row, refusal.info.removeprefix("Parameter "), refusal.data["rule"])


def _wrong_row(name: str, number: int, row: Any, said: str, rule: str) -> InvalidParams:
    info = f"Row {number} of {name}{_name_of(row)}: {said} Fix the row and send the file again."
    return InvalidParams(f"{name}[{number - 1}]", info, rule=rule, row=number)


def _name_of(row: Any) -> str:
    if not isinstance(row, dict):
        return ""
    named = [f"{key} {row[key]}" for key in ("id", "name", "code") if isinstance(row.get(key), (str, int))]
    return f" ({', '.join(named)[:100]})" if named else ""
