"""The audit: one row for every write, in the write's own transaction.

What is long stands in it as a digest: ``{"$digest": "sha256", "hex": …, "bytes": …}`` of its JSON.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from msgspec import Raw

from tracepro.calls.call import Call
from tracepro.calls.invocation import Invocation, encode_json
from tracepro.database import Insert
from tracepro.database.core_models import Audit

RECORD = Insert(Audit)
LARGEST = 64 * 1024
"""Bytes of JSON up to which parameters, and a value before or after a change, are kept as they are."""
LARGEST_CHANGES = 1024 * 1024
"""Bytes of all changes of a call; beyond, every value longer than SHORT is a digest."""
SHORT = 1024
_LONGEST = 255
_BYTES_OF_CHARACTER = 6


def record(call: Call, invocation: Invocation) -> None:
    """Write who did what, where and when; the parameters of a ``secret`` endpoint are left out."""
    params = b"{}" if invocation.endpoint.secret else encode_json(invocation.sent)
    call.db.defer_insert(
        RECORD,
        tm=call.now,
        caller=call.caller.name,
        worker=_workers(invocation.arguments),
        wp_id=_workplace(invocation.arguments),
        line=call.line,
        method=invocation.endpoint.name,
        params=(params if len(params) <= LARGEST else _digest(params)).decode(),
        changes=_encoded(call.changes) if call.changes else "[]",
        idempotency_key=invocation.key,
        request_id=call.request_id,
        address=call.caller.address,
        client_request_id=call.caller.client_request_id,
    )


def _encoded(changes: Sequence[Mapping[str, Any]]) -> str:
    """Return changes as JSON, with digests in the place of what is too long."""
    encoded = encode_json(changes)
    for whole, value in ((LARGEST, LARGEST), (LARGEST_CHANGES, SHORT)):
        if len(encoded) > whole:
            encoded = encode_json([_shortened(change, value) for change in changes])
    return encoded.decode()


def _shortened(change: Mapping[str, Any], longest: int) -> Mapping[str, Any]:
    """Return a change with digests of those of its values that have more bytes than ``longest``."""
    unsure = [name for name in ("before", "after") if not _surely_short(change[name], longest)]
    if not unsure:
        return change
    values = {name: encode_json(change[name]) for name in unsure}
    digests = {name: Raw(_digest(value)) for name, value in values.items() if len(value) > longest}
    return {**change, **digests}


def _surely_short(value: Any, longest: int) -> bool:
    """Tell that a value is short without encoding it: an import has hundreds of thousands of them."""
    if isinstance(value, str):
        return len(value) * _BYTES_OF_CHARACTER <= longest
    return value is None or isinstance(value, int)


def _digest(encoded: bytes) -> bytes:
    """Return the digest that stands in the place of JSON."""
    return encode_json({"$digest": "sha256", "hex": sha256(encoded).hexdigest(), "bytes": len(encoded)})


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
