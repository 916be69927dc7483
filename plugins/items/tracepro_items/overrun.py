"""More made than an order's amount, where the order allows it: whoever must hear of it is told."""

from __future__ import annotations

from collections.abc import Collection

from tracepro_hookspecs import Call
from tracepro_hookspecs.records import Order
from tracepro_items import tally
from tracepro_schemas import defs

APPLY = "tracepro_apply_overrun"


def tell(call: Call, order: Order, ops: Collection[int]) -> None:
    """Tell the plugins of steps at which more was made than the order's amount.

    To be called when the counts of these steps were written: until the call ends nobody else adds to them, so that of
    two calls one sees what both made.
    """
    if not order.amount or not order.flags & defs.ORDER_F_OVERRUN or not call.hooks.has(APPLY):
        return
    made = tally.made(call, order.id)
    for step in order.operations:
        if step.op in ops and made.get(step.op, 0) > order.amount:
            call.hooks.apply(APPLY, order=order, step=step, made=made[step.op])
