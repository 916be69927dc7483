"""The worker log: what workers did where, one row an action, never changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tracepro.database import Insert
from tracepro_hookspecs import Archive, Call
from tracepro_hookspecs.records import Block, Workplace
from tracepro_schemas import defs
from tracepro_workers import models as m

NEW_ENTRY = Insert(m.LogEntry)
ARCHIVE = Archive(
    m.LogEntry, m.LogEntry.tm, "The worker log: who logged in, worked, stopped and blocked where."
)


def log_row(
    call: Call,
    worker_id: int | None,
    wp_id: int | None,
    action: int,
    info: str = "",
    order_id: int | None = None,
    op: int | None = None,
    param: Any = None,
) -> dict[str, Any]:
    """Return the row of an action that happens now; ``action`` is a WWL value, ``param`` any JSON value."""
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


def log_action(
    call: Call,
    worker_id: int | None,
    wp_id: int | None,
    action: int,
    info: str = "",
    order_id: int | None = None,
    op: int | None = None,
    param: Any = None,
) -> int:
    """Write the row of an action that happens now and return its id; ``action`` is a WWL value."""
    return call.db.insert(NEW_ENTRY, **log_row(call, worker_id, wp_id, action, info, order_id, op, param))


def log_actions(call: Call, rows: Sequence[dict[str, Any]]) -> list[int]:
    """Write several rows made by :func:`log_row` in one statement and return their ids in order."""
    return call.db.insert_many(NEW_ENTRY, rows) if rows else []


def log_block(call: Call, workplace: Workplace, block: Block | None) -> None:
    """Write the row of a workplace that was blocked, or unblocked with no block."""
    action = defs.WWL_BLOCK if block else defs.WWL_UNBLOCK
    log_action(call, None, workplace.id, action, block.reason if block else "")
