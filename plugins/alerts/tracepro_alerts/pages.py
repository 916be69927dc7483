"""What people see of alerts: the open ones, oldest first; one is processed with its form."""

from __future__ import annotations

from typing import Any

from tracepro_workplaces import api as workplaces_api

from tracepro_alerts import alerts
from tracepro_alerts.alerts import Subject
from tracepro_hookspecs import Call, Page, Request


def _read(call: Call, request: Request) -> dict[str, Any]:
    target = request.query.get("target", "")
    searched = Subject(None, None, target or None, None)
    found, more = alerts.page_of_open(call, searched, request.query.get("after", 0))
    return {"target": target, "alerts": [_shown(call, alert) for alert in found], "more": more}


def _shown(call: Call, alert: dict[str, Any]) -> dict[str, Any]:
    """Return an alert with the name of its workplace and whether the caller may process it."""
    place = None if alert["wp_id"] is None else workplaces_api.find(call, alert["wp_id"])
    where = alert["wp_id"] if place is None else place.name
    return {**alert, "workplace": where, "may_process": alerts.may_process(call, alert)}


PAGE = Page(
    "alerts",
    "/ui/alerts",
    "Alerts",
    "alerts/alerts.html",
    _read,
    menu="Alerts",
    query={
        "after": {"type": "integer", "minimum": 0},
        "target": {"type": "string", "maxLength": 255},
    },
)
