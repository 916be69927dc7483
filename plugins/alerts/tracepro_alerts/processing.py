"""Processing an alert: the form of its kind, filled in once."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from peewee import Query

from tracepro import clock
from tracepro.database import p, statement
from tracepro.forms import BadForm, Form, form_of
from tracepro_alerts import alerts, reasons
from tracepro_alerts import models as m
from tracepro_hookspecs import Archive, Call

LOG = logging.getLogger("tracepro.alerts")
NOTE = {
    "type": "object",
    "properties": {"note": {"type": "string", "title": "Note", "maxLength": 4000}},
    "required": ["note"],
}
"""The form of alerts that no plugin gives one."""
ARCHIVE = Archive(m.Alert, m.Alert.processed, "Alerts that were processed, with what was filled in.")


@statement
def process_open() -> Query:
    """Process an alert, if it is still open."""
    processed = m.Alert.update(
        processed=p("now"), processed_by=p("by"), filled=p("filled", m.Alert.filled), open_key=None
    )
    return processed.where(m.Alert.id == p("id"), m.Alert.processed.is_null())


def form(call: Call, alert: dict[str, Any]) -> Form:
    """Return the form of an alert, as the plugins give it. Raises ``plugin-failed`` for a schema that is not one of a form."""
    schema = call.hooks.decide("tracepro_alert_form", alert=alert)
    try:
        return form_of(NOTE if schema is None else schema)
    except BadForm as fault:
        LOG.error("The form of alerts of module %s can't be used: %s", alert["module"], fault)
        raise reasons.form_unusable(alert, str(fault)) from None


def process(call: Call, alert_id: int, filled: Mapping[str, Any]) -> dict[str, Any]:
    """Process an alert with its form filled in and return it.

    Raises ``alert-not-found``, ``alert-already-processed``, and InvalidParams with a sentence for each wrong field. Of two
    who process it at once one does.
    """
    alert = alerts.get(call, alert_id)
    if alert["processed"] is not None:
        raise reasons.alert_already_processed(alert)
    its_form = form(call, alert)
    if faults := its_form.judge(filled):
        raise reasons.form_refused(alert_id, faults)
    values = its_form.values(filled)
    if not call.db.run(process_open, id=alert_id, now=call.now, by=call.caller.name, filled=values):
        raise reasons.alert_already_processed(alerts.get(call, alert_id))
    call.changed(f"alert {alert_id}", "processed", None, clock.text(call.now))
    return alerts.get(call, alert_id)
