"""What the page of a line shows of alerts: how many are open at its machines, and how bad the worst is."""

from __future__ import annotations

from typing import Any

from peewee import Query, fn

from tracepro.database import p, statement
from tracepro_alerts import models as m
from tracepro_hookspecs import Call
from tracepro_hookspecs.records import Line


@statement
def open_at_workplaces() -> Query:
    """How many alerts are open at workplaces, and the severity of the worst."""
    found = m.Alert.select(fn.count(m.Alert.id), fn.max(m.Alert.severity))
    return found.where(m.Alert.processed.is_null(), m.Alert.wp_id.in_(p.integers("wp_ids")))


def panel(call: Call, line: Line) -> dict[str, Any]:
    """Return the panel of a line's open alerts."""
    wp_ids = [machine.wp_id for machine in line.machines]
    count, worst = call.db.rows(open_at_workplaces, wp_ids=wp_ids)[0]
    return {"template": "alerts/line_panel.html", "open": count, "worst": worst}
