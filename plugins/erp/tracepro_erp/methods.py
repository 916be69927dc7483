"""What the API calls; every function here is one JSON-RPC method."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tracepro.database import running_elsewhere
from tracepro_erp import queue, reported, worked
from tracepro_hookspecs import Call, Method

Ids = Sequence[int]


def reportoptime(
    call: Call, order_id: int, op: int | None, act: int | None, wp_id: int, workers: Ids, seconds: int
) -> dict[str, int]:
    """Tell the ERP of time spent on a step without recording an operation."""
    return {"queue_id": reported.report(call, order_id, op, act, wp_id, workers, seconds)}


def getreportedwork(call: Call, worker_id: int) -> dict[str, Any]:
    """Return what a worker did in the current shift."""
    return worked.of_shift(call, worker_id)


def erpqueue(call: Call, after: int = 0, limit: int = 100) -> dict[str, Any]:
    """Return what the ERP has not got yet, in the order of commits."""
    rows = queue.page(call.db, after, limit, call.prepared)
    return {"rows": rows, "next": rows[-1]["id"] if rows else None}


def prepare_erpqueue(call: Call, after: int = 0, limit: int = 100) -> list[int]:
    """Return the transactions that hold nothing back."""
    return running_elsewhere(call.db)


def erpdone(call: Call, ids: Ids) -> dict[str, int]:
    """Take rows off the queue, which the ERP has."""
    done = queue.mark_done(call.db, ids, call.now)
    call.changed("erp queue", "waiting", done, [])
    queue.purge(call.db, call.parameter("erp", "keep_days"), call.now)
    return {"done": len(done)}


METHODS = [
    Method("reportoptime", reportoptime, "write", line_from=("wp_id",)),
    Method("getreportedwork", getreportedwork, "read"),
    Method("erpqueue", erpqueue, "read", prepare=prepare_erpqueue, plant_wide=True),
    Method("erpdone", erpdone, "write", plant_wide=True),
]
