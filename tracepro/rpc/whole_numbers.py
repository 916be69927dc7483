"""Turns ``1.0`` into ``1`` wherever a schema asks for an integer, however deep; all else stays as it was sent.

JSON has one kind of number, so both schema libraries take 1.0 for an integer, and Python does not. A schema
that contains itself is followed once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tracepro.rpc.fragments import INSIDE

Change = Callable[[Any], Any]


def whole_numbers(schema: Any, root: Mapping[str, Any], above: tuple[str, ...] = ()) -> Change | None:
    """Makes the function for values of ``schema``, whose references lead into ``root``; None when it has nothing to do."""
    if not isinstance(schema, dict):
        return None
    ref = schema.get("$ref", "")
    if ref in above:
        return None
    changes = [
        _number(schema),
        _list(schema, root, above),
        _object(schema, root, above),
        whole_numbers(root["$defs"].get(ref.removeprefix(INSIDE)), root, (*above, ref)) if ref else None,
    ]
    for word in ("anyOf", "oneOf", "allOf"):
        changes += [whole_numbers(one, root, above) for one in schema.get(word, ())]
    return _one_after_the_other([change for change in changes if change is not None])


def _one_after_the_other(changes: Sequence[Change]) -> Change | None:
    if len(changes) < 2:
        return changes[0] if changes else None

    def change(value: Any) -> Any:
        for each in changes:
            value = each(value)
        return value

    return change


def _number(schema: Mapping[str, Any]) -> Change | None:
    kinds = schema.get("type", ())
    if "integer" not in ([kinds] if isinstance(kinds, str) else kinds):
        return None
    return lambda value: int(value) if type(value) is float and value.is_integer() else value


def _list(schema: Mapping[str, Any], root: Mapping[str, Any], above: tuple[str, ...]) -> Change | None:
    first = [whole_numbers(one, root, above) for one in schema.get("prefixItems", ())]
    rest = whole_numbers(schema.get("items"), root, above)
    if rest is None and not any(first):
        return None

    def change(value: Any) -> Any:
        if type(value) is not list:
            return value
        changes = [*first, *[rest] * (len(value) - len(first))]
        return [each(one) if each else one for each, one in zip(changes, value, strict=False)]

    return change


def _object(schema: Mapping[str, Any], root: Mapping[str, Any], above: tuple[str, ...]) -> Change | None:
    known = {name: whole_numbers(one, root, above) for name, one in schema.get("properties", {}).items()}
    rest = whole_numbers(schema.get("additionalProperties"), root, above)
    if rest is None and not any(known.values()):
        return None

    def change(value: Any) -> Any:
        if type(value) is not dict:
            return value
        return {name: each(one) if (each := known.get(name, rest)) else one for name, one in value.items()}

    return change
