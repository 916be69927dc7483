"""Check hooks: every plugin is asked and returns its reasons; none means yes; a crash is itself a no."""

from __future__ import annotations

from collections.abc import Sequence

from tracepro_hookspecs.call import Call
from tracepro_hookspecs.markers import hookspec
from tracepro_hookspecs.records import (
    DataRow,
    Draft,
    Item,
    Operation,
    Order,
    Reason,
    Step,
    Worker,
    Workplace,
)


@hookspec
def tracepro_check_operations(
    call: Call,
    order: Order,
    items: Sequence[Item],
    steps: Sequence[Step],
    workplace: Workplace,
    workers: Sequence[Worker],
    draft: Draft | None,
) -> list[Reason]:
    """Say why an operation may not be done on these units here by these workers.

    Kind: check
    When: inside the transaction of addop and its kin before anything is written, and in the snapshot of
        canaddop, checkproc, box_canaddop and linecanaddop. Asked once for a whole batch, box or panel; docs/plugins.md
        says which call asks with what.
    Arguments:
        call: the call; ``call.db`` reads the database, ``call.option`` the options of the line.
        order: the ``Order`` the units belong to, with its routing.
        items: a tuple of ``Item``, empty when no unit is known yet (checkproc) or none is meant (non-charged);
            one with the id 0 doesn't exist yet (linecanaddop and lineaddop of a new code).
        steps: a tuple of ``Step``, those that are to be done and not the whole routing, in route order.
        workplace: the ``Workplace``.
        workers: a tuple of ``Worker``, those that exist.
        draft: the ``Draft`` that is about to be recorded, or None when the caller only asks.
    Returns: a list of ``Reason``, empty for yes; a reason that concerns one unit names its ``item_id``.
    Errors: an exception, or anything but None or ``Reason`` in a list or a generator, counts as the reason ``plugin-failed``: a check that crashed is a no.
    Lines: plugins enabled on the line of the workplace.
    Since: 1.0
    Example::

        @hookimpl
        def tracepro_check_operations(workplace, workers):
            if workplace.esd and len(workers) > 2:
                return [Reason("too-crowded", f"Only two may work at {workplace.name}; send the others away.")]
            return []
    """


@hookspec
def tracepro_check_added_data(
    call: Call, order: Order, item: Item, operation: Operation, data: Sequence[DataRow]
) -> list[Reason]:
    """Say why data may not be added to an operation that was recorded before.

    Data that comes with an operation is in the ``draft`` of ``tracepro_check_operations``; a rule on data answers both.

    Kind: check
    When: inside the transaction of addopdata, before anything is written; once for all rows, and not where there are none.
        The unit is locked.
    Arguments:
        call: the call.
        order: the ``Order`` of the unit as it is now, with its routing.
        item: the ``Item`` that the operation was recorded on; of non-charged work the hidden one.
        operation: the ``Operation`` with the data and material that it has already; it isn't cancelled.
        data: a tuple of the (tp, key, value) rows that are to be added; ``tp`` is a DATA_TP.
    Returns: a list of ``Reason``, empty for yes.
    Errors: an exception, or anything but None or ``Reason`` in a list or a generator, counts as the reason ``plugin-failed``.
    Lines: plugins enabled on the line of the workplace where the operation was recorded.
    Since: 1.0
    Example::

        @hookimpl
        def tracepro_check_added_data(operation, data):
            if len(operation.data) + len(data) > 100:
                return [Reason("too-much-data", f"Operation {operation.id} would have over 100 rows; add fewer.")]
            return []
    """


@hookspec
def tracepro_check_login(call: Call, worker: Worker, workplace: Workplace | None) -> list[Reason]:
    """Say why a worker may not log in at a workplace.

    Kind: check
    When: inside the transaction of login, loginwp and setlinelogin, before the login is written; for each worker at each
        workplace.
    Arguments:
        call: the call.
        worker: the ``Worker``.
        workplace: the ``Workplace``, or None for a login that only tells who it is.
    Returns: a list of ``Reason``, empty for yes.
    Errors: an exception, or anything but None or ``Reason`` in a list or a generator, counts as the reason ``plugin-failed``.
    Lines: plugins enabled on the line of the workplace; the site's set without one.
    Since: 1.0
    Example::

        @hookimpl
        def tracepro_check_login(worker, workplace):
            if workplace is not None and not worker.skills:
                return [Reason("no-skills", f"{worker.name} has no skills on record; train them first.")]
            return []
    """


@hookspec
def tracepro_check_routing(call: Call, order: Order, steps: Sequence[Step]) -> list[Reason]:
    """Say why an order's routing may not be replaced by these steps.

    Kind: check
    When: inside the transaction of updateorder, before the steps are written.
    Arguments:
        call: the call.
        order: the ``Order`` as it stands.
        steps: the new routing, a tuple of ``Step``.
    Returns: a list of ``Reason``, empty for yes (``step-in-use`` when a step with records would go).
    Errors: an exception, or anything but None or ``Reason`` in a list or a generator, counts as the reason ``plugin-failed``.
    Lines: the site's set: an order belongs to no line.
    Since: 1.0
    Example::

        @hookimpl
        def tracepro_check_routing(order, steps):
            if not steps and order.operations:
                return [Reason("empty-routing", f"Order {order.erp_ref} would lose its whole routing.")]
            return []
    """
