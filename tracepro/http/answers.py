"""Answers that no dispatcher makes: JSON-RPC errors without an id on ``/api``, problems of RFC 9457 elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, field
from http import HTTPStatus

import msgspec

from tracepro.calls.errors import InternalError
from tracepro.rpc.envelope import error_answer
from tracepro_hookspecs import CallError

JSON = "application/json"
PROBLEM = "application/problem+json"
RPC_PATHS = frozenset(("/api", "/api/"))
PROBLEM_TYPE = "urn:tracepro:problem:"

# The status of an error outside JSON-RPC, where every outcome of a call is 200.
STATUSES = {
    1000: 409,
    1001: 404,
    1002: 409,
    1003: 403,
    1004: 409,
    -32000: 503,
    -32001: 401,
    -32002: 403,
    -32003: 429,
    -32004: 409,
    -32005: 409,
    -32600: 400,
    -32602: 400,
    -32700: 400,
}


class NeverCalled(CallError):
    """The request never became a call; ``status`` and the sentence say why."""

    number = -32600

    def __init__(self, status: int, code: str, info: str) -> None:
        super().__init__(code, info)
        self.status = status


@dataclass(frozen=True)
class Answer:
    """A whole answer."""

    status: int
    media_type: str
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


def is_rpc(path: str) -> bool:
    """Tells whether a path is that of JSON-RPC."""
    return path in RPC_PATHS


def refusal(path: str, error: CallError) -> Answer:
    """Answers a request that ended in ``error``, in the words of the API that the path belongs to."""
    status = status_of(error)
    if is_rpc(path):
        return Answer(status, JSON, error_answer(None, error), headers_of(status))
    return Answer(status, PROBLEM, problem(status, error), headers_of(status))


def crash(path: str, request_id: str) -> Answer:
    """Answers what only our own bug can cause; JSON-RPC has its own number for it, so there it is 200."""
    answer = refusal(path, InternalError(request_id))
    return Answer(200, JSON, answer.body) if is_rpc(path) else answer


def problem(status: int, error: CallError) -> bytes:
    """Builds a problem: type, title, status, detail, ``error`` = the sentence, ``code`` = the stable word."""
    known = {
        "type": PROBLEM_TYPE + error.code,
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": error.info,
        "error": error.info,
        "code": error.code,
        "retryable": error.retryable,
    }
    return msgspec.json.encode({**known, **error.data})


def status_of(error: CallError) -> int:
    """Gives the HTTP status of an error: its own ``status`` if it has one, else by its number."""
    return getattr(error, "status", None) or STATUSES.get(error.number, 500)


def headers_of(status: int) -> dict[str, str]:
    """Gives the headers that a status asks for."""
    if status == 401:
        return {"WWW-Authenticate": "Bearer"}
    return {"Retry-After": "1"} if status in (429, 503) else {}
