"""Plays a production: makes the calls one after the other, references resolved."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from examples.generator.production import ApiCall, Reference

MakeCall = Callable[[str, dict[str, Any]], Any]
"""Makes the call of a method with its parameters and returns the result."""


def play(make_call: MakeCall, calls: Iterable[ApiCall]) -> dict[str, Any]:
    """Make every call and return the results that were saved, by name."""
    saved: dict[str, Any] = {}
    for call in calls:
        result = make_call(call.method, _resolve(call.params, saved))
        if call.save is not None:
            saved[call.save] = result
    return saved


def _resolve(value: Any, saved: dict[str, Any]) -> Any:
    """Return a value with its references replaced by what was saved."""
    return _replace(value, lambda reference: saved[reference.name][reference.member])


def json_lines(calls: Iterable[ApiCall]) -> Iterator[str]:
    """Yield the calls as JSON lines; a reference is ``{"$ref": "name.member"}``."""
    for call in calls:
        params = _replace(call.params, lambda reference: {"$ref": f"{reference.name}.{reference.member}"})
        yield json.dumps({"method": call.method, "params": params, "save": call.save})


def _replace(value: Any, replacement: Callable[[Reference], Any]) -> Any:
    """Return a JSON value with every reference in it replaced."""
    if isinstance(value, Reference):
        return replacement(value)
    if isinstance(value, dict):
        return {key: _replace(inner, replacement) for key, inner in value.items()}
    if isinstance(value, list):
        return [_replace(inner, replacement) for inner in value]
    return value
