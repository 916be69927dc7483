"""What an error is answered with: JSON-RPC errors without an id on ``/api``, problems of RFC 9457 elsewhere.

The edge asks here for what never reaches Falcon, Falcon for whatever its resources raise.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import falcon
from falcon.asgi import App, Request, Response

from tracepro.access.errors import Throttled
from tracepro.calls.errors import InternalError, NeverCalled
from tracepro.http.exchange import EXCHANGE
from tracepro.rest.problem import PROBLEM, problem
from tracepro.rpc.envelope import error_answer
from tracepro_hookspecs import CallError, Renderer
from tracepro_hookspecs.pages import ROOT as PAGES

LOG = logging.getLogger("tracepro.http")
RPC_PATHS = frozenset(("/api", "/api/"))

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
    -32005: 422,
    -32600: 400,
    -32602: 400,
    -32700: 400,
}


@dataclass(frozen=True)
class Answer:
    """A whole answer."""

    status: int
    media_type: str
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


def is_rpc(path: str) -> bool:
    """Tell whether a path is that of JSON-RPC."""
    return path in RPC_PATHS


def refusal(path: str, error: CallError) -> Answer:
    """Return the answer to a request that ended in ``error``, in the words of the API that the path belongs to."""
    status = _status_of(error)
    if is_rpc(path):
        return Answer(status, falcon.MEDIA_JSON, error_answer(None, error), _headers_of(status))
    return Answer(status, PROBLEM, problem(status, error), _headers_of(status))


def crash(path: str, request_id: str) -> Answer:
    """Return the answer to what only our own bug can cause; JSON-RPC has a number for it, so there it is 200."""
    answer = refusal(path, InternalError(request_id))
    return Answer(200, answer.media_type, answer.body) if is_rpc(path) else answer


def _status_of(error: CallError) -> int:
    """Return the HTTP status of an error: its own ``status`` if it has one, else by its number."""
    return getattr(error, "status", None) or STATUSES.get(error.number, 500)


def _headers_of(status: int) -> dict[str, str]:
    """Return the headers that a status asks for."""
    if status == 401:
        return {"WWW-Authenticate": "Bearer"}
    return {"Retry-After": "1"} if status in (429, 503) else {}


def add_handlers(app: App, renderer: Renderer | None = None) -> None:
    """Install the answers to every exception that can reach Falcon; a browser is told by a page where pages are."""
    app.add_error_handler(Exception, _answer_crash)
    app.add_error_handler(falcon.HTTPError, partial(_answer_falcon, renderer))
    app.add_error_handler(CallError, _answer_refusal)


async def _answer_refusal(req: Request, resp: Response, error: CallError, params: dict[str, Any]) -> None:
    if isinstance(error, Throttled) and error.delay:
        await asyncio.sleep(error.delay)
    _write(resp, refusal(req.path, error))
    req.scope[EXCHANGE].refusal_code = error.code
    error.with_traceback(
        None
    )  # a frame of its stack knows it: else only the garbage collector would free either


async def _answer_falcon(
    renderer: Renderer | None, req: Request, resp: Response, error: falcon.HTTPError, params: dict[str, Any]
) -> None:
    refused = _in_our_words(req, error)
    if renderer is not None and req.path.startswith(f"{PAGES}/"):
        answer_page(renderer, req, resp, refused)
    else:
        await _answer_refusal(req, resp, refused, params)
    resp.set_headers(error.headers or {})


def answer_page(renderer: Renderer, req: Request, resp: Response, error: CallError) -> None:
    """Answer a refusal as a page, and note it for the log."""
    answer = refusal(req.path, error)
    page = renderer.refusal(answer.status, error.info).encode()
    headers = {**answer.headers, **renderer.headers}
    _write(resp, Answer(answer.status, falcon.MEDIA_HTML, page, headers))
    req.scope[EXCHANGE].refusal_code = error.code


async def _answer_crash(req: Request, resp: Response, error: Exception, params: dict[str, Any]) -> None:
    request_id = req.scope[EXCHANGE].request_id
    LOG.error("Request %s failed.", request_id, exc_info=error)
    _write(resp, crash(req.path, request_id))


def _in_our_words(req: Request, error: falcon.HTTPError) -> NeverCalled:
    status, path = error.status_code, req.path[:200]
    if status == 404:
        return NeverCalled(404, "path-not-found", f"There is nothing at {path}; GET / tells what there is.")
    if status == 405:
        allowed = dict(error.headers or {}).get("Allow", "nothing")
        verb = "this verb" if req.method == "TRACE" else req.method  # the edge makes unknown verbs TRACE
        return NeverCalled(405, "verb-not-allowed", f"{path} doesn't take {verb}; it takes {allowed}.")
    return NeverCalled(status, "bad-request", str(error.description or error.title))


def _write(resp: Response, answer: Answer) -> None:
    resp.status = answer.status
    resp.data = answer.body
    resp.text = None
    resp.content_type = answer.media_type
    resp.set_headers(answer.headers)
