"""What the API calls; every function here is one JSON-RPC method."""

from __future__ import annotations

from typing import Any

from tracepro_counters import ranges, sequences
from tracepro_hookspecs import Call, Method


def getnext(call: Call, clazz: str, name: str, count: int = 1, start: int = 1) -> int:
    """Reserve numbers of a sequence and return the first."""
    return sequences.reserve(call, clazz, name, count, start)


def getrangednext(call: Call, name: str, count: int = 1) -> dict[str, int]:
    """Reserve numbers of a range and return the first and the last."""
    first, last = ranges.reserve(call, name, count)
    return {"i0": first, "i1": last}


def setrangednext(call: Call, name: str, next_value: int) -> dict[str, Any]:
    """Set the number a range goes on with and return where it stands."""
    value, last = ranges.set_next(call, name, next_value)
    return {"name": name, "next": value, "last": last}


METHODS = [
    Method("getnext", getnext, "write"),
    Method("getrangednext", getrangednext, "write"),
    Method("setrangednext", setrangednext, "write", plant_wide=True),
]
