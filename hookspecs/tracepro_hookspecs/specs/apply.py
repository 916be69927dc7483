"""Apply hooks: run inside the writing transaction and may write; an exception rolls the call back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tracepro_hookspecs.call import Call
from tracepro_hookspecs.markers import hookspec
from tracepro_hookspecs.records import Block, Draft, Item, Operation, Order, Workplace


@hookspec
def tracepro_apply_operations(
    call: Call, order: Order, items: Sequence[Item], operations: Sequence[Operation], draft: Draft
) -> None:
    """Follow operations that were just recorded.

    Kind: apply
    When: inside the transaction that recorded them, once for a whole batch, box or panel.
    Arguments:
        call: the call; ``call.db`` writes in the same transaction.
        order: the ``Order`` the units belong to.
        items: a tuple of ``Item``, those the operations were recorded on.
        operations: a tuple of ``Operation`` with their ids.
        draft: the ``Draft`` they came from: times in microseconds, material rows in millionths.
    Returns: nothing.
    Errors: an exception rolls the whole call back; raise ``Refused`` for a rule of the plant.
    Lines: plugins enabled on the line of the workplace.
    Since: 1.0
    Example::

        @hookimpl
        def tracepro_apply_operations(call, operations):
            call.after_commit(lambda: print(len(operations), "recorded"))
    """


@hookspec
def tracepro_apply_cancellation(call: Call, operation: Operation) -> None:
    """Follow the cancellation of a recorded operation.

    Kind: apply
    When: inside the transaction of cancelop, after the counter-entry was written.
    Arguments:
        call: the call.
        operation: the cancelled ``Operation`` with the material it had taken.
    Returns: nothing.
    Errors: an exception rolls the cancellation back; raise ``Refused`` when it can't be taken back.
    Lines: the site's set: what an operation took goes back wherever it is cancelled.
    Since: 1.0
    Example::

        @hookimpl
        def tracepro_apply_cancellation(call, operation):
            call.changed(f"operation {operation.id}", "count", operation.count, 0)
    """


@hookspec
def tracepro_workplace_blocked(call: Call, workplace: Workplace, block: Block | None) -> None:
    """Follow the blocking or unblocking of a workplace.

    Kind: apply
    When: inside the transaction of blockworkplace and unblockworkplace.
    Arguments:
        call: the call.
        workplace: the ``Workplace`` as it is now.
        block: the ``Block`` with its reason, or None when it was unblocked.
    Returns: nothing.
    Errors: an exception rolls the call back.
    Lines: plugins enabled on the line of the workplace.
    Since: 1.0
    Example::

        @hookimpl
        def tracepro_workplace_blocked(call, workplace, block):
            call.changed(f"oven {workplace.id}", "heating", block is not None, block is None)
    """


@hookspec
def tracepro_apply_alert(
    call: Call,
    module: str,
    src: str,
    target: str,
    wp_id: int | None,
    severity: int,
    params: dict[str, Any],
    info: str,
) -> int | None:
    """Raise an alert for the plugin that asks.

    Kind: apply
    When: inside the transaction of the plugin that calls it, so that a rolled back call raises none.
    Arguments:
        call: the call.
        module: the plugin that raises it.
        src: what it concerns.
        target: whom it is for.
        wp_id: the workplace, or None.
        severity: a SEVERITY value.
        params: a dict of JSON values.
        info: one sentence for a person.
    Returns: the id of the alert; the alerts plugin answers, others may follow it.
    Errors: an exception rolls the call back.
    Lines: plugins enabled on the line of the call; without the alerts plugin nobody answers and none is kept.
    Since: 1.0
    Example::

        @hookimpl
        def tracepro_apply_alert(call, wp_id, severity, info):
            call.changed(f"siren {wp_id}", "on", False, severity >= 3)
    """
