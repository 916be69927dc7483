"""What a command changes: in a transaction of its own, with its audit row, told afterwards."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any, TypeVar

from tracepro.access.caller import SYSTEM
from tracepro.calls import audit
from tracepro.calls.call import Call
from tracepro.calls.invocation import Endpoint, Invocation
from tracepro.calls.site import Site
from tracepro.database import Session
from tracepro.database.inside import enter, leave

Result = TypeVar("Result")


def run_command(site: Site, endpoint: Endpoint, sent: Any, change: Callable[[Call], Result]) -> Result:
    """Run ``change(call)`` as the system and return its result; ``sent`` is what the audit keeps of the command.

    Whatever it raises takes everything back, the audit row too.
    """

    def transaction(db: Session) -> tuple[Call, Result]:
        call = Call(site, db, SYSTEM, request_id=secrets.token_hex(8))
        enter(endpoint.name)
        try:
            result = change(call)
        finally:
            leave()
        record_command(call, endpoint, sent)
        return call, result

    call, result = site.store.write_inline(transaction)
    for name, function in call.notifications:
        site.notifier.put(function, name)
    return result


def record_command(call: Call, endpoint: Endpoint, sent: Any) -> None:
    """Write the audit row of a command."""
    audit.record(call, Invocation(endpoint, SYSTEM, call.request_id, {}, sent))
