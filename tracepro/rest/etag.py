"""ETags: a client that edits says which state it saw, and loses nothing of what others wrote meanwhile."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec

from tracepro.rest.problem import HttpProblem
from tracepro_hookspecs import Request

_encode = msgspec.json.Encoder(order="sorted").encode


def etag_of(value: Any) -> str:
    """Return the ETag of a value as it is answered: the same content has the same, on every server."""
    return f'"{hashlib.sha256(_encode(value)).hexdigest()[:32]}"'


def check_if_match(request: Request, value: Any, *parts: Any) -> None:
    """Refuse to change ``value`` if it changed since the client read it, or read one of its ``parts`` that has an ETag of its own.

    Raises HttpProblem 412; ``If-Match`` is never required.
    """
    if_match = request.if_match
    if if_match is None or if_match.strip() == "*":
        return
    seen = {tag.strip() for tag in if_match.split(",")}
    if seen.isdisjoint(map(etag_of, (value, *parts))):
        raise HttpProblem(
            412,
            "Changed meanwhile",
            "Somebody else changed it since it was read; read it again and repeat the change.",
            type="etag-mismatch",
        )
