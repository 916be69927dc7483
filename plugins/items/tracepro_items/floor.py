"""What the API calls of the floor beside addop; every function here is one JSON-RPC method."""

from __future__ import annotations

from typing import Any

from tracepro_orders import api as orders_api
from tracepro_workers import api as workers_api
from tracepro_workplaces import api as workplaces_api

from tracepro_hookspecs import Method
from tracepro_hookspecs.records import Operation
from tracepro_items import cancellation, firstpiece, noncharged, units, worklog
from tracepro_items.operations import Ids, MatRows, Pairs, answer, drafted


def addncops(
    call: Any, order_id: int, op_act_list: Pairs, count: int, wp_id: int, workers: Ids, tm0: int | None = None,
    tm1: int | None = None,
) -> dict[str, list[int]]:  # fmt: skip
    """Counts non-charged work on steps of an order."""
    draft = drafted(call, tm0, tm1, count=count)
    return {"op_ids": noncharged.record(call, order_id, op_act_list, wp_id, workers, draft)}


def addncopswithmat(
    call: Any, order_id: int, op: int | None, act: int | None, count: int, wp_id: int, workers: Ids,
    tm0: int | None = None, tm1: int | None = None, mat_auto: bool = False, mat: MatRows = (),
) -> dict[str, int]:  # fmt: skip
    """Counts non-charged work on a step of an order, with its material."""
    draft = drafted(call, tm0, tm1, mat_auto=mat_auto, mat=mat, count=count)
    return {"op_id": noncharged.record(call, order_id, ((op, act),), wp_id, workers, draft)[0]}


def checkfirstpiece(
    call: Any, item: int, act: int, previous_op: int, workers: Ids, wp_id: int
) -> dict[str, Any]:
    """Tells whether the first piece of the run was checked."""
    order = orders_api.order(call, units.unit(call, item).order_id)
    place = workplaces_api.workplace(call, wp_id)
    _, against = workers_api.reasons_against(call, workers, place, ())
    return answer(against + firstpiece.check(call, order, act, previous_op, place))


def cancelop(call: Any, op_id: int, wp_id: int, workers: Ids, reason: str) -> Operation:
    """Takes a wrong booking back."""
    return cancellation.cancel(call, op_id, wp_id, workers, reason)


def stopwork(call: Any, order_id: int, op_act_list: Pairs, wp_id: int, workers: Ids) -> dict[str, list[int]]:
    """Logs the end of work."""
    return {"wl_ids": worklog.stop(call, order_id, op_act_list, wp_id, workers)}


def getwplog(call: Any, wp_id: Ids, seconds_back: int) -> list[Operation]:
    """Returns what was recorded at workplaces lately."""
    return worklog.lately(call, wp_id, seconds_back)


METHODS = [
    Method("addncops", addncops, "write", line_from=("wp_id",)),
    Method("addncopswithmat", addncopswithmat, "write", line_from=("wp_id",)),
    Method("cancelop", cancelop, "write", line_from=("wp_id",)),
    Method("checkfirstpiece", checkfirstpiece, "read", line_from=("wp_id",)),
    Method("getwplog", getwplog, "read", line_from=("wp_id",)),
    Method("stopwork", stopwork, "write", line_from=("wp_id",)),
]
