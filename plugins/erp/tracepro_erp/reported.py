"""Times that are reported for a step without recording an operation."""

from __future__ import annotations

from collections.abc import Sequence

from tracepro_orders import api as orders_api
from tracepro_workers import api as workers_api
from tracepro_workplaces import api as workplaces_api

from tracepro.amounts import MICRO
from tracepro_erp import bodies, queue, worked
from tracepro_erp.options import TIME
from tracepro_hookspecs import Call, InvalidParams, Reason, Refused

LONGEST = 31 * 24 * 3600 * MICRO


def report(
    call: Call,
    order_id: int,
    op: int | None,
    act: int | None,
    wp_id: int,
    worker_ids: Sequence[int],
    micros: int,
) -> int:
    """Tell the ERP of time spent on a step of an order, whatever its status, and return the id of the row.

    It belongs to the shift in which it is reported. Raises NotFound for an unknown order or workplace, and Refused for
    a step that is not in the routing and for workers who are unknown or inactive.
    """
    _check_seconds(micros)
    order = orders_api.order(call, order_id)
    workplaces_api.workplace(call, wp_id)
    workers_api.require_known(call, worker_ids)
    step = orders_api.resolve_step(order, op, act)
    if isinstance(step, Reason):
        raise Refused([step])
    body = bodies.of_time(order, step, wp_id, worker_ids, micros)
    (entry_id,) = queue.write(call, TIME, [(None, body)])
    worked.note_time(call, order.id, step, worker_ids, micros, entry_id)
    return entry_id


def _check_seconds(micros: int) -> None:
    if not 0 < micros <= LONGEST:
        info = f"seconds must be more than 0 and at most {LONGEST // MICRO} (31 days)."
        raise InvalidParams("seconds", info, rule="maximum" if micros else "exclusiveMinimum")
