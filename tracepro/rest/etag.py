"""ETags: a client that edits says which state it saw, and loses nothing of what others wrote meanwhile."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec

from tracepro.rest.problem import HttpProblem
from tracepro_hookspecs import Request

_encode = msgspec.json.Encoder(order="sorted").encode


def etag_of(thing: Any) -> str:
    """Gives the ETag of an object as it is answered: the same content has the same, on every server."""
    return f'"{hashlib.sha256(_encode(thing)).hexdigest()[:32]}"'


def check_if_match(request: Request, thing: Any) -> None:
    """Refuses a change that another one came before. Raises HttpProblem 412; ``If-Match`` is never required."""
    wanted = request.if_match
    if wanted is None or wanted.strip() == "*":
        return
    if etag_of(thing) not in [one.strip() for one in wanted.split(",")]:
        raise HttpProblem(
            412,
            "Changed meanwhile",
            "Somebody else changed it since it was read; read it again and repeat the change.",
            type="etag-mismatch",
        )
