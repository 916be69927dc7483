"""Decides about values that the quick validator of a schema does not accept, and says what is wrong with them.

Of a very large value only the first bad part is looked at: jsonschema collects an error for each of a list's items,
and a megabyte of wrong ones would cost minutes.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from jsonschema import Draft202012Validator

from tracepro.rpc.explain import value_refused
from tracepro.rpc.fragments import DRAFT, INSIDE
from tracepro.rpc.validators import Explainer, Fits, quick_validator
from tracepro_hookspecs import InvalidParams

LARGE = 1_000
"""With how many values in it, at any depth, one is more than jsonschema should be asked about."""


class Judge:
    """Decides about the members of an object by the ``properties`` of its schema, which has all it refers to inside."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self._schema = {
            "$schema": DRAFT,
            "properties": schema.get("properties", {}),
            "$defs": schema["$defs"],
        }

    @cached_property
    def _validator(self) -> Draft202012Validator:
        return Explainer(self._schema)

    @cached_property
    def _fits_each(self) -> Mapping[str, Fits]:
        """The quick validator of each member alone."""
        definitions = self._schema["$defs"]
        return {
            name: quick_validator({"$schema": DRAFT, **schema, "$defs": definitions})
            for name, schema in self._schema["properties"].items()
        }

    def refusal(self, values: Mapping[str, Any]) -> InvalidParams | None:
        """Return the refusal of the first member that breaks its schema; None when none does."""
        fits_each = self._fits_each
        doubtful = {
            name: value for name, value in values.items() if name in fits_each and not fits_each[name](value)
        }
        for name, value in doubtful.items():
            if is_large(value):
                return self._large_refused(name, value)
        return value_refused(self._validator, doubtful)

    def _large_refused(self, name: str, value: Any) -> InvalidParams:
        if isinstance(value, list):
            index = _first_bad(value, self._fits_each[name])
            item = value[index]
            refusal = None if is_large(item) else value_refused(self._validator, {name: [item]})
            if refusal is not None:
                told = refusal.info.replace(f"{name}[0]", f"{name}[{index}]", 1)
                told = told.replace("not a list of 1.", f"not a list of {len(value)}.")
                return InvalidParams(name, told, rule=refusal.data["rule"])
            if index == self._most_items(name):
                info = f"Parameter {name} must be a list of at most {index}, not a list of {len(value)}."
                return InvalidParams(name, info, rule="maxItems")
        kind = f"list of {len(value)}" if isinstance(value, list) else "object"
        info = f"Parameter {name} is not what its schema asks for: it is a large {kind} with an error in it."
        return InvalidParams(name, info, rule="schema")

    def _most_items(self, name: str) -> int | None:
        schema = self._schema["properties"][name]
        schema = self._schema["$defs"].get(schema.get("$ref", "").removeprefix(INSIDE), schema)
        bounds = [choice["maxItems"] for choice in (schema, *schema.get("anyOf", ())) if "maxItems" in choice]
        return bounds[0] if bounds else None


def is_large(value: Any) -> bool:
    """Tell whether more values are in a value than jsonschema should be asked about; counting ends there."""
    count, waiting = 0, [value]
    while waiting:
        found = waiting.pop()
        if isinstance(found, (list, dict)):
            count += len(found)
            if count > LARGE:
                return True
            waiting.extend(found.values() if isinstance(found, dict) else found)
    return False


def _first_bad(items: list[Any], fits: Fits) -> int:
    """Find the first item that spoils the list, by halving: what fits costs next to nothing to check."""
    good, bad = 0, len(items)
    while bad - good > 1:
        middle = (good + bad) // 2
        if fits(items[:middle]):
            good = middle
        else:
            bad = middle
    return bad - 1
