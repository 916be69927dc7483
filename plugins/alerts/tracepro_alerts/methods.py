"""What the API calls; every function here is one JSON-RPC method."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tracepro_workplaces import api as workplaces_api

from tracepro.database import narrowed_by
from tracepro.forms import Field
from tracepro_alerts import alerts, processing
from tracepro_alerts.alerts import Subject
from tracepro_hookspecs import Call, Method

NO_PARAMS: dict[str, Any] = {}


@narrowed_by("module", "ask for the alerts of one module, source, target or workplace")
def getalerts(
    call: Call,
    module: str | None = None,
    src: str | None = None,
    target: str | None = None,
    wp_id: int | None = None,
) -> list[dict[str, Any]]:
    """Return the alerts that are not processed."""
    return alerts.list_open(call, Subject(module or None, src or None, target or None, wp_id))


def mkalert(
    call: Call,
    module: str,
    src: str,
    target: str,
    wp_id: int | None,
    severity: int,
    params: Mapping[str, Any] = NO_PARAMS,
    info: str = "",
) -> dict[str, Any]:
    """Make an alert and return it."""
    if wp_id is not None:
        workplaces_api.workplace(call, wp_id)
    return alerts.make(call, Subject(module, src, target, wp_id), severity, dict(params), info)


def getalertfields(call: Call, alert_id: int) -> list[Field]:
    """Return the fields to fill in when an alert is processed."""
    return processing.form(call, alerts.get(call, alert_id)).fields


def processalert(call: Call, alert_id: int, appstruct: Mapping[str, Any]) -> dict[str, Any]:
    """Process an alert with its form filled in and return it."""
    return processing.process(call, alert_id, appstruct)


METHODS = [
    Method("getalerts", getalerts, "read", line_from=("wp_id",)),
    Method("mkalert", mkalert, "write", line_from=("wp_id",)),
    Method("getalertfields", getalertfields, "read", line_from=("alert_id",)),
    Method("processalert", processalert, "write", line_from=("alert_id",)),
]
