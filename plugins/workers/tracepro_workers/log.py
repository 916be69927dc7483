"""The worker log: what workers did where, one row an action, never changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tracepro.database import Insert
from tracepro_hookspecs import Call
from tracepro_workers import models as m

NEW = Insert(m.Entry)


def row(
    call: Call,
    worker_id: int | None,
    wp_id: int | None,
    action: int,
    info: str = "",
    order_id: int | None = None,
    op: int | None = None,
    param: Any = None,
) -> dict[str, Any]:
    """Return the log row of an action that happens now."""
    return {
        "tm": call.now,
        "worker_id": worker_id,
        "wp_id": wp_id,
        "action": action,
        "info": info,
        "order_id": order_id,
        "op": op,
        "param": param,
    }


def log(
    call: Call,
    worker_id: int | None,
    wp_id: int | None,
    action: int,
    info: str = "",
    order_id: int | None = None,
    op: int | None = None,
    param: Any = None,
) -> int:
    """Write one row and returns its id; ``action`` is a WWL value."""
    return call.db.insert(NEW, **row(call, worker_id, wp_id, action, info, order_id, op, param))


def log_all(call: Call, rows: Sequence[dict[str, Any]]) -> list[int]:
    """Write several rows made by :func:`row` in one statement and returns their ids in order."""
    return call.db.insert_many(NEW, rows) if rows else []
