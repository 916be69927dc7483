"""Ranges: numbers between a first and a last one, such as MAC addresses somebody bought."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from peewee import Query

from tracepro.database import Insert, p, statement
from tracepro_counters import models as m
from tracepro_counters import reasons
from tracepro_hookspecs import Call, InvalidParams

NEW = Insert(m.Range)


class Range(NamedTuple):
    """A range as it stands; ``next`` is the first number not given out."""

    id: int
    first: int
    last: int
    next: int

    @property
    def left(self) -> int:
        """How many numbers were not given out."""
        return max(self.last - self.next + 1, 0)


@statement
def lock_range() -> Query:
    """Lock a range by its name."""
    columns = (m.Range.id, m.Range.first, m.Range.last, m.Range.next)
    return m.Range.select(*columns).where(m.Range.name == p("name")).for_update()


@statement
def update_next() -> Query:
    """Set the number that is given out next."""
    return m.Range.update(next=p("next")).where(m.Range.id == p("id"))


@statement
def update_ends() -> Query:
    """Change the ends of a range and the number that is given out next."""
    return m.Range.update(first=p("first"), last=p("last"), next=p("next")).where(m.Range.id == p("id"))


def reserve(call: Call, name: str, count: int) -> tuple[int, int]:
    """Reserve ``count`` numbers of a range and return the first and the last of them.

    Raises ``counter-not-found``, and ``range-exhausted`` when too few are left; then none is used up.
    """
    counter = _known(call, name)
    if count > counter.left:
        raise reasons.range_exhausted(name, counter.left, count)
    beyond = counter.next + count
    call.db.run(update_next, id=counter.id, next=beyond)
    call.changed(f"counter {name}", "next", counter.next, beyond)
    return counter.next, beyond - 1


def set_next(call: Call, name: str, value: int) -> tuple[int, int]:
    """Set the number a range goes on with and return it and the last one: the one way to repeat a number."""
    counter = _known(call, name)
    if not counter.first <= value <= counter.last:
        info = f"Counter {name} goes from {counter.first} to {counter.last}; give one of these, not {value}."
        raise InvalidParams("next_value", info)
    call.db.run(update_next, id=counter.id, next=value)
    call.changed(f"counter {name}", "next", counter.next, value)
    return value, counter.last


def put(call: Call, row: Mapping[str, Any]) -> None:
    """Create a range or change its ends; numbers that were given out are not given out again."""
    name, first, last = row["name"], row["first"], row["last"]
    if first > last:
        info = f"Counter {name} goes from {first} to {last}, which is backwards; exchange them."
        raise InvalidParams("ranged_counters", info)
    counter = _find(call, name)
    if counter is None:
        call.db.insert(NEW, name=name, first=first, last=last, next=first)
        _note(call, name, {}, {"first": first, "last": last})
        return
    before = counter._asdict()
    after = {"first": first, "last": last, "next": max(first, counter.next)}
    if after.items() <= before.items():
        return
    call.db.run(update_ends, id=counter.id, **after)
    _note(call, name, before, after)


def _note(call: Call, name: str, before: Mapping[str, int], after: Mapping[str, int]) -> None:
    for field, value in after.items():
        if value != before.get(field):
            call.changed(f"counter {name}", field, before.get(field), value)


def _find(call: Call, name: str) -> Range | None:
    row = call.db.one(lock_range, name=name)
    return None if row is None else Range._make(row)


def _known(call: Call, name: str) -> Range:
    counter = _find(call, name)
    if counter is None:
        raise reasons.counter_not_found(name)
    return counter
