"""Notify hooks: run in a thread of their own after the answer; may be lost in a crash; failures are logged."""

from tracepro_hookspecs.markers import hookspec


@hookspec
def tracepro_operation_added(operations):
    """Tells of recorded operations."""


@hookspec
def tracepro_item_created(items):
    """Tells of new units."""


@hookspec
def tracepro_order_changed(order):
    """Tells of a new or changed order."""


@hookspec
def tracepro_worker_logged_in(worker, workplace):
    """Tells of a login."""


@hookspec
def tracepro_alert_raised(alert):
    """Tells of a new alert."""
