"""Turns what handlers raise into answers; Falcon asks here for every exception."""

from __future__ import annotations

import logging
from typing import Any

import falcon
from falcon.asgi import App, Request, Response

from tracepro.http.answers import Answer, NeverCalled, crash, refusal
from tracepro.http.exchange import EXCHANGE
from tracepro_hookspecs import CallError

LOG = logging.getLogger("tracepro.http")


def add_handlers(app: App) -> None:
    """Installs the answers to every exception that can reach Falcon."""
    app.add_error_handler(Exception, _crashed)
    app.add_error_handler(falcon.HTTPError, _by_falcon)
    app.add_error_handler(CallError, _refused)


async def _refused(req: Request, resp: Response, error: CallError, params: Any) -> None:
    _give(resp, refusal(req.path, error))
    req.scope[EXCHANGE].refused = error.code


async def _by_falcon(req: Request, resp: Response, error: falcon.HTTPError, params: Any) -> None:
    await _refused(req, resp, _worded(req, error), params)
    resp.set_headers(error.headers or {})


def _worded(req: Request, error: falcon.HTTPError) -> NeverCalled:
    status, path = error.status_code, req.path[:200]
    if status == 404:
        return NeverCalled(404, "path-not-found", f"There is nothing at {path}; GET / tells what there is.")
    if status == 405:
        allowed = dict(error.headers or {}).get("Allow", "nothing")
        verb = "this verb" if req.method == "TRACE" else req.method  # the edge makes unknown verbs TRACE
        return NeverCalled(405, "verb-not-allowed", f"{path} doesn't take {verb}; it takes {allowed}.")
    return NeverCalled(status, "bad-request", str(error.description or error.title))


async def _crashed(req: Request, resp: Response, error: Exception, params: Any) -> None:
    request_id = req.scope[EXCHANGE].request_id
    LOG.error("Request %s failed.", request_id, exc_info=error)
    _give(resp, crash(req.path, request_id))


def _give(resp: Response, answer: Answer) -> None:
    resp.status = answer.status
    resp.data = answer.body
    resp.text = None
    resp.content_type = answer.media_type
    resp.set_headers(answer.headers)
