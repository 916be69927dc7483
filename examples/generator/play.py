"""Plays a production: makes the calls one after the other, references resolved."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from examples.generator.production import Ref, Step

Call = Callable[[str, dict[str, Any]], Any]


def play(call: Call, steps: Iterable[Step]) -> dict[str, Any]:
    """Makes every call by ``call(method, params)`` and answers what was saved, by name."""
    saved: dict[str, Any] = {}
    for step in steps:
        answer = call(step.method, resolved(step.params, saved))
        if step.save is not None:
            saved[step.save] = answer
    return saved


def resolved(value: Any, saved: dict[str, Any]) -> Any:
    """A value with its references replaced by what was saved."""
    if isinstance(value, Ref):
        return saved[value.name][value.member]
    if isinstance(value, dict):
        return {key: resolved(inner, saved) for key, inner in value.items()}
    if isinstance(value, list):
        return [resolved(inner, saved) for inner in value]
    return value


def lines(steps: Iterable[Step]) -> Iterator[str]:
    """The calls as JSON lines; a reference is ``{"$ref": "name.member"}``."""
    for step in steps:
        yield json.dumps({"method": step.method, "params": _shown(step.params), "save": step.save})


def _shown(value: Any) -> Any:
    if isinstance(value, Ref):
        return {"$ref": f"{value.name}.{value.member}"}
    if isinstance(value, dict):
        return {key: _shown(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_shown(inner) for inner in value]
    return value
