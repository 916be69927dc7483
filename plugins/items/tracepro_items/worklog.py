"""The end of work at a workplace, and what was recorded there lately."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tracepro_orders import api as orders_api
from tracepro_workers import api as workers_api
from tracepro_workplaces import api as workplaces_api

from tracepro import clock
from tracepro.database import Statement, p
from tracepro_hookspecs import Refused
from tracepro_hookspecs.records import Operation
from tracepro_items import history, marks
from tracepro_items import models as m
from tracepro_items.history import Row
from tracepro_items.work import Pairs
from tracepro_schemas import defs

LATELY = Statement(lambda: (
    history.query().where(m.Operation.wp_id.in_(p.integers("wp_ids")), m.Operation.recorded >= p("since"))
))  # fmt: skip


def stop(call: Any, order_id: int, pairs: Pairs, wp_id: int, worker_ids: Sequence[int]) -> list[int]:
    """Logs that workers end their work on steps of an order here; returns the ids of the log's rows.

    A row for each worker and step. The order may be in any state: work ends on finished ones too. Refused for
    steps outside the routing and for workers who may not work here.
    """
    order = orders_api.order(call, order_id)
    marks.check_place(call, wp_id, worker_ids)
    steps, unresolved = orders_api.steps_of(order, pairs)
    if unresolved:
        raise Refused(unresolved)
    rows = [
        workers_api.row(call, worker_id, wp_id, defs.WWL_WORK_END, order_id=order.id, op=step.op)
        for worker_id in worker_ids
        for step in steps
    ]
    return workers_api.log_all(call, rows)


def lately(call: Any, wp_ids: Sequence[int], seconds_back: int) -> list[Operation]:
    """Returns what was recorded at workplaces in the last ``seconds_back`` seconds, the newest first.

    Raises ``workplace-not-found``.
    """
    for wp_id in wp_ids:
        workplaces_api.workplace(call, wp_id)
    since = call.now - min(seconds_back * clock.SECOND, call.now)
    rows = [Row._make(row) for row in call.db.rows(LATELY, wp_ids=list(wp_ids), since=since)]
    return history.records(call, rows)[::-1]
