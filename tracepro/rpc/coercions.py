"""What becomes of a value once it fits its schema.

A parameter of a shared type has the coercion of that type, which may raise ValueError with the end of a sentence
that the caller begins with the parameter's name. In all others, and in rows of plant files, :func:`coercion_of` finds
what is to be done however deep: codes are trimmed, and ``1.0`` becomes ``1`` where the schema asks for an integer.
JSON has one kind of number, so both schema libraries take 1.0 for an integer, and Python does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from tracepro import clock
from tracepro.amounts import to_micros
from tracepro.codes import LONGEST, code
from tracepro.rpc.explain import where
from tracepro.rpc.fragments import INSIDE
from tracepro.rpc.strict_json import INT64_MAX, INT64_MIN
from tracepro_hookspecs import InvalidParams
from tracepro_schemas import defs

Coerce = Callable[[Any], Any]
T = TypeVar("T")
_COMPONENTS = (defs.DATA_TP_COMPONENT, defs.DATA_TP_COMPONENT_OUT)
_CODE_KEYS = (defs.DATA_TP_SLOT, *_COMPONENTS)


class BadValue(ValueError):
    """A value inside another that can't be taken; ``path`` leads to it."""

    def __init__(self, info: str, path: tuple[str | int, ...]) -> None:
        super().__init__(info)
        self.path = path


def refusal(name: str, error: ValueError) -> InvalidParams:
    """Return the refusal of a parameter for the error of its coercion."""
    path = error.path if isinstance(error, BadValue) else ()
    return InvalidParams(name, f"Parameter {where((name, *path))} {error}.", rule="value")


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
    """Take ``[tp, key, value]`` rows; slot names, reference designators and components' values are codes."""
    return tuple([_data_row(index, row) for index, row in enumerate(rows)])


def _data_row(index: int, row: Sequence[Any]) -> tuple[int, str, Any]:
    tp, key, value = row
    if type(tp) is not int:
        tp = integer(tp)
    if tp in _CODE_KEYS:
        key = _inside((index, 1), code, key)
    elif len(key) > LONGEST:
        raise BadValue(f"must be a text of at most {LONGEST} characters, not {len(key)}", (index, 1))
    if tp in _COMPONENTS and isinstance(value, str):
        value = _inside((index, 2), code, value)
    return tp, key, value


def mat_rows(rows: Iterable[Any]) -> tuple[tuple[int, str, int, int], ...]:
    """Take ``[wfloormat_id, ref, amount, hole_no]`` rows, the amount becoming millionths."""
    return tuple(_mat_row(index, row) for index, row in enumerate(rows))


def _mat_row(index: int, row: Sequence[Any]) -> tuple[int, str, int, int]:
    lot, ref, amount, hole = row
    return (
        _inside((index, 0), integer, lot),
        _inside((index, 1), code, ref),
        _inside((index, 2), amount_in, amount),
        _inside((index, 3), integer, hole),
    )


def reel_label(text: str) -> str:
    """Take line ends, tabs and blanks off; the AIM identifier stays, for the rules for labels read it."""
    return text.strip("\r\n\t ")


def amount_in(value: Any) -> int:
    """Return an amount in millionths."""
    try:
        return to_micros(value)
    except ValueError:
        raise ValueError("must be an amount with at most six decimals") from None


class Instants:
    """The coercion of times for a site: an empty one becomes None, the rest microseconds UTC."""

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone = zone

    def __call__(self, value: Any) -> int | None:
        """Take one time."""
        if value == "":
            return None
        try:
            return clock.parse(value, self.zone)
        except ValueError:
            raise ValueError(
                "must be a time like 2026-11-20T10:15:00.250Z, of a year from 1 to 9999"
            ) from None

    def take_later_end(self, arguments: dict[str, Any], sent: Mapping[str, Any]) -> None:
        """Make ``tm1`` the second of its two instants where only that one lies after ``tm0``.

        Clocks that are put back tell a local time twice.
        """
        begin, end = arguments.get("tm0"), arguments.get("tm1")
        if begin is None or end is None or end >= begin:
            return
        second = clock.parse(sent["tm1"], self.zone, second=True)
        if second >= begin:
            arguments["tm1"] = second


def _id_or_any(value: Any) -> int | None:
    return None if value == "" else integer(value)


def _or_none(value: Any) -> int | None:
    return None if value is None else integer(value)


def coercions(zone: ZoneInfo) -> dict[str, Coercion]:
    """Return the coercion of every shared type that has one."""
    return {
        "Id": Coercion(int, integer),
        "IdOrNull": Coercion(int, integer),
        "IdOrAny": Coercion(int, _id_or_any),
        "Ids": Coercion(None, ids),
        "Integer": Coercion(int, integer),
        "IntegerOrNull": Coercion(int, integer),
        "Count": Coercion(int, integer),
        "ReelLabel": Coercion(None, reel_label),
        "Code": Coercion(None, code),
        "CodeOrNull": Coercion(None, code),
        "Amount": Coercion(None, amount_in),
        "AmountOrNull": Coercion(None, amount_in),
        "InstantIn": Coercion(None, Instants(zone)),
        "Boolean": Coercion(bool, bool),
        "OpActList": Coercion(None, op_act_list),
        "DataRows": Coercion(None, data_rows),
        "MatRows": Coercion(None, mat_rows),
    }


def coercion_of(schema: Any, root: Mapping[str, Any], above: tuple[str, ...] = ()) -> Coerce | None:
    """Make the function for values of ``schema``, whose references lead into ``root``; None when it has nothing to do.

    It raises ValueError with the end of a sentence. A schema that contains itself is followed once.
    """
    if not isinstance(schema, dict):
        return None
    ref = schema.get("$ref", "")
    if ref in above:
        return None
    if ref == f"{INSIDE}Code":
        return lambda value: code(value) if type(value) is str else value
    changes = [
        _number(schema),
        _list(schema, root, above),
        _object(schema, root, above),
        coercion_of(root["$defs"].get(ref.removeprefix(INSIDE)), root, (*above, ref)) if ref else None,
    ]
    for word in ("anyOf", "oneOf", "allOf"):
        changes += [coercion_of(choice, root, above) for choice in schema.get(word, ())]
    return _one_after_the_other([change for change in changes if change is not None])


def _one_after_the_other(changes: Sequence[Coerce]) -> Coerce | None:
    if len(changes) < 2:
        return changes[0] if changes else None

    def change(value: Any) -> Any:
        for each in changes:
            value = each(value)
        return value

    return change


def _inside(path: tuple[str | int, ...], change: Callable[[Any], T], value: Any) -> T:
    """Change a value inside another. Raises BadValue, which names the path to it."""
    try:
        return change(value)
    except ValueError as error:
        deeper = error.path if isinstance(error, BadValue) else ()
        raise BadValue(str(error), (*path, *deeper)) from None


def _number(schema: Mapping[str, Any]) -> Coerce | None:
    kinds = schema.get("type", ())
    if "integer" not in ([kinds] if isinstance(kinds, str) else kinds):
        return None
    return lambda value: int(value) if type(value) is float and value.is_integer() else value


def _list(schema: Mapping[str, Any], root: Mapping[str, Any], above: tuple[str, ...]) -> Coerce | None:
    first = [coercion_of(item, root, above) for item in schema.get("prefixItems", ())]
    rest = coercion_of(schema.get("items"), root, above)
    if rest is None and not any(first):
        return None

    def change(value: Any) -> Any:
        if type(value) is not list:
            return value
        changes = [*first, *[rest] * (len(value) - len(first))]
        return [
            _inside((index,), each, item) if each else item
            for index, (each, item) in enumerate(zip(changes, value, strict=False))
        ]

    return change


def _object(schema: Mapping[str, Any], root: Mapping[str, Any], above: tuple[str, ...]) -> Coerce | None:
    known = {name: coercion_of(member, root, above) for name, member in schema.get("properties", {}).items()}
    rest = coercion_of(schema.get("additionalProperties"), root, above)
    if rest is None and not any(known.values()):
        return None

    def change(value: Any) -> Any:
        if type(value) is not dict:
            return value
        return {
            name: _inside((name,), each, member) if (each := known.get(name, rest)) else member
            for name, member in value.items()
        }

    return change
