"""What a terminal of a line shows: its machine, who works there, on which order, at which step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tracepro_orders import api as orders_api
from tracepro_workers import api as workers_api

from tracepro_hookspecs import Call
from tracepro_hookspecs.records import Order, Step
from tracepro_lines.lines import StoredLine, StoredMachine


def environments(call: Call, line: StoredLine, machines: Sequence[StoredMachine]) -> list[dict[str, Any]]:
    """Return the environments of machines of a line, with the keys that terminals know."""
    order = None if line.order_id is None else orders_api.order(call, line.order_id)
    workers = workers_api.logged_in(call, [machine.wp_id for machine in machines])
    return [_environment(line, machine, order, workers[machine.wp_id]) for machine in machines]


def _environment(
    line: StoredLine, machine: StoredMachine, order: Order | None, workers: Sequence[workers_api.NamedWorker]
) -> dict[str, Any]:
    op, act = step_of(machine, order)
    return {
        "line_id": line.id,
        "line_name": line.name,
        "lineitem_id": machine.id,
        "lineitem_name": machine.name,
        "wp_id": machine.wp_id,
        "worker_ids": [worker.id for worker in workers],
        "workers": [{"id": worker.id, "name": worker.name} for worker in workers],
        "order_id": order.id if order else None,
        "erp_ref": order.erp_ref if order else None,
        "operation": op,
        "act": act,
    }


def step_of(machine: StoredMachine, order: Order | None) -> tuple[int | None, int | None]:
    """Return op and act that a machine does; what it leaves open, its line's order says if it has one such step."""
    steps: list[Step] = []
    if order is not None and machine.op is not None:
        steps = [step for step in order.operations if step.op == machine.op]
    elif order is not None:
        steps = [step for step in order.operations if step.act == machine.act]
    only = steps[0] if len(steps) == 1 else None
    op = only.op if only and machine.op is None else machine.op
    act = only.act if only and machine.act is None else machine.act
    return op, act
