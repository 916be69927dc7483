"""The two validators of a schema: a quick one that accepts, and one that decides and explains about the rest.

Neither runs a pattern in an engine that goes back and tries again, and none sees a text beyond its bound.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any

import jsonschema_rs
import orjson
from jsonschema import Draft202012Validator, ValidationError
from jsonschema.validators import extend

from tracepro.patterns import compiled

LONGEST_TEXT = 65_535
"""How long a text may be, in characters, where its schema has a pattern and no ``maxLength``."""
_OF_ECMA = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|.)", re.DOTALL)
_VALUES = frozenset(("const", "default", "enum", "examples"))
_BY_NAME = frozenset(("properties", "patternProperties", "$defs", "dependentSchemas"))
Fits = Callable[[Any], bool]


def quick_validator(schema: dict[str, Any]) -> Fits:
    """Return the function that accepts values; its patterns run in a linear engine."""
    return jsonschema_rs.validator_for(schema, pattern_options=jsonschema_rs.RegexOptions()).is_valid


def promise_fault(validator: jsonschema_rs.Validator, answer: Any) -> str | None:
    """Return the sentence that says where an answer is not what its schema promises, without its values; None where it is."""
    error = next(validator.iter_errors(answer), None)
    if error is None:
        return None
    place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in error.instance_path)
    return f"it answers what its schema doesn't promise: result{place}: {error.message}"


def promise_validator(schema: dict[str, Any]) -> jsonschema_rs.Validator:
    """Return the validator of answers, whose sentences show no value."""
    return jsonschema_rs.validator_for(schema, mask="it")


def as_re2(pattern: str) -> str:
    """Return a pattern of JSON Schema as RE2 writes it; ``\\uXXXX`` is what differs among what both take."""
    return _OF_ECMA.sub(lambda found: f"\\x{{{found[1]}}}" if found[1] else found[0], pattern)


def bad_patterns(schema: Any) -> Iterator[str]:
    """Yield what is wrong with the patterns of a schema, sentences that name each; references are not followed."""
    if isinstance(schema, list):
        for inner in schema:
            yield from bad_patterns(inner)
    elif isinstance(schema, Mapping):
        if {"patternProperties", "unevaluatedProperties"} <= schema.keys():
            yield "unevaluatedProperties runs patternProperties in Python's engine; write additionalProperties"
        for pattern in _patterns(schema):
            if fault := _fault(pattern):
                yield f"the pattern {pattern!r} {fault}"
        for word, inner in schema.items():
            if word in _BY_NAME and isinstance(inner, Mapping):
                yield from bad_patterns(list(inner.values()))
            elif word not in _VALUES:
                yield from bad_patterns(inner)


def _fault(pattern: str) -> str | None:
    try:
        compiled(as_re2(pattern))
        quick_validator({"pattern": pattern})
    except jsonschema_rs.ValidationError:
        return "is one that only RE2 takes, and not the regex crate of Rust, which runs it too"
    except ValueError as error:
        return str(error)
    return None


def _patterns(schema: Mapping[str, Any]) -> Iterator[str]:
    if isinstance(schema.get("pattern"), str):
        yield schema["pattern"]
    if isinstance(schema.get("patternProperties"), Mapping):
        yield from schema["patternProperties"]


def _matches(pattern: str, text: str) -> bool:
    return compiled(as_re2(pattern)).search(text) is not None


def _pattern(
    validator: Draft202012Validator, pattern: str, value: Any, schema: Mapping[str, Any]
) -> Iterator[ValidationError]:
    """Judge a text by its pattern; one that is too long is wrong without asking it, and ``maxLength`` says so if there is one."""
    if not isinstance(value, str):
        return
    if len(value) > schema.get("maxLength", LONGEST_TEXT):
        if "maxLength" not in schema:
            yield ValidationError(f"{pattern!r} is asked about at most {LONGEST_TEXT} characters")
    elif not _matches(pattern, value):
        yield ValidationError(f"{pattern!r} is not matched")


def _pattern_properties(
    validator: Draft202012Validator, patterns: Mapping[str, Any], value: Any, schema: Mapping[str, Any]
) -> Iterator[ValidationError]:
    if isinstance(value, dict):
        for pattern, inner in patterns.items():
            for name in [name for name in value if _matches(pattern, name)]:
                yield from validator.descend(value[name], inner, path=name, schema_path=pattern)


def _additional_properties(
    validator: Draft202012Validator, allowed: Any, value: Any, schema: Mapping[str, Any]
) -> Iterator[ValidationError]:
    if not isinstance(value, dict):
        return
    known, patterns = schema.get("properties", {}), schema.get("patternProperties", {})
    extra = [
        name for name in value if name not in known and not any(_matches(each, name) for each in patterns)
    ]
    if allowed is False and extra:
        yield ValidationError("there are more members than the schema names")
    elif isinstance(allowed, dict):
        for name in extra:
            yield from validator.descend(value[name], allowed, path=name)


def _unique_items(
    validator: Draft202012Validator, wanted: Any, value: Any, schema: Mapping[str, Any]
) -> Iterator[ValidationError]:
    if wanted and isinstance(value, list) and len({_identity(item) for item in value}) < len(value):
        yield ValidationError("an item stands twice")


def _identity(item: Any) -> Any:
    """Return what is equal for equal JSON values only: true is not 1, and 1.0 is."""
    if isinstance(item, (list, dict)):
        return orjson.dumps(item, option=orjson.OPT_SORT_KEYS)
    return isinstance(item, bool), item


def _multiple_of(
    validator: Draft202012Validator, divisor: Any, value: Any, schema: Mapping[str, Any]
) -> Iterator[ValidationError]:
    """0.3 is a multiple of 0.1, whatever binary fractions say."""
    if validator.is_type(value, "number") and Fraction(str(value)) % Fraction(str(divisor)):
        yield ValidationError(f"is not a multiple of {divisor}")


Explainer: type[Draft202012Validator] = extend(  # type: ignore[no-untyped-call]
    Draft202012Validator,
    {
        "pattern": _pattern,
        "patternProperties": _pattern_properties,
        "additionalProperties": _additional_properties,
        "uniqueItems": _unique_items,
        "multipleOf": _multiple_of,
    },
)
"""Draft 2020-12, with every keyword that runs a pattern or compares all pairs made linear, and decimal steps exact."""
