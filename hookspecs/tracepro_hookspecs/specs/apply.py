"""Apply hooks: run inside the writing transaction and may write; an exception rolls the call back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tracepro_hookspecs.call import Call
from tracepro_hookspecs.markers import hookspec
from tracepro_hookspecs.records import Block, DataRow, Draft, Item, Operation, Order, Step, Workplace


@hookspec
def tracepro_apply_operations(
    call: Call,
    order: Order,
    items: Sequence[Item],
    operations: Sequence[Operation],
    draft: Draft,
    counted: Sequence[int],
    batch: int,
) -> None:
    """Follow operations that were just recorded.

    Kind: apply
    When: inside the transaction that recorded them, once for a whole batch, box or panel; once for each order where the
        units of a batch or box belong to several.
    Arguments:
        call: the call; ``call.db`` writes in the same transaction.
        order: the ``Order`` the units belong to.
        items: a tuple of ``Item``, those the operations were recorded on.
        operations: a tuple of ``Operation`` with their ids and data.
        draft: the ``Draft`` they came from: times in microseconds, material rows in millionths.
        counted: for how many units each of the operations counts: the boards of a panel, 1 for any other unit, and
            the count of work without units.
        batch: the id of the first operation that the call recorded, the same for all its orders.
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
def tracepro_apply_added_data(
    call: Call, order: Order, item: Item, operation: Operation, data: Sequence[DataRow]
) -> None:
    """Follow data that was added to an operation after it was recorded.

    Data that comes with an operation is in the ``draft`` of ``tracepro_apply_operations``; with a cancelled operation goes
    all that it has, which ``tracepro_apply_cancellation`` tells.

    Kind: apply
    When: inside the transaction of addopdata, after the rows were written; once for all of them.
    Arguments:
        call: the call.
        order: the ``Order`` of the unit.
        item: the ``Item`` that the operation was recorded on.
        operation: the ``Operation`` with the data that it had before.
        data: a tuple of the (tp, key, value) rows that were added.
    Returns: nothing.
    Errors: an exception rolls the call back; raise ``Refused`` for a rule of the plant.
    Lines: plugins enabled on the line of the workplace where the operation was recorded.
    Since: 1.0
    Example::

        @hookimpl
        def tracepro_apply_added_data(call, operation, data):
            call.changed(f"operation {operation.id}", "rows", len(operation.data), len(operation.data) + len(data))
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
def tracepro_apply_marks(
    call: Call, items: Sequence[Item], before: Mapping[int, int], wp_id: int, workers: Sequence[int]
) -> None:
    """Follow the marking of units as scrapped, as bad marks, or as good again.

    Kind: apply
    When: inside the transaction of setitemscrap, setitembadmark and setitembad, after the units were marked.
    Arguments:
        call: the call.
        items: a tuple of ``Item`` as they are now, the unit that was named first; a panel brings the boards that it
            took along.
        before: the ITEM_BAD value that each had before, by item id.
        wp_id: the workplace that marked them.
        workers: the ids of the workers who did.
    Returns: nothing.
    Errors: an exception rolls the marks back; raise ``Refused`` for a rule of the plant.
    Lines: the site's set: what was done about a mark is taken back wherever that happens.
    Since: 1.0
    Example::

        @hookimpl
        def tracepro_apply_marks(call, items, before):
            for item in items:
                call.changed(f"rack of {item.id}", "bad", before[item.id], item.bad)
    """


@hookspec
def tracepro_apply_overrun(call: Call, order: Order, step: Step, made: int) -> None:
    """Follow work on a step of which more was made than the order's amount.

    Kind: apply
    When: inside the transaction that recorded passes at the step or gave scrapped units back, on an order with the flag
        OVERRUN and an amount; after the order's counts were written, each time and not only the first.
    Arguments:
        call: the call.
        order: the ``Order``.
        step: its ``Step``.
        made: how much was made: passes of units that are not bad, and work without units.
    Returns: nothing.
    Errors: an exception rolls the call back; raise ``Refused`` for a rule of the plant.
    Lines: plugins enabled on the line of the workplace.
    Since: 1.0
    Example::

        @hookimpl
        def tracepro_apply_overrun(call, order, step, made):
            call.after_commit(lambda: print(order.erp_ref, step.op, made - order.amount, "too many"))
    """


@hookspec
def tracepro_apply_consumption(call: Call, operations: Sequence[Operation]) -> None:
    """Follow material that operations consumed.

    Kind: apply
    When: inside the transaction that took it: of the operations themselves, or of addopmat.
    Arguments:
        call: the call.
        operations: a tuple of ``Operation``, those that took something; ``mat`` is what they took just now.
    Returns: nothing.
    Errors: an exception rolls the call back; raise ``Refused`` for a rule of the plant.
    Lines: plugins enabled on the line of the workplace. What a cancelled operation gives back is told by
        ``tracepro_apply_cancellation``.
    Since: 1.0
    Example::

        @hookimpl
        def tracepro_apply_consumption(call, operations):
            call.after_commit(lambda: print(sum(len(operation.mat) for operation in operations), "lots used"))
    """


@hookspec
def tracepro_apply_receipt(
    call: Call, wfloormat_id: int, mat_item: str, mat_lot: str, amount: int, ref: str
) -> None:
    """Follow material that came into the plant.

    Kind: apply
    When: inside the transaction that received it: receivemat, or a lot that nobody knew before.
    Arguments:
        call: the call.
        wfloormat_id: the id of the lot.
        mat_item: its article.
        mat_lot: its lot number.
        amount: how much came, in millionths, more than 0.
        ref: the reference of the delivery, or an empty text.
    Returns: nothing.
    Errors: an exception rolls the call back; raise ``Refused`` for a rule of the plant.
    Lines: plugins enabled on the line of the call.
    Since: 1.0
    Example::

        @hookimpl
        def tracepro_apply_receipt(call, mat_item, mat_lot):
            call.after_commit(lambda: print("print a label for", mat_item, mat_lot))
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
    key: str | None,
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
        key: what tells this condition from others of the same module, src, target and workplace: while an alert of it is
            open, no other is made. None: always a new one.
    Returns: the id of the alert, also of one that was open already; the alerts plugin answers, others may follow it.
    Errors: an exception rolls the call back.
    Lines: plugins enabled on the line of the call; without the alerts plugin nobody answers and none is kept.
    Since: 1.0
    Example::

        @hookimpl
        def tracepro_apply_alert(call, wp_id, severity, info):
            call.changed(f"siren {wp_id}", "on", False, severity >= 3)
    """
