"""What the API calls; every function here is one JSON-RPC method."""

from __future__ import annotations

from tracepro_hookspecs import Call, Method
from tracepro_seal import blocks
from tracepro_seal.blocks import Header


def getaudithead(call: Call) -> dict[str, Header | None]:
    """Return the newest head, null while nothing is sealed."""
    last = blocks.last(call.db)
    return {"head": last.head if last else None}


METHODS = [Method("getaudithead", getaudithead, "read")]
