"""The way of a call in the development mode: what is answered is what its schema promises, or the call fails."""

from __future__ import annotations

import logging

from tracepro.calls.call import Call
from tracepro.calls.errors import ContractBroken
from tracepro.calls.execution import Execution
from tracepro.calls.invocation import Invocation
from tracepro.calls.running import watched
from tracepro.calls.site import Site

LOG = logging.getLogger("tracepro.calls")


class StrictExecution(Execution):
    """Judges each answer inside its transaction, so that a wrong one writes nothing."""

    def _read(self, invocation: Invocation, call: Call) -> bytes:
        answer = super()._read(invocation, call)
        endpoint = invocation.endpoint
        fault = endpoint.fault(answer)
        if fault is None:
            return answer
        kind = "write" if call.db.writable else "read"
        broken = ContractBroken(str(watched(endpoint.plugin, endpoint.name, kind)), fault)
        LOG.error("%s Request %s", broken.info, invocation.request_id)
        raise broken


def execution_of(site: Site, *, inline: bool) -> Execution:
    """Return what runs the calls of a site."""
    return (StrictExecution if site.strict else Execution)(site, inline=inline)
