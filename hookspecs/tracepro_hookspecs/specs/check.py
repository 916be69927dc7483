"""Check hooks: every plugin is asked and returns its reasons; none means yes; a crash is itself a no."""

from tracepro_hookspecs.markers import hookspec


@hookspec
def tracepro_check_operations(call, order, items, steps, workplace, workers, draft):
    """Says why an operation may not be done on these units here by these workers."""


@hookspec
def tracepro_check_login(call, worker, workplace):
    """Says why a worker may not log in at a workplace."""


@hookspec
def tracepro_check_routing(call, order, steps):
    """Says why an order's routing may not be replaced by these steps."""
