"""Forms that a person fills in: a JSON Schema of plain fields, as a screen shows them and as the answer is judged.

A form is an object whose properties are texts, numbers, yes or no, or a choice (``enum``); nothing is nested. A field that is
null is not filled in, nor is a required text of blanks only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import msgspec
from jsonschema import Draft202012Validator

from tracepro.rpc.agreement import fault_of
from tracepro.rpc.explain import fault_in
from tracepro.rpc.validators import LONGEST_TEXT, Explainer
from tracepro_hookspecs.records import readable

__all__ = ["BadForm", "Field", "Form", "form_of"]

MOST_FIELDS = 100
LONGEST_NAME = 80
KEPT = 256
LOWEST, HIGHEST = -(2**63), 2**63 - 1
"""The whole numbers of the API; a field that is filled in with 1e300 would keep another one."""
KINDS = ("string", "integer", "number", "boolean")
_OF_FORM = frozenset(
    ("$schema", "$comment", "type", "title", "description", "properties", "required", "additionalProperties")
)
_SHOWN = frozenset(("title", "description", "default", "examples", "format", "$comment"))
_JUDGED = frozenset(
    ("type", "enum", "minLength", "maxLength", "pattern", "minimum", "maximum")
    + ("exclusiveMinimum", "exclusiveMaximum", "multipleOf")
)
_SCALARS = (str, int, float)


class BadForm(ValueError):
    """A schema is not one of a form; the text is the end of a sentence."""


class Field(msgspec.Struct, frozen=True):
    """A field as a screen needs it; ``type`` is string, integer, number, boolean or choice."""

    name: str
    title: str
    type: str
    required: bool
    choices: list[Any] | None


class Form:
    """A form, ready to judge what was filled in; ``fields`` are in the order of the schema."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        for fault in _faults(schema):
            raise BadForm(fault)
        properties, required = schema["properties"], set(schema.get("required", ()))
        self.fields = [_field(name, each, required) for name, each in properties.items()]
        self._validators = {name: _validator(each) for name, each in properties.items()}

    def judge(self, filled: Mapping[str, Any]) -> dict[str, str]:
        """Return a sentence about each field that is wrong, by its name; empty when all are right."""
        unknown = [name for name in filled if name not in self._validators]
        faults = {name: self._unknown(name) for name in unknown[:MOST_FIELDS]}
        for field in self.fields:
            if fault := self._fault(field, filled.get(field.name)):
                faults[field.name] = f"{field.title} {fault}."
        return {name: readable(sentence) for name, sentence in faults.items()}

    def values(self, filled: Mapping[str, Any]) -> dict[str, Any]:
        """Return what was filled in, by field in the form's order; a whole number is one however it was written."""
        given = ((field, filled.get(field.name)) for field in self.fields)
        return {
            field.name: int(value) if field.type == "integer" else value
            for field, value in given
            if value is not None
        }

    def _fault(self, field: Field, value: Any) -> str | None:
        if value is None or (field.required and isinstance(value, str) and not value.strip()):
            return "must be filled in" if field.required else None
        return fault_in(self._validators[field.name], value)

    def _unknown(self, name: str) -> str:
        known = ", ".join(field.name for field in self.fields) or "none"
        return f"There is no field {name[:LONGEST_NAME]}; the fields are {known}."


def form_of(schema: Mapping[str, Any]) -> Form:
    """Return the form of a schema; equal schemas make one form. Raises BadForm."""
    try:
        text = msgspec.json.encode(schema)
    except (TypeError, ValueError, RecursionError) as error:
        raise BadForm(f"it is not JSON ({error})") from None
    return _form_of_text(text)


@lru_cache(KEPT)
def _form_of_text(text: bytes) -> Form:
    return Form(msgspec.json.decode(text))


def _field(name: str, schema: Mapping[str, Any], required: set[str]) -> Field:
    kind = "choice" if "enum" in schema else schema["type"]
    return Field(name, schema.get("title") or name, kind, name in required, schema.get("enum"))


def _validator(schema: Mapping[str, Any]) -> Draft202012Validator:
    judged = {word: value for word, value in schema.items() if word in _JUDGED}
    if judged.get("type") == "integer":
        lowest, highest = judged.get("minimum", LOWEST), judged.get("maximum", HIGHEST)
        judged |= {"minimum": max(lowest, LOWEST), "maximum": min(highest, HIGHEST)}
    return Explainer({"maxLength": LONGEST_TEXT, **judged})


def _faults(schema: Mapping[str, Any]) -> Iterator[str]:
    if fault := fault_of(schema, "", {}):
        yield fault
    properties = schema.get("properties")
    if schema.get("type") != "object" or not isinstance(properties, dict):
        yield 'it must have "type": "object" and its fields in "properties"'
        return
    if len(properties) > MOST_FIELDS:
        yield f"it has {len(properties)} fields; at most {MOST_FIELDS} are filled in"
    if schema.get("additionalProperties", False) is not False:
        yield "a form has no other fields than its own; leave additionalProperties out"
    yield from (f"{word} is nothing a form has" for word in schema.keys() - _OF_FORM)
    yield from (
        f"{name} is required and no field of it"
        for name in schema.get("required", ())
        if name not in properties
    )
    for name, each in properties.items():
        yield from _field_faults(name, each)


def _field_faults(name: str, schema: Any) -> Iterator[str]:
    if not isinstance(schema, dict):
        yield f"the field {name!r} has no schema"
        return
    yield from (
        f"{word} of the field {name!r} is nothing a field has" for word in schema.keys() - _SHOWN - _JUDGED
    )
    if "enum" in schema:
        if not schema["enum"] or not all(isinstance(choice, _SCALARS) for choice in schema["enum"]):
            yield f"the choices of the field {name!r} must be texts, numbers, true or false, and one at least"
    elif schema.get("type") not in KINDS:
        yield f"the field {name!r} must be of type {', '.join(KINDS)} or have an enum"
