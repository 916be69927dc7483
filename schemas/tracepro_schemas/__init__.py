"""The shared JSON Schemas and the constants of the API; ``shared.json`` has the types every plugin refers to."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def load(name: str) -> dict[str, Any]:
    """Returns a schema file of this package by its name without ``.json``; treat it as read-only."""
    return json.loads(files(__name__).joinpath(f"{name}.json").read_text("utf-8"))


def shared() -> dict[str, dict[str, Any]]:
    """Returns the shared types (``Id``, ``Amount``, ``Order`` …) by name."""
    return load("shared")["$defs"]
