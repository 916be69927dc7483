"""The audit: one row for every write, in the write's own transaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tracepro.calls.call import Call
from tracepro.calls.invocation import Invocation, encode_json
from tracepro.database import Insert
from tracepro.database.core_models import Audit

RECORD = Insert(Audit)
_LONGEST = 255


def record(call: Call, invocation: Invocation) -> None:
    """Write who did what, where and when; the parameters of a ``secret`` endpoint are left out."""
    secret = invocation.endpoint.secret
    call.db.insert(
        RECORD,
        tm=call.now,
        caller=call.caller.name,
        worker=_workers(invocation.arguments),
        wp_id=_workplace(invocation.arguments),
        line=call.line,
        method=invocation.endpoint.name,
        params="{}" if secret else encode_json(invocation.sent).decode(),
        changes=encode_json(call.changes).decode() if call.changes else "[]",
        idempotency_key=invocation.key,
        request_id=call.request_id,
        address=call.caller.address,
        client_request_id=call.caller.client_request_id,
    )


def _workers(arguments: Mapping[str, Any]) -> str | None:
    """Return the ids of the workers a call names, as text."""
    workers = arguments.get("workers")
    if isinstance(workers, tuple) and workers:
        return ",".join(map(str, workers))[:_LONGEST]
    worker = arguments.get("worker_id")
    return str(worker)[:_LONGEST] if isinstance(worker, int) else None


def _workplace(arguments: Mapping[str, Any]) -> int | None:
    """Return the one workplace a call names; of several, the parameters tell."""
    wp_id = arguments.get("wp_id")
    if isinstance(wp_id, tuple) and len(wp_id) == 1:
        wp_id = wp_id[0]
    return wp_id if isinstance(wp_id, int) else None
