"""Readings: what was measured at the workplaces."""

from typing import Any

from peewee import Query
from tracepro_workplaces.api import workplace

from tracepro import clock
from tracepro.database import Insert, p, statement
from tracepro_hookspecs import Call
from tracepro_NAME.models import Reading

NEW = Insert(Reading)


@statement
def latest_of_workplace() -> Query:
    """The last reading of a workplace."""
    readings = Reading.select(Reading.value, Reading.tm).where(Reading.wp_id == p("wp_id"))
    return readings.order_by(Reading.id.desc()).limit(1)


def add(call: Call, wp_id: int, value: int) -> dict[str, Any]:
    """Write down a reading and return it; the workplace must exist."""
    workplace(call, wp_id)
    call.db.insert(NEW, wp_id=wp_id, value=value, tm=call.now)
    return _shown(wp_id, value, call.now)


def latest(call: Call, wp_id: int) -> dict[str, Any] | None:
    """Return the last reading of a workplace, or None for one without."""
    row = call.db.one(latest_of_workplace, wp_id=wp_id)
    return None if row is None else _shown(wp_id, *row)


def _shown(wp_id: int, value: int, tm: int) -> dict[str, Any]:
    return {"wp_id": wp_id, "value": value, "tm": clock.text(tm)}
