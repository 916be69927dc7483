"""The section ``ranged_counters`` of the plant file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tracepro.database import Insert, Statement, p
from tracepro_counters import models as m
from tracepro_counters.ranges import BY_NAME
from tracepro_hookspecs import InvalidParams, PlantSection

NEW = Insert(m.Range)
CHANGE = Statement(lambda: (
    m.Range.update(first=p("first"), last=p("last"), next=p("next")).where(m.Range.id == p("id"))
))  # fmt: skip

NUMBER = {"$ref": "shared.json#/$defs/Integer"}
SCHEMA = {
    "type": "object",
    "required": ["name", "first", "last"],
    "properties": {
        "name": {"type": "string", "minLength": 1, "maxLength": 255},
        "first": NUMBER,
        "last": NUMBER,
    },
    "additionalProperties": False,
}


def load(call: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    """Creates ranges or changes their ends; numbers that were given out are not given out again."""
    for row in rows:
        name, first, last = row["name"], row["first"], row["last"]
        if first > last:
            raise InvalidParams(
                "ranged_counters", f"Counter {name} goes from {first} to {last}, which is backwards."
            )
        known = call.db.one(BY_NAME, name=name)
        if known is None:
            call.db.insert(NEW, name=name, first=first, last=last, next=first)
        else:
            call.db.run(CHANGE, id=known[0], first=first, last=last, next=max(first, known[3]))


SECTIONS = [PlantSection("ranged_counters", SCHEMA, load)]
