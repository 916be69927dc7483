"""Sequences: numbers without an end, each given out once."""

from __future__ import annotations

from typing import Any

from tracepro.database import Insert, Statement, p
from tracepro_counters import models as m
from tracepro_hookspecs import InvalidParams

BIGGEST = 2**63 - 1

NEXT = Statement(lambda: (
    m.Sequence.select(m.Sequence.id, m.Sequence.next)
    .where((m.Sequence.clazz == p("clazz")) & (m.Sequence.name == p("name"))).for_update()
))  # fmt: skip
NEW = Insert(m.Sequence, ignore=True)
MOVE = Statement(lambda: m.Sequence.update(next=p("next")).where(m.Sequence.id == p("id")))


def reserve(call: Any, clazz: str, name: str, count: int, start: int) -> int:
    """Reserves ``count`` numbers and returns the first; a sequence nobody asked before begins with ``start``."""
    row = call.db.one(NEXT, clazz=clazz, name=name)
    if row is None:
        call.db.insert_or_ignore(NEW, clazz=clazz, name=name, next=start)
        row = call.db.one(NEXT, clazz=clazz, name=name)
    number, first = row
    if first > BIGGEST - count:
        raise InvalidParams(
            "count", f"Sequence {clazz} {name} is at {first}; {count} more are beyond 64 bits."
        )
    call.db.run(MOVE, id=number, next=first + count)
    return first
