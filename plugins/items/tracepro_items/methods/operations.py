"""What the API calls of operations: asked about, recorded, counted, taken back, listed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tracepro.database import narrowed_by
from tracepro_hookspecs import Call, Method
from tracepro_hookspecs.records import Operation
from tracepro_items import added_data, cancellation, checking, firstpiece, history, noncharged, recording
from tracepro_items.checking import check_answer
from tracepro_items.data import DataRows
from tracepro_items.drafts import MatRows, make_draft
from tracepro_items.step_request import Pairs, StepRequest

Ids = Sequence[int]


def addop(
    call: Call,
    item_id: int,
    op: int | None,
    act: int | None,
    wp_id: int,
    workers: Ids,
    tm0: int | None = None,
    tm1: int | None = None,
    result: int = 0,
    mat_auto: bool = False,
    data: DataRows = (),
) -> dict[str, int]:
    """Record an operation on a unit."""
    draft = make_draft(call, tm0, tm1, result=result, mat_auto=mat_auto, data_rows=data)
    request = StepRequest((item_id,), ((op, act),), wp_id, workers, draft)
    recorded = recording.record_operations(call, request)
    return {"op_id": recorded.ops[0][1]}


def addopwithmat(
    call: Call,
    item_id: int,
    op: int | None,
    act: int | None,
    wp_id: int,
    workers: Ids,
    tm0: int | None = None,
    tm1: int | None = None,
    result: int = 0,
    mat_auto: bool = False,
    data: DataRows = (),
    mat: MatRows = (),
) -> dict[str, int]:
    """Record an operation on a unit with the material it took."""
    draft = make_draft(call, tm0, tm1, result=result, mat_auto=mat_auto, data_rows=data, mat=mat)
    request = StepRequest((item_id,), ((op, act),), wp_id, workers, draft)
    recorded = recording.record_operations(call, request)
    return {"op_id": recorded.ops[0][1]}


def batch_addop(
    call: Call,
    item_ids: Ids,
    op: int | None,
    act: int | None,
    wp_id: int,
    workers: Ids,
    tm0: int | None = None,
    tm1: int | None = None,
    result: int = 0,
    mat_auto: bool = False,
    data: DataRows = (),
    mat: MatRows = (),
) -> dict[str, Any]:
    """Record an operation on several units, all or none; bad ones are skipped."""
    draft = make_draft(call, tm0, tm1, result=result, mat_auto=mat_auto, data_rows=data, mat=mat)
    request = StepRequest(item_ids, ((op, act),), wp_id, workers, draft)
    recorded = recording.record_operations(call, request, skip_bad=True)
    ops = [{"item_id": item_id, "op_id": op_id} for item_id, op_id in recorded.ops]
    return {"ops": ops, "skipped": recorded.skipped}


def addopdata(call: Call, op_id: int, data_list: DataRows) -> dict[str, int]:
    """Add data rows to a recorded operation."""
    added_data.add(call, op_id, data_list)
    return {"op_id": op_id}


def canaddop(call: Call, item_id: int, op_act_list: Pairs, wp_id: int, workers: Ids) -> dict[str, Any]:
    """Tell whether operations may be recorded on a unit, one after the other."""
    return check_answer(checking.check_operations(call, StepRequest((item_id,), op_act_list, wp_id, workers)))


def checkproc(call: Call, order_id: int, op_act_list: Pairs, wp_id: int, workers: Ids) -> dict[str, Any]:
    """Tell whether steps of an order may be done here, and what there is to know about them."""
    request = StepRequest((), op_act_list, wp_id, workers)
    reasons, op_info = checking.check_process(call, order_id, request)
    return check_answer(reasons, op_info=op_info)


def checkfirstpiece(
    call: Call, item: int, act: int, previous_op: int, workers: Ids, wp_id: int
) -> dict[str, Any]:
    """Tell whether the first piece of the run was checked."""
    return check_answer(firstpiece.check(call, item, act, previous_op, workers, wp_id))


def addncops(
    call: Call,
    order_id: int,
    op_act_list: Pairs,
    count: int,
    wp_id: int,
    workers: Ids,
    tm0: int | None = None,
    tm1: int | None = None,
) -> dict[str, list[int]]:
    """Count non-charged work on steps of an order."""
    draft = make_draft(call, tm0, tm1, count=count)
    request = StepRequest((), op_act_list, wp_id, workers, draft)
    return {"op_ids": noncharged.record(call, order_id, request)}


def addncopswithmat(
    call: Call,
    order_id: int,
    op: int | None,
    act: int | None,
    count: int,
    wp_id: int,
    workers: Ids,
    tm0: int | None = None,
    tm1: int | None = None,
    mat_auto: bool = False,
    mat: MatRows = (),
) -> dict[str, int]:
    """Count non-charged work on a step of an order, with its material."""
    draft = make_draft(call, tm0, tm1, count=count, mat_auto=mat_auto, mat=mat)
    request = StepRequest((), ((op, act),), wp_id, workers, draft)
    return {"op_id": noncharged.record(call, order_id, request)[0]}


def cancelop(call: Call, op_id: int, wp_id: int, workers: Ids, reason: str) -> Operation:
    """Take a wrong booking back."""
    return cancellation.cancel(call, op_id, wp_id, workers, reason)


def stopwork(call: Call, order_id: int, op_act_list: Pairs, wp_id: int, workers: Ids) -> dict[str, list[int]]:
    """Log the end of work."""
    request = StepRequest((), op_act_list, wp_id, workers)
    return {"wl_ids": recording.end_work(call, order_id, request)}


@narrowed_by("seconds_back", "ask for fewer seconds or fewer workplaces")
def getwplog(call: Call, wp_id: Ids, seconds_back: int) -> list[Operation]:
    """Return what was recorded at workplaces lately."""
    return history.recorded_at(call, wp_id, seconds_back)


METHODS = [
    Method("addop", addop, "write", line_from=("wp_id",)),
    Method("addopwithmat", addopwithmat, "write", line_from=("wp_id",)),
    Method("batch_addop", batch_addop, "write", line_from=("wp_id",), alone=True),
    Method("addopdata", addopdata, "write", line_from=("op_id",)),
    Method("canaddop", canaddop, "read", line_from=("wp_id",)),
    Method("checkproc", checkproc, "read", line_from=("wp_id",)),
    Method("checkfirstpiece", checkfirstpiece, "read", line_from=("wp_id",)),
    Method("addncops", addncops, "write", line_from=("wp_id",)),
    Method("addncopswithmat", addncopswithmat, "write", line_from=("wp_id",)),
    Method("cancelop", cancelop, "write", line_from=("op_id", "wp_id")),
    Method("stopwork", stopwork, "write", line_from=("wp_id",)),
    Method("getwplog", getwplog, "read", line_from=("wp_id",)),
]
