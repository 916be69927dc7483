"""What the API calls of operations; every function here is one JSON-RPC method."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tracepro_hookspecs import Method, Reason, Refused
from tracepro_hookspecs.records import Draft
from tracepro_items import checking, data, history, reasons, recording, times, units
from tracepro_schemas import defs

Ids = Sequence[int]
DataRows = Sequence[tuple[int, str, Any]]
MatRows = Sequence[tuple[int, str, int, int]]
Pairs = Sequence[tuple[int | None, int | None]]


def addop(
    call: Any, item_id: int, op: int | None, act: int | None, wp_id: int, workers: Ids, tm0: int | None = None,
    tm1: int | None = None, result: int = 0, mat_auto: bool = False, data: DataRows = (),
) -> dict[str, int]:  # fmt: skip
    """Records an operation on a unit."""
    draft = drafted(call, tm0, tm1, result, mat_auto, data)
    recorded = recording.record_operations(call, (item_id,), op, act, wp_id, workers, draft)
    return {"op_id": recorded.ops[0][1]}


def addopwithmat(
    call: Any, item_id: int, op: int | None, act: int | None, wp_id: int, workers: Ids, tm0: int | None = None,
    tm1: int | None = None, result: int = 0, mat_auto: bool = False, data: DataRows = (), mat: MatRows = (),
) -> dict[str, int]:  # fmt: skip
    """Records an operation on a unit with the material it took."""
    draft = drafted(call, tm0, tm1, result, mat_auto, data, mat)
    recorded = recording.record_operations(call, (item_id,), op, act, wp_id, workers, draft)
    return {"op_id": recorded.ops[0][1]}


def batch_addop(
    call: Any, item_ids: Ids, op: int | None, act: int | None, wp_id: int, workers: Ids, tm0: int | None = None,
    tm1: int | None = None, result: int = 0, mat_auto: bool = False, data: DataRows = (), mat: MatRows = (),
) -> dict[str, Any]:  # fmt: skip
    """Records an operation on several units, all or none; bad ones are skipped."""
    draft = drafted(call, tm0, tm1, result, mat_auto, data, mat)
    recorded = recording.record_operations(call, item_ids, op, act, wp_id, workers, draft, skip_bad=True)
    ops = [{"item_id": item_id, "op_id": op_id} for item_id, op_id in recorded.ops]
    return {"ops": ops, "skipped": recorded.skipped}


def drafted(
    call: Any, tm0: int | None, tm1: int | None, result: int = 0, mat_auto: bool = False, rows: DataRows = (),
    mat: MatRows = (), count: int = 1,
) -> Draft:  # fmt: skip
    """Makes what is about to be recorded from an API call's parameters; raises InvalidParams."""
    begin, end = times.interval(call, tm0, tm1)
    if rows:
        data.check("data", rows)
    return Draft(begin, end, result, count, mat_auto, tuple(rows), tuple(mat))


def addopdata(call: Any, op_id: int, data_list: DataRows) -> dict[str, int]:
    """Adds data rows to a recorded operation."""
    return {"op_id": add_data(call, op_id, data_list)}


def add_data(call: Any, op_id: int, rows: DataRows) -> int:
    """Adds data rows to a recorded operation and does what they say; raises ``operation-not-found``."""
    data.check("data_list", rows)
    _, unit = standing(call, op_id)
    if unit.tp == defs.ITEM_TP_NONCHARGED:
        data.check_without_unit("data_list", rows)
    data.add(call, unit, op_id, rows)
    return op_id


def standing(call: Any, op_id: int) -> tuple[history.Row, units.Unit]:
    """Returns an operation and its unit, and keeps it from being cancelled until the call ends.

    Raises ``operation-not-found``; one that is cancelled already is refused (``op-not-latest``).
    """
    unit = units.locked(call, history.row(call, op_id).item_id)
    row = history.row(call, op_id)
    if row.cancelled:
        raise Refused([reasons.cancelled(row)])
    return row, unit


def answer(reasons: Sequence[Reason], **more: Any) -> dict[str, Any]:
    """Makes the answer of a check."""
    return {"ok": not reasons, "reasons": reasons, **more}


def canaddop(call: Any, item_id: int, op_act_list: Pairs, wp_id: int, workers: Ids) -> dict[str, Any]:
    """Tells whether operations may be recorded on a unit, one after the other."""
    return answer(checking.check_operations(call, (item_id,), op_act_list, wp_id, workers))


def checkproc(call: Any, order_id: int, op_act_list: Pairs, wp_id: int, workers: Ids) -> dict[str, Any]:
    """Tells whether steps of an order may be done here, and what there is to know about them."""
    reasons, shown = checking.check_process(call, order_id, op_act_list, wp_id, workers)
    return answer(reasons, op_info=shown)


METHODS = [
    Method("addop", addop, "write", line_from=("wp_id",)),
    Method("addopwithmat", addopwithmat, "write", line_from=("wp_id",)),
    Method("addopdata", addopdata, "write"),
    Method("canaddop", canaddop, "read", line_from=("wp_id",)),
    Method("checkproc", checkproc, "read", line_from=("wp_id",)),
    Method("batch_addop", batch_addop, "write", line_from=("wp_id",), alone=True),
]
