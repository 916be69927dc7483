"""What people see of alerts: the open ones, oldest first; one is processed with its form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tracepro_workplaces import api as workplaces_api

from tracepro_alerts import alerts
from tracepro_alerts.alerts import Subject
from tracepro_hookspecs import Call, Page, Request


def _read(call: Call, request: Request) -> dict[str, Any]:
    target = request.query.get("target", "")
    searched = Subject(None, None, target or None, None)
    found, more = alerts.page_of_open(call, searched, request.query.get("after", 0))
    at = {alert["wp_id"] for alert in found} - {None}
    names = {place.id: place.name for place in workplaces_api.workplaces(call, sorted(at))}
    shown = [_shown(call, alert, names) for alert in found]
    return {"target": target, "alerts": shown, "more": more}


def _shown(call: Call, alert: dict[str, Any], names: Mapping[int, str]) -> dict[str, Any]:
    """Return an alert with the name of its workplace and whether the caller may process it."""
    return {**alert, "workplace": names.get(alert["wp_id"]), "may_process": alerts.may_process(call, alert)}


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
