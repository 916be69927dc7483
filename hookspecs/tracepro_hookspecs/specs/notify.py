"""Notify hooks: run in a thread of their own after the answer; may be lost in a crash; failures are logged."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tracepro_hookspecs.markers import hookspec
from tracepro_hookspecs.records import Item, Operation, Order, Worker, Workplace
from tracepro_hookspecs.site import Site


@hookspec
def tracepro_operation_added(operations: Sequence[Operation]) -> None:
    """Hear of recorded operations.

    Kind: notify
    When: after the commit, in the notifier's thread; no transaction. In commit order on SQLite, in order for
        each unit on PostgreSQL. Who must not lose one writes a queue row in tracepro_apply_operations.
    Arguments:
        operations: a tuple of ``Operation``, all that one call recorded.
    Returns: nothing.
    Errors: an exception is logged; the other plugins are still told.
    Lines: plugins enabled on the line of the workplace.
    Since: 1.0
    Example::

        @hookimpl
        def tracepro_operation_added(operations):
            print([operation.id for operation in operations])
    """


@hookspec
def tracepro_item_created(items: Sequence[Item]) -> None:
    """Hear of new units.

    Kind: notify
    When: after the commit, in the notifier's thread; no transaction.
    Arguments:
        items: a tuple of ``Item``; a panel comes with its boards.
    Returns: nothing.
    Errors: an exception is logged; the other plugins are still told.
    Lines: plugins enabled on the line of the call; the site's set without one.
    Since: 1.0
    Example::

        @hookimpl
        def tracepro_item_created(items):
            print([item.barcode for item in items])
    """


@hookspec
def tracepro_order_changed(order: Order) -> None:
    """Hear of a new or changed order.

    Kind: notify
    When: after the commit, in the notifier's thread; no transaction.
    Arguments:
        order: the ``Order`` as it was committed.
    Returns: nothing.
    Errors: an exception is logged; the other plugins are still told.
    Lines: the site's set: an order belongs to no line.
    Since: 1.0
    Example::

        @hookimpl
        def tracepro_order_changed(order):
            print(order.erp_ref, order.status)
    """


@hookspec
def tracepro_worker_logged_in(worker: Worker, workplace: Workplace | None) -> None:
    """Hear of a login.

    Kind: notify
    When: after the commit, in the notifier's thread; no transaction. Refused logins are not told.
    Arguments:
        worker: the ``Worker``.
        workplace: the ``Workplace``, or None.
    Returns: nothing.
    Errors: an exception is logged; the other plugins are still told.
    Lines: plugins enabled on the line of the workplace; the site's set without one.
    Since: 1.0
    Example::

        @hookimpl
        def tracepro_worker_logged_in(worker, workplace):
            print(worker.name, "at", workplace.name if workplace else "no workplace")
    """


@hookspec
def tracepro_alert_raised(alert: dict[str, Any]) -> None:
    """Hear of a new alert.

    Kind: notify
    When: after the commit, in the notifier's thread; no transaction.
    Arguments:
        alert: the alert as answered by getalerts.
    Returns: nothing.
    Errors: an exception is logged; the other plugins are still told.
    Lines: plugins enabled on the line of the alert's workplace; the site's set without one.
    Since: 1.0
    Example::

        @hookimpl
        def tracepro_alert_raised(alert):
            print("alert")
    """


@hookspec
def tracepro_background(site: Site) -> None:
    """Do a small piece of what a plugin does by itself, behind the calls: seal, tidy up, look after something.

    Kind: notify
    When: about once a second in each process of a server, in a thread of its own that all plugins share; no transaction. Who
        has more to do comes back after a fraction of a second and goes on the next time.
    Arguments:
        site: the ``Site``; ``site.store.read`` reads, ``site.store.write`` writes in small transactions behind the calls that wait.
    Returns: nothing.
    Errors: an exception is logged and counted; the other plugins are still asked, this one again after a minute. TryAgain is the
        database's word and costs nothing. Beyond ``hook_limit_seconds`` the others go on in another thread.
    Lines: the site's set: what is done so belongs to no line.
    Since: 1.0
    Example::

        @hookimpl
        def tracepro_background(site):
            print("all ovens are cold at", site.clock())
    """
