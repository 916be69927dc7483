"""What the API calls; every function here is one JSON-RPC method."""

from __future__ import annotations

from typing import Any

from tracepro_counters import ranges, sequences
from tracepro_hookspecs import Method


def getnext(call: Any, clazz: str, name: str, count: int = 1, start: int = 1) -> int:
    """Reserves numbers of a sequence and returns the first."""
    return sequences.reserve(call, clazz, name, count, start)


def getrangednext(call: Any, name: str, count: int = 1) -> dict[str, int]:
    """Reserves numbers of a range."""
    first, last = ranges.reserve(call, name, count)
    return {"i0": first, "i1": last}


def setrangednext(call: Any, name: str, next_value: int) -> dict[str, Any]:
    """Sets the number a range goes on with."""
    value, last = ranges.set_next(call, name, next_value)
    return {"name": name, "next": value, "last": last}


METHODS = [
    Method("getnext", getnext, "write"),
    Method("getrangednext", getrangednext, "write"),
    Method("setrangednext", setrangednext, "write"),
]
