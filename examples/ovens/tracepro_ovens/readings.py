"""Readings: what the probes of the ovens measured."""

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


def add(call: Call, wp_id: int, celsius: int) -> dict[str, Any]:
    """Write down a reading, in °C, and return it; the workplace must exist."""
    workplace(call, wp_id)
    call.db.insert(NEW, wp_id=wp_id, celsius=celsius, tm=call.now)
    return _shown(wp_id, celsius, call.now)


def latest(call: Call, wp_id: int) -> dict[str, Any] | None:
    """Return the last reading of a workplace, or None for one that is not an oven."""
    row = call.db.one(latest_of_workplace, wp_id=wp_id)
    return None if row is None else _shown(wp_id, *row)


def _shown(wp_id: int, celsius: int, tm: int) -> dict[str, Any]:
    return {"wp_id": wp_id, "celsius": celsius, "tm": clock.text(tm)}
