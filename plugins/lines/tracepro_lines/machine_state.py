"""What the page of a line says of a machine: the first that holds of a few states, from what the server knows."""

from __future__ import annotations

from typing import NamedTuple

from tracepro_items.api import OperationRow

from tracepro import clock
from tracepro_hookspecs import Call
from tracepro_hookspecs.records import Order, Workplace
from tracepro_schemas import defs

MINUTE = 60 * clock.SECOND


class MachineState(NamedTuple):
    """A state: ``kind`` is ok, no, wait or info, ``word`` what it is called, ``info`` why."""

    kind: str
    word: str
    info: str = ""


def state(
    call: Call, workplace: Workplace, order: Order | None, op: int | None, last: OperationRow | None
) -> MachineState:
    """Return how a machine stands: blocked, without work, working, idle; ``op`` is its step, ``last`` its last record."""
    if workplace.blocked:
        return MachineState("no", "Blocked", workplace.blocked.reason)
    if order is None:
        return MachineState("info", "No order")
    if order.status != defs.ORDER_ST_ACTIVE:
        return MachineState("wait", "Order not active")
    if all(step.op != op for step in order.operations):
        return MachineState("info", "No step", "The order has none for this machine.")
    if last is None or call.now - last.recorded > call.option("lines", "idle_minutes") * MINUTE:
        return MachineState("wait", "Idle")
    return MachineState("ok", "Working")
