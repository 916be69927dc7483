"""Refusals of REST: the problem of RFC 9457 as it is answered, and the one that JSON-RPC has no number for."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import msgspec

from tracepro_hookspecs import CallError

NUMBER = 1000
PROBLEM = "application/problem+json"
TYPE_PREFIX = "urn:tracepro:problem:"


class HttpProblem(CallError):
    """Ends the call, with nothing written, in this status and a problem of RFC 9457.

    ``title`` says what kind it is, ``detail`` is the sentence, ``type`` a word (or URI) that clients can tell
    two problems of one status apart by. Other members are added to the problem as they are.
    """

    number = NUMBER

    def __init__(
        self, status: int, title: str = "", detail: str = "", type: str = "", **members: Any
    ) -> None:
        title = title or HTTPStatus(status).phrase
        super().__init__(type or title.lower().replace(" ", "-"), detail or title, **members)
        self.status = status
        self.title = title


def problem(status: int, error: CallError) -> bytes:
    """Return a problem: type, title, status, detail, ``error`` = the sentence, ``code`` = the stable word."""
    members = {
        "type": TYPE_PREFIX + error.code,
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": error.info,
        "error": error.info,
        "code": error.code,
        "retryable": error.retryable,
    }
    return msgspec.json.encode({**members, **error.data})
