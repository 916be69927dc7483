"""Readings: what the probes of the ovens said."""

from tracepro_workplaces.api import workplace

from tracepro import clock
from tracepro.database import Insert, Statement, p
from tracepro_ovens.models import Reading

NEW = Insert(Reading)
LATEST = Statement(
    lambda: Reading.select(Reading.celsius, Reading.tm).where(Reading.wp_id == p("wp_id"))
    .order_by(Reading.id.desc()).limit(1)
)  # fmt: skip


def add(call, wp_id, celsius):
    """Writes down a reading, in °C, and gives it back; the workplace must exist."""
    workplace(call, wp_id)
    call.db.insert(NEW, wp_id=wp_id, celsius=celsius, tm=call.now)
    return _shown(wp_id, celsius, call.now)


def latest(call, wp_id):
    """Gives the last reading of a workplace, or None for one that is no oven."""
    row = call.db.one(LATEST, wp_id=wp_id)
    return row and _shown(wp_id, *row)


def _shown(wp_id, celsius, tm):
    return {"wp_id": wp_id, "celsius": celsius, "tm": clock.text(tm)}
