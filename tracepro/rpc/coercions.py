"""What becomes of a parameter's value once it fits its schema.

A parameter of a shared type has the coercion of that type, which may raise ValueError with the end of a sentence
that the caller begins with the parameter's name. In all others ``1.0`` becomes ``1`` wherever the schema asks for
an integer, however deep: JSON has one kind of number, so both schema libraries take 1.0 for an integer, and
Python does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from tracepro import clock
from tracepro.amounts import to_micros
from tracepro.rpc.fragments import INSIDE
from tracepro.rpc.strict_json import INT64_MAX, INT64_MIN

Coerce = Callable[[Any], Any]


class Coercion(NamedTuple):
    """A coercion; a value of the type ``ready`` needs none, which spares the call for most values.

    Neither does null: where a schema takes it, it stays None.
    """

    ready: type | None
    coerce: Coerce


def integer(value: Any) -> int:
    """Take an integral float or a decimal text for the integer it is."""
    number = int(value)
    if not INT64_MIN <= number <= INT64_MAX:
        raise ValueError("must lie within 64 bits")
    return number


def ids(value: Any) -> tuple[int, ...]:
    """Take a list, a text like ``"3, 17"`` or one id; drop duplicates and keep the order."""
    if isinstance(value, str):
        value = [word for word in value.split(",") if word.strip()]
    elif type(value) is not list:
        return (integer(value),)
    elif len(value) == 1 and type(value[0]) is int:
        return (value[0],)
    return tuple(dict.fromkeys(each if type(each) is int else integer(each) for each in value))


def op_act_list(rows: Iterable[Any]) -> tuple[tuple[int | None, int | None], ...]:
    """Take ``[op, act]`` pairs, of which one may be null and never both."""
    pairs = tuple((_or_none(op), _or_none(act)) for op, act in rows)
    if (None, None) in pairs:
        raise ValueError("must name op or act in every pair, not null for both")
    return pairs


def data_rows(rows: Iterable[Any]) -> tuple[tuple[int, str, Any], ...]:
    """Take ``[tp, key, value]`` rows."""
    return tuple((integer(tp), key, value) for tp, key, value in rows)


def mat_rows(rows: Iterable[Any]) -> tuple[tuple[int, str, int, int], ...]:
    """Take ``[wfloormat_id, ref, amount, hole_no]`` rows, the amount becoming millionths."""
    return tuple((integer(lot), ref, amount_in(amount), integer(hole)) for lot, ref, amount, hole in rows)


def amount_in(value: Any) -> int:
    """Return an amount in millionths."""
    try:
        return to_micros(value)
    except ValueError:
        raise ValueError("must be an amount with at most six decimals") from None


def instant_in(zone: ZoneInfo) -> Coerce:
    """Make the coercion of times for a site: an empty one becomes None, the rest microseconds UTC."""

    def coerce(value: Any) -> int | None:
        if value == "":
            return None
        try:
            return clock.parse(value, zone)
        except ValueError:
            raise ValueError(
                "must be a time like 2026-11-20T10:15:00.250Z, of a year from 1 to 9999"
            ) from None

    return coerce


def _or_none(value: Any) -> int | None:
    return None if value is None else integer(value)


def coercions(zone: ZoneInfo) -> dict[str, Coercion]:
    """Return the coercion of every shared type that has one."""
    return {
        "Id": Coercion(int, integer),
        "IdOrNull": Coercion(int, integer),
        "Ids": Coercion(None, ids),
        "Integer": Coercion(int, integer),
        "IntegerOrNull": Coercion(int, integer),
        "Count": Coercion(int, integer),
        "Amount": Coercion(None, amount_in),
        "AmountOrNull": Coercion(None, amount_in),
        "InstantIn": Coercion(None, instant_in(zone)),
        "Boolean": Coercion(bool, bool),
        "OpActList": Coercion(None, op_act_list),
        "DataRows": Coercion(None, data_rows),
        "MatRows": Coercion(None, mat_rows),
    }


def whole_numbers(schema: Any, root: Mapping[str, Any], above: tuple[str, ...] = ()) -> Coerce | None:
    """Make the function for values of ``schema``, whose references lead into ``root``; None when it has nothing to do.

    A schema that contains itself is followed once.
    """
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
        changes += [whole_numbers(choice, root, above) for choice in schema.get(word, ())]
    return _one_after_the_other([change for change in changes if change is not None])


def _one_after_the_other(changes: Sequence[Coerce]) -> Coerce | None:
    if len(changes) < 2:
        return changes[0] if changes else None

    def change(value: Any) -> Any:
        for each in changes:
            value = each(value)
        return value

    return change


def _number(schema: Mapping[str, Any]) -> Coerce | None:
    kinds = schema.get("type", ())
    if "integer" not in ([kinds] if isinstance(kinds, str) else kinds):
        return None
    return lambda value: int(value) if type(value) is float and value.is_integer() else value


def _list(schema: Mapping[str, Any], root: Mapping[str, Any], above: tuple[str, ...]) -> Coerce | None:
    first = [whole_numbers(item, root, above) for item in schema.get("prefixItems", ())]
    rest = whole_numbers(schema.get("items"), root, above)
    if rest is None and not any(first):
        return None

    def change(value: Any) -> Any:
        if type(value) is not list:
            return value
        changes = [*first, *[rest] * (len(value) - len(first))]
        return [each(item) if each else item for each, item in zip(changes, value, strict=False)]

    return change


def _object(schema: Mapping[str, Any], root: Mapping[str, Any], above: tuple[str, ...]) -> Coerce | None:
    known = {
        name: whole_numbers(member, root, above) for name, member in schema.get("properties", {}).items()
    }
    rest = whole_numbers(schema.get("additionalProperties"), root, above)
    if rest is None and not any(known.values()):
        return None

    def change(value: Any) -> Any:
        if type(value) is not dict:
            return value
        return {
            name: each(member) if (each := known.get(name, rest)) else member
            for name, member in value.items()
        }

    return change
