"""The shared JSON Schemas and the constants of the API; ``shared.json`` has the types every plugin refers to."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def load(name: str) -> dict[str, Any]:
    """Return a schema file of this package by its name without ``.json``; treat it as read-only."""
    schema: dict[str, Any] = json.loads(files(__name__).joinpath(f"{name}.json").read_text("utf-8"))
    return schema


def shared() -> dict[str, dict[str, Any]]:
    """Return the shared types (``Id``, ``Amount``, ``Order`` …) by name."""
    types: dict[str, dict[str, Any]] = load("shared")["$defs"]
    return types


def parameters() -> dict[str, str]:
    """Return what parameters mean whose names every plugin uses alike (``wp_id``, ``workers``, ``tm0`` …)."""
    words: dict[str, str] = load("shared")["x-params"]
    return words
