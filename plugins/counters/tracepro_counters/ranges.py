"""Ranges: numbers between a first and a last one, such as MAC addresses somebody bought."""

from __future__ import annotations

from typing import Any

from tracepro.database import Statement, p
from tracepro_counters import models as m
from tracepro_hookspecs import InvalidParams, NotFound, Reason, Refused

BY_NAME = Statement(lambda: (
    m.Range.select(m.Range.id, m.Range.first, m.Range.last, m.Range.next)
    .where(m.Range.name == p("name")).for_update()
))  # fmt: skip
MOVE = Statement(lambda: m.Range.update(next=p("next")).where(m.Range.id == p("id")))


def reserve(call: Any, name: str, count: int) -> tuple[int, int]:
    """Reserves ``count`` numbers of a range and returns the first and the last of them.

    Raises ``counter-not-found``, and ``range-exhausted`` when too few are left; then none is used up.
    """
    number, _, last, first = _row(call, name)
    if count > last - first + 1:
        left = max(last - first + 1, 0)
        info = f"Counter {name} has {left} numbers left, {count} are needed; get a new range and import it."
        raise Refused([Reason("range-exhausted", info)])
    call.db.run(MOVE, id=number, next=first + count)
    return first, first + count - 1


def set_next(call: Any, name: str, value: int) -> tuple[int, int]:
    """Sets the number a range goes on with and returns it and the last one: the one way to repeat a number."""
    number, first, last, before = _row(call, name)
    if not first <= value <= last:
        raise InvalidParams(
            "next_value", f"Counter {name} goes from {first} to {last}; {value} is not in it."
        )
    call.db.run(MOVE, id=number, next=value)
    call.changed(f"counter {name}", "next", before, value)
    return value, last


def _row(call: Any, name: str) -> tuple[int, int, int, int]:
    row = call.db.one(BY_NAME, name=name)
    if row is None:
        raise NotFound("counter-not-found", f"There is no counter {name}; the plant file creates them.")
    return row
