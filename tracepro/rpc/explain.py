"""Says in a sentence which parameter breaks which rule; asked only about calls that are refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.exceptions import best_match

from tracepro_hookspecs import InvalidParams

_WORDS = {
    "minimum": "at least {}",
    "maximum": "at most {}",
    "exclusiveMinimum": "more than {}",
    "exclusiveMaximum": "less than {}",
    "minLength": "a text of at least {} characters",
    "maxLength": "a text of at most {} characters",
    "pattern": "a text that matches {}",
    "minItems": "a list of at least {}",
    "maxItems": "a list of at most {}",
    "minProperties": "an object of at least {} members",
    "maxProperties": "an object of at most {} members",
    "const": "{}",
}
_KINDS = {
    bool: "a truth value",
    int: "this number",
    float: "this number",
    dict: "an object",
    type(None): "null",
}


def names_refused(
    method: str, sent: Iterable[str], known: list[str], required: list[str]
) -> InvalidParams | None:
    """Returns the refusal of surplus, misspelt and missing names, None when the names are right."""
    surplus = [name for name in sent if name not in known]
    missing = [name for name in required if name not in sent]
    if surplus:
        return _refused(method, "unknown", surplus, _surplus_sentence(method, surplus, missing, known))
    if missing:
        return _refused(method, "required", missing, f"{method} misses {_listed(missing)}.")
    return None


def _refused(method: str, rule: str, names: list[str], info: str) -> InvalidParams:
    return InvalidParams(names[0][:80], info, rule=rule, parameters=[name[:80] for name in names[:20]])


def _surplus_sentence(method: str, surplus: list[str], missing: list[str], known: list[str]) -> str:
    meant = get_close_matches(surplus[0][:80], missing or known, 1)
    hint = f"; did you mean {meant[0]}?" if meant else f"; it takes {', '.join(known) or 'none'}."
    also = f" and misses {_listed(missing)}" if missing else ""
    return f"{method} has no {_listed(surplus)}{also}{hint}"


def _listed(names: list[str]) -> str:
    word = "parameter" if len(names) == 1 else "parameters"
    return f"{word} {', '.join(name[:80] for name in names[:10])}"


def too_many(method: str, given: int, known: list[str]) -> InvalidParams:
    """Returns the refusal of more positional values than the method has parameters."""
    info = f"{method} takes at most {len(known)} parameters ({', '.join(known)}), not {given}."
    return InvalidParams(known[-1] if known else "", info, rule="surplus")


def value_refused(validator: Draft202012Validator, values: Mapping[str, Any]) -> InvalidParams | None:
    """Returns the refusal of the first value that breaks its schema; None when jsonschema finds nothing wrong."""
    error = next(iter(validator.iter_errors(values)), None)
    if error is None:
        return None
    deepest = best_match([error])
    told = error if "description" in error.schema else deepest
    info = f"Parameter {_where(told.absolute_path)} {_fault(told)}."
    return InvalidParams(_where(list(told.absolute_path)[:1]), info, rule=_rule(deepest))


def _fault(error: ValidationError) -> str:
    """Names the member that is missing or one too many; any other fault is what the value must be."""
    if error.validator == "required":
        missing = [name for name in error.validator_value if name not in error.instance]
        return f"must be an object with {', '.join(missing)}, which it lacks"
    if error.validator == "additionalProperties":
        known = error.schema.get("properties", ())
        surplus = ", ".join([name[:80] for name in error.instance if name not in known][:10])
        return f"must have no other members than {', '.join(known) or 'none'}, but has {surplus}"
    return f"must be {_expected(error)}, not {_shown(error)}"


def _rule(error: ValidationError) -> str:
    return "type" if error.validator == "anyOf" else error.validator


def _where(path: Iterable[Any]) -> str:
    shown = ""
    for step in path:
        shown += f"[{step}]" if isinstance(step, int) else f".{step}" if shown else str(step)
    return shown[:120]


def _expected(error: ValidationError) -> str:
    if "description" in error.schema:
        return str(error.schema["description"])
    if error.validator == "type":
        return _types(error.validator_value)
    if error.validator == "enum":
        return f"one of {', '.join(map(str, error.validator_value))}"
    if error.validator == "anyOf" and all(isinstance(one.get("type"), str) for one in error.validator_value):
        return _types([one["type"] for one in error.validator_value])
    return _WORDS.get(error.validator, "as its schema says").format(error.validator_value)


def _types(types: Any) -> str:
    words = {"integer": "a whole number", "number": "a number", "string": "a text", "boolean": "true or false",
             "array": "a list", "object": "an object", "null": "null"}  # fmt: skip
    return " or ".join(words[one] for one in ([types] if isinstance(types, str) else types))


def _shown(error: ValidationError) -> str:
    """Names the kind of what came, never the value: it may be a secret, or a megabyte."""
    value = error.instance
    if isinstance(value, str):
        return f"a text of {len(value)} characters"
    return f"a list of {len(value)}" if isinstance(value, list) else _KINDS[type(value)]
