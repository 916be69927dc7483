"""Says in a sentence which parameter breaks which rule; asked only about calls that are refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.exceptions import best_match

from tracepro.patterns import compiled
from tracepro.rpc.strict_json import flaw
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
_TYPES = {
    "integer": "a whole number",
    "number": "a number",
    "string": "a text",
    "boolean": "true or false",
    "array": "a list",
    "object": "an object",
    "null": "null",
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
    """Return the refusal of surplus, misspelt and missing names, None when the names are right."""
    surplus = [name for name in sent if name not in known]
    missing = [name for name in required if name not in sent]
    if surplus:
        return _refused(method, "unknown", surplus, _surplus_sentence(method, surplus, missing, known))
    if missing:
        return _refused(method, "required", missing, f"{method} is missing {_listed(missing)}.")
    return None


def _refused(method: str, rule: str, names: list[str], info: str) -> InvalidParams:
    return InvalidParams(names[0][:80], info, rule=rule, parameters=[name[:80] for name in names[:20]])


def _surplus_sentence(method: str, surplus: list[str], missing: list[str], known: list[str]) -> str:
    meant = get_close_matches(surplus[0][:80], missing or known, 1)
    hint = f"; did you mean {meant[0]}?" if meant else f"; it takes {', '.join(known) or 'none'}."
    also = f" and is missing {_listed(missing)}" if missing else ""
    return f"{method} has no {_listed(surplus)}{also}{hint}"


def _listed(names: list[str]) -> str:
    word = "parameter" if len(names) == 1 else "parameters"
    return f"{word} {', '.join(name[:80] for name in names[:10])}"


def refuse_flaws(sent: Mapping[str, Any]) -> None:
    """Refuse values with NUL or integers beyond 64 bits in them, by their names. Raises InvalidParams."""
    for name, value in sent.items():
        sentence = flaw(name) or flaw(value)
        if sentence:
            shown = name.replace("\0", "")[:80]
            raise InvalidParams(shown, f"Parameter {shown}: {sentence}.", rule="value")


def too_many(method: str, given: int, known: list[str]) -> InvalidParams:
    """Return the refusal of more positional values than the method has parameters."""
    info = f"{method} takes at most {len(known)} parameters ({', '.join(known)}), not {given}."
    return InvalidParams(known[-1] if known else "", info, rule="surplus")


def value_refused(validator: Draft202012Validator, values: Mapping[str, Any]) -> InvalidParams | None:
    """Return the refusal of the first value that breaks its schema; None when jsonschema finds nothing wrong."""
    error = next(iter(validator.iter_errors(values)), None)
    if error is None:
        return None
    deepest = best_match([error])
    told = error if "description" in _schema(error) else deepest
    subject = f"Parameter {where(told.absolute_path)}" if told.absolute_path else "The body"
    return InvalidParams(_parameter(told), f"{subject} {_fault(told)}.", rule=_rule(deepest))


def _parameter(error: ValidationError) -> str:
    """Return the parameter that is wrong: of a whole body the first member that it lacks, else ``body``."""
    if error.absolute_path:
        return where(list(error.absolute_path)[:1])
    return _missing(error)[0] if error.validator == "required" else "body"


def fault_in(validator: Draft202012Validator, value: Any) -> str | None:
    """Return what a value must be and isn't, the end of a sentence; None when it fits."""
    error = best_match(validator.iter_errors(value))
    return None if error is None else _fault(error)


def _fault(error: ValidationError) -> str:
    """Name the member that is missing or one too many; any other fault is what the value must be."""
    if error.validator == "required":
        return f"must be an object with {', '.join(_missing(error))}, which it lacks"
    if error.validator == "additionalProperties":
        return _surplus_fault(error)
    return f"must be {_expected(error)}, not {_shown(error)}"


def _missing(error: ValidationError) -> list[str]:
    names: Any = error.validator_value
    instance: Any = error.instance
    return [name for name in names if name not in instance]


def _surplus_fault(error: ValidationError) -> str:
    """Name the members that are too many; where any may stand whose name fits a pattern, what the value must be."""
    instance: Any = error.instance
    known = _schema(error).get("properties", ())
    patterns = [compiled(pattern) for pattern in _schema(error).get("patternProperties", ())]
    others = [name for name in instance if not any(pattern.search(name) for pattern in patterns)]
    surplus = ", ".join([name[:80] for name in others if name not in known][:10])
    if patterns:
        return f"must be {_expected(error)}, but has {surplus}"
    return f"must have no other members than {', '.join(known) or 'none'}, but has {surplus}"


def _rule(error: ValidationError) -> str:
    return "type" if error.validator == "anyOf" else str(error.validator)


def _schema(error: ValidationError) -> Mapping[str, Any]:
    return error.schema if isinstance(error.schema, Mapping) else {}


def where(path: Iterable[Any]) -> str:
    """Return the place of a value as a sentence names it: ``bom[0][1]``, ``row.name``."""
    shown = ""
    for step in path:
        shown += f"[{step}]" if isinstance(step, int) else f".{step}" if shown else str(step)
    return shown[:120]


def _expected(error: ValidationError) -> str:
    value: Any = error.validator_value
    if "description" in _schema(error):
        return str(_schema(error)["description"])
    if error.validator == "type":
        return _types(value)
    if error.validator == "enum":
        return f"one of {', '.join(map(str, value))}"
    if error.validator == "anyOf" and all(isinstance(choice.get("type"), str) for choice in value):
        return _types([choice["type"] for choice in value])
    return _WORDS.get(str(error.validator), "as its schema says").format(value)


def _types(types: str | list[str]) -> str:
    return " or ".join(_TYPES[name] for name in ([types] if isinstance(types, str) else types))


def _shown(error: ValidationError) -> str:
    """Name the kind of what came, never the value: it may be a secret, or a megabyte."""
    value = error.instance
    if isinstance(value, str):
        return f"a text of {len(value)} characters"
    return f"a list of {len(value)}" if isinstance(value, list) else _KINDS[type(value)]
