"""Apply hooks: run inside the writing transaction and may write; an exception rolls the call back."""

from tracepro_hookspecs.markers import hookspec


@hookspec
def tracepro_apply_operations(call, order, items, operations, draft):
    """Follows operations that were just recorded."""


@hookspec
def tracepro_apply_cancellation(call, operation):
    """Follows the cancellation of a recorded operation."""


@hookspec
def tracepro_workplace_blocked(call, workplace, block):
    """Follows the blocking or unblocking of a workplace."""


@hookspec
def tracepro_apply_alert(call, module, src, target, wp_id, severity, params, info):
    """Raises an alert for the plugin that asks."""
