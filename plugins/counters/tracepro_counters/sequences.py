"""Sequences: numbers without an end, each given out once."""

from __future__ import annotations

from peewee import Query

from tracepro.database import Insert, p, statement
from tracepro_counters import models as m
from tracepro_hookspecs import Call, InvalidParams, Row

BIGGEST = 2**63 - 1
NEW = Insert(m.Sequence, ignore=True)


@statement
def lock_sequence() -> Query:
    """Lock a sequence by its class and name."""
    same = (m.Sequence.clazz == p("clazz")) & (m.Sequence.name == p("name"))
    return m.Sequence.select(m.Sequence.id, m.Sequence.next).where(same).for_update()


@statement
def update_next() -> Query:
    """Set the number that is given out next."""
    return m.Sequence.update(next=p("next")).where(m.Sequence.id == p("id"))


def reserve(call: Call, clazz: str, name: str, count: int, start: int) -> int:
    """Reserve ``count`` numbers and return the first; a sequence nobody asked before begins with ``start``."""
    number, first = _locked(call, clazz, name, start)
    if first > BIGGEST - count:
        info = f"Sequence {clazz} {name} is at {first}; {count} more are beyond 64 bits."
        raise InvalidParams("count", info)
    call.db.run(update_next, id=number, next=first + count)
    call.changed(f"sequence {clazz} {name}", "next", first, first + count)
    return first


def _locked(call: Call, clazz: str, name: str, start: int) -> Row:
    """Return id and next number of a sequence; two who begin it at once lock the same row."""
    row = call.db.one(lock_sequence, clazz=clazz, name=name)
    if row is None:
        call.db.insert_or_ignore(NEW, clazz=clazz, name=name, next=start)
        row = call.db.one(lock_sequence, clazz=clazz, name=name)
        assert row is not None
    return row
