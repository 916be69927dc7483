"""``POST /api`` and ``POST /api/``: JSON-RPC over HTTP."""

from __future__ import annotations

import asyncio
from functools import partial

from falcon import MEDIA_JSON
from falcon.asgi import Request, Response

from tracepro.access.policy import Policy
from tracepro.calls.errors import NeverCalled
from tracepro.http.exchange import EXCHANGE, Exchange, authenticate, authenticate_first
from tracepro.http.pool import CallPool
from tracepro.rpc import strict_json
from tracepro.rpc.dispatcher import Dispatcher, RpcExchange
from tracepro.rpc.envelope import batch_answer, error_answer, refusal_answer
from tracepro_hookspecs import CallError, TryAgain

MEDIA_TYPES = frozenset(("application/json", "application/json-rpc", "application/jsonrequest"))
LOOP_BYTES = 16 * 1024
"""Up to this size a body is read and checked in the event loop: at most some hundred microseconds."""
REPLAYED = "Idempotency-Replayed"


class JsonRpc:
    """Reads a body, has the dispatcher answer it in threads, and writes the answer."""

    def __init__(self, policy: Policy, dispatcher: Dispatcher, pool: CallPool, limit: int) -> None:
        self._policy = policy
        self._dispatcher = dispatcher
        self._pool = pool
        self._limit = limit

    async def on_post(self, req: Request, resp: Response) -> None:
        """Answer one request; every outcome of its calls is 200."""
        exchange: Exchange = req.scope[EXCHANGE]
        _check_media_type(exchange.headers.get("content-type"))
        if not exchange.body.arrived:
            await authenticate_first(self._policy, self._pool, exchange)
        body = await exchange.body.read(self._limit)
        resp.content_type = MEDIA_JSON
        try:
            begin = partial(self._begin, exchange, body)
            rpc_exchange = await self._pool.run(begin, in_loop=self._short(exchange, body))
        except TryAgain as error:
            resp.data = await asyncio.to_thread(refuse_each, body, error, self._dispatcher.max_batch)
            exchange.refusal_code = error.code
            error.with_traceback(None)  # as in http/errors.py
            return
        resp.data = rpc_exchange.answer
        if rpc_exchange.replayed:
            resp.set_header(REPLAYED, "true")

    def _short(self, exchange: Exchange, body: bytes) -> bool:
        """Tell whether the event loop may begin with a body.

        Where threads wait for another process, all at once, the loop is who all of them wait for in the end.
        """
        short = len(body) <= LOOP_BYTES and self._pool.in_turns
        return short and not self._policy.needs_database(exchange)

    def _begin(self, exchange: Exchange, body: bytes) -> RpcExchange:
        caller = authenticate(self._policy, exchange)
        key, request_id, hold = exchange.idempotency_key, exchange.request_id, exchange.held.take
        return self._dispatcher.exchange(body, caller, key, request_id, exchange.count_calls, hold)


def refuse_each(body: bytes, error: CallError, max_batch: int) -> bytes:
    """Answer every call of a body with ``error``, when what comes before the calls could not be done now.

    A batch that is too long for any time is answered as one.
    """
    try:
        sent = strict_json.parse(body)[0]
    except strict_json.BadJson:
        sent = {"id": None}
    if not isinstance(sent, list):
        return refusal_answer(sent, error)
    if not sent or len(sent) > max_batch:
        return error_answer(None, error)
    return batch_answer(refusal_answer(request, error) for request in sent)


def _check_media_type(value: str | None) -> None:
    if value is None or value.partition(";")[0].strip().lower() not in MEDIA_TYPES:
        given = f"not {value[:100]!r}" if value else "none was sent"
        raise NeverCalled(
            415, "media-type", f"JSON-RPC is sent with the header Content-Type: application/json ({given})."
        )
