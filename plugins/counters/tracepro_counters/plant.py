"""The section ``ranged_counters`` of the plant file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tracepro_counters import ranges
from tracepro_hookspecs import Call, PlantSection, row_keys

NUMBER = {"$ref": "shared.json#/$defs/Integer"}
SCHEMA = {
    "type": "object",
    "required": ["name", "first", "last"],
    "properties": {
        "name": {"$ref": "shared.json#/$defs/Code", "minLength": 1},
        "first": NUMBER,
        "last": NUMBER,
    },
    "additionalProperties": False,
}


def load(call: Call, rows: Sequence[Mapping[str, Any]]) -> None:
    """Create ranges or change their ends."""
    for row in rows:
        ranges.put(call, row)


SECTIONS = [PlantSection("ranged_counters", SCHEMA, load, row_keys("name"))]
