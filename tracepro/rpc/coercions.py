"""What becomes of a parameter's value once it fits its schema, by the name of its shared type.

A coercion raises ValueError with the end of a sentence, which the caller begins with the parameter's name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from tracepro import clock
from tracepro.amounts import to_micros
from tracepro.rpc.careful_json import INT64_MAX, INT64_MIN

Coerce = Callable[[Any], Any]


class Coercion(NamedTuple):
    """A coercion; a value of the type ``ready`` needs none, which spares the call for most values.

    Neither does null: where a schema takes it, it stays None.
    """

    ready: type | None
    coerce: Coerce


def integer(value: Any) -> int:
    """Takes an integral float or a decimal text for the integer it is."""
    number = int(value)
    if not INT64_MIN <= number <= INT64_MAX:
        raise ValueError("must lie within 64 bits")
    return number


def ids(value: Any) -> tuple[int, ...]:
    """Takes a list, a text like ``"3, 17"`` or one id; drops duplicates and keeps the order."""
    if isinstance(value, str):
        value = [part for part in value.split(",") if part.strip()]
    elif type(value) is not list:
        return (integer(value),)
    elif len(value) == 1 and type(value[0]) is int:
        return (value[0],)
    return tuple(dict.fromkeys(one if type(one) is int else integer(one) for one in value))


def op_act_list(rows: Iterable[Any]) -> tuple[tuple[int | None, int | None], ...]:
    """Takes ``[op, act]`` pairs, of which one may be null and never both."""
    pairs = tuple((_or_none(op), _or_none(act)) for op, act in rows)
    if (None, None) in pairs:
        raise ValueError("must name op or act in every pair, not null for both")
    return pairs


def data_rows(rows: Iterable[Any]) -> tuple[tuple[int, str, Any], ...]:
    """Takes ``[tp, key, value]`` rows."""
    return tuple((integer(tp), key, value) for tp, key, value in rows)


def mat_rows(rows: Iterable[Any]) -> tuple[tuple[int, str, int, int], ...]:
    """Takes ``[wfloormat_id, ref, amount, hole_no]`` rows, the amount becoming millionths."""
    return tuple((integer(lot), ref, amount_in(amount), integer(hole)) for lot, ref, amount, hole in rows)


def amount_in(value: Any) -> int:
    """Takes an amount and gives millionths."""
    try:
        return to_micros(value)
    except ValueError:
        raise ValueError("must be an amount with at most six decimals") from None


def instant_in(zone: ZoneInfo) -> Coerce:
    """Makes the coercion of times for a site: an empty one becomes None, the rest microseconds UTC."""

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
    """Returns the coercion of every shared type that has one."""
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
