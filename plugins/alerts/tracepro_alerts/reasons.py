"""The codes of this plugin, each built in one place with its sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tracepro_hookspecs import Conflict, InvalidParams, NotFound, Reason, Refused


def alert_not_found(alert_id: int) -> NotFound:
    """Return the error for an alert that does not exist, or was processed and archived since."""
    info = f"There is no alert {alert_id}, or it was processed long ago and archived; the list of alerts has the open ones."
    return NotFound("alert-not-found", info)


def alert_already_processed(alert: Mapping[str, Any]) -> Conflict:
    """Return the error for an alert that somebody has processed."""
    info = f"Alert {alert['id']} was processed by {alert['processed_by']} at {alert['processed']}; nothing is left to do."
    return Conflict("alert-already-processed", info)


def form_refused(alert_id: int, faults: Mapping[str, str]) -> InvalidParams:
    """Return the error for a form that is not filled in right; ``fields`` has a sentence for each field that is wrong."""
    info = f"The form of alert {alert_id} is not filled in right: {' '.join(faults.values())}"
    return InvalidParams("appstruct", info, rule="form", fields=dict(faults))


def form_unusable(alert: Mapping[str, Any], fault: str) -> Refused:
    """Return the refusal where a plugin gave a schema that is not one of a form."""
    info = (
        f"The form of alert {alert['id']} (module {alert['module']}) that a plugin gave can't be used: {fault}; "
        "have the plugin mended."
    )
    return Refused([Reason("plugin-failed", info, plugin="alerts")])
