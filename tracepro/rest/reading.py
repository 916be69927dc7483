"""Reads the parts of an HTTP request against their schemas; whatever doesn't fit is refused naming the field."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from tracepro.calls.errors import NeverCalled
from tracepro.rpc import strict_json
from tracepro.rpc.coercions import BadValue, Coerce, coercion_of, refusal
from tracepro.rpc.explain import refuse_flaws, value_refused
from tracepro.rpc.judge import Judge, is_large
from tracepro.rpc.validators import Explainer, quick_validator
from tracepro_hookspecs import InvalidParams
from tracepro_hookspecs.records import readable

INT64 = 2**63
ID_FIELD = re.compile(r"(.*_)?id\Z")
_INTEGER = re.compile(r"-?[0-9]{1,19}\Z")
_BOOLEANS = {"1": True, "true": True, "0": False, "false": False}


class Checker:
    """Checks values against a schema, fast; what the fast validator refuses, the other one decides and explains.

    Codes in them are trimmed.
    """

    def __init__(self, schema: dict[str, Any]) -> None:
        self._is_valid = quick_validator(schema)
        self._validator = Explainer(schema)
        self._judge = Judge(schema)
        self._coerce = coercion_of(schema, schema)

    def taken(self, value: Any) -> Any:
        """Return a value as handlers get it. Raises InvalidParams naming the field and its rule."""
        if not self._is_valid(value):
            refused = self._large_refused(value) if is_large(value) else value_refused(self._validator, value)
            if refused is not None:
                raise refused
        return value if self._coerce is None else self._coerced(self._coerce, value)

    def _large_refused(self, value: Any) -> InvalidParams:
        refused = self._judge.refusal(value) if isinstance(value, dict) else None
        return refused or InvalidParams("body", "The body is not what its schema asks for.", rule="schema")

    @staticmethod
    def _coerced(coerce: Coerce, value: Any) -> Any:
        try:
            return coerce(value)
        except ValueError as error:
            field, *inside = error.path if isinstance(error, BadValue) else ("body",)
            raise refusal(str(field), BadValue(str(error), tuple(inside))) from None


def path_fields(fields: Mapping[str, str]) -> dict[str, Any]:
    """Return the path's fields, ids as integers. Raises NeverCalled 404 for what can't be one."""
    return {name: _id(text) if ID_FIELD.match(name) else _text(text) for name, text in fields.items()}


def _id(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 19 or int(text) >= INT64:
        raise NeverCalled(
            404, "path-not-found", "An id in the path is a whole number of 64 bits; nothing is there."
        )
    return int(text)


def _text(text: str) -> str:
    if "\0" in text or len(text) > 255:
        raise NeverCalled(
            404,
            "path-not-found",
            "A name in the path has at most 255 characters, no NUL among them; nothing is there.",
        )
    return text


def refuse_unknown_query(sent: Iterable[str], known: Collection[str]) -> None:
    """Refuse a query parameter that a write doesn't have: a misspelt ``dry_run`` or ``undo`` would do what was not meant."""
    for name in sent:
        if name not in known:
            takes = f"it takes {', '.join(known)}" if known else "it takes none"
            raise InvalidParams(
                name, readable(f"There is no query parameter {name[:100]} here; {takes}."), rule="unknown"
            )


def query_values(sent: Mapping[str, Any], schemas: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the declared query parameters that were sent, typed by their schema, and leave out others."""
    values = {}
    for name, schema in schemas.items():
        if name in sent:
            if isinstance(sent[name], list):
                raise InvalidParams(
                    name, f"Query parameter {name} was sent twice; send it once.", rule="twice"
                )
            values[name] = _typed(name, sent[name], schema.get("type", "string"))
    return values


def _typed(name: str, text: str, type_name: str) -> Any:
    try:
        if type_name == "integer":
            return _integer(text)
        if type_name == "number":
            return _number(text)
        if type_name == "boolean":
            return _BOOLEANS[text.lower()]
    except (ValueError, KeyError):
        words = {"integer": "a whole number of 64 bits", "number": "a number", "boolean": "1 or 0"}
        raise InvalidParams(
            name, f"Query parameter {name} must be {words[type_name]}.", rule="type"
        ) from None
    if "\0" in text:
        raise InvalidParams(name, f"Query parameter {name} has a NUL character in it; send it without.")
    return text


def _integer(text: str) -> int:
    if not _INTEGER.match(text) or not -INT64 <= int(text) < INT64:
        raise ValueError
    return int(text)


def _number(text: str) -> int | float:
    if _INTEGER.match(text):
        return _integer(text)
    number = float(text)
    if not abs(number) < 1e300:
        raise ValueError
    return number


def json_body(body: bytes, max_values: int = strict_json.MAX_VALUES) -> Any:
    """Read a JSON body strictly; what its values hold is :func:`storable`'s to judge. Raises NeverCalled 400."""
    try:
        return strict_json.parse(body, max_values)[0]
    except strict_json.BadJson as error:
        raise NeverCalled(400, "bad-json", error.info) from None


def storable(value: Any) -> Any:
    """Return a value with integral floats as integers. Raises InvalidParams naming the field with what no database takes."""
    if not isinstance(value, dict):
        return storable({"body": value})["body"]
    refuse_flaws(value)
    return {name: _integral(name, member) for name, member in value.items()}


def _integral(field: str, value: Any) -> Any:
    if isinstance(value, float):
        if abs(value) >= INT64:
            info = f"Parameter {field}: a number is beyond 64 bits; send a smaller one."
            raise InvalidParams(field, info, rule="value")
        return int(value) if value.is_integer() else value
    if isinstance(value, dict):
        return {name: _integral(field, member) for name, member in value.items()}
    if isinstance(value, list):
        return [_integral(field, item) for item in value]
    return value


def split_unknown(body: Any, schema: Mapping[str, Any]) -> tuple[Any, tuple[str, ...]]:
    """Return the body without members its schema doesn't name, and their names; a schema that allows more keeps all."""
    known = schema.get("properties")
    if not isinstance(body, dict) or known is None or schema.get("additionalProperties", False) is not False:
        return body, ()
    unknown = tuple(name for name in body if name not in known)
    return {name: value for name, value in body.items() if name in known}, unknown
