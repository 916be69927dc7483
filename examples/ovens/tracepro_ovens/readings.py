"""Readings: what the probes of the ovens measured."""

from collections.abc import Iterator
from typing import Any

from peewee import Query, fn
from tracepro_workplaces.api import workplace

from tracepro import clock
from tracepro.database import Insert, p, statement
from tracepro_hookspecs import Archive, Call
from tracepro_ovens.models import Reading

_Later = Reading.alias()
_not_the_last = (_Later.wp_id == Reading.wp_id) & (_Later.id > Reading.id)
ARCHIVE = Archive(
    Reading,
    Reading.tm,
    "Temperatures of ovens, but for the last of each.",
    only=fn.EXISTS(_Later.select(_Later.id).where(_not_the_last)),
)
NEW = Insert(Reading)


@statement
def latest_of_workplace() -> Query:
    """The last reading of a workplace."""
    readings = Reading.select(Reading.celsius, Reading.tm).where(Reading.wp_id == p("wp_id"))
    return readings.order_by(Reading.id.desc()).limit(1)


@statement
def reading_at() -> Query:
    """The last reading of a workplace at a time."""
    readings = Reading.select(Reading.celsius, Reading.tm)
    readings = readings.where(Reading.wp_id == p("wp_id"), Reading.tm <= p("tm"))
    return readings.order_by(Reading.tm.desc()).limit(1)


@statement
def next_oven() -> Query:
    """The workplace with readings that comes after another."""
    return Reading.select(Reading.wp_id).where(Reading.wp_id > p("after")).order_by(Reading.wp_id).limit(1)


def add(call: Call, wp_id: int, celsius: int) -> dict[str, Any]:
    """Write down a reading, in °C, and return it; the workplace must exist."""
    workplace(call, wp_id)
    call.db.insert(NEW, wp_id=wp_id, celsius=celsius, tm=call.now)
    return _shown(wp_id, celsius, call.now)


def latest(call: Call, wp_id: int) -> dict[str, Any] | None:
    """Return the last reading of a workplace, or None for one that is not an oven."""
    row = call.db.one(latest_of_workplace, wp_id=wp_id)
    return None if row is None else _shown(wp_id, *row)


def at(call: Call, wp_id: int, tm: int) -> dict[str, Any] | None:
    """Return what an oven had at a time, in microseconds UTC, or None where nothing is known of it."""
    row = call.db.one(reading_at, wp_id=wp_id, tm=tm)
    return None if row is None else _shown(wp_id, *row)


def ovens(call: Call, after: int) -> Iterator[int]:
    """Yield the ids of the workplaces that are ovens, in order, those behind ``after``."""
    while (wp_id := call.db.value(next_oven, after=after)) is not None:
        yield wp_id
        after = wp_id


def _shown(wp_id: int, celsius: int, tm: int) -> dict[str, Any]:
    return {"wp_id": wp_id, "celsius": celsius, "tm": clock.text(tm)}
