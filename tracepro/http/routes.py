"""Falcon resources of the plugins' routes: one for each path, a responder for each verb."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future
from functools import partial
from time import perf_counter
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

from falcon.asgi import App, Response
from falcon.asgi import Request as HttpRequest

from tracepro.access.caller import Caller
from tracepro.calls.execution import Execution
from tracepro.calls.idempotency import checked_key, fingerprint
from tracepro.calls.invocation import Endpoint, Invocation
from tracepro.calls.log import log_call
from tracepro.calls.resumable import ResumableSteps
from tracepro.http.exchange import EXCHANGE, Exchange
from tracepro.http.pool import CallPool
from tracepro.http.rpc import REPLAYED
from tracepro.rest.envelope import opened
from tracepro.rest.route import BoundRoute, sent
from tracepro_hookspecs import CallError, Request

WARNING = "Warning-Fields"
MOST_WARNINGS = 20


class RouteCall(ResumableSteps):
    """One call of a route on its way to its answer; its record is written when it ends.

    ``request`` makes the checked request; it runs inside, so that a refused one is recorded too.
    """

    def __init__(
        self, here: RouteResource, exchange: Exchange, caller: Caller, request: Callable[[], Request]
    ) -> None:
        super().__init__(self._run(here, request))
        exchange.recorded = True
        self.request = Request()
        self.replayed = False
        self._caller = caller
        self._exchange = exchange
        self._line: str | None = None

    def _run(
        self, here: RouteResource, request: Callable[[], Request]
    ) -> Generator[Future[Any], None, bytes]:
        began, error, endpoint = perf_counter(), None, here.bound.endpoint
        try:
            here.execution.check_scope(endpoint, self._caller)
            self.request = request()
            invocation = self._invocation(endpoint, here.site.secret)
            try:
                return (yield from here.execution.steps(invocation))
            finally:
                self._line, self.replayed = invocation.line, invocation.replayed
        except CallError as refusal:
            error = refusal
            raise
        finally:
            self._record(here, perf_counter() - began, error)

    def _invocation(self, endpoint: Endpoint, secret: bytes) -> Invocation:
        said, exchange = sent(self.request), self._exchange
        invocation = Invocation(endpoint, self._caller, exchange.request_id, {"request": self.request}, said)
        if exchange.idempotency_key is not None and endpoint.keyed:
            invocation.key = checked_key(exchange.idempotency_key)
            invocation.fingerprint = fingerprint(secret, endpoint.name, said)
        return invocation

    def _record(self, here: RouteResource, seconds: float, error: CallError | None) -> None:
        name, number, code = here.bound.endpoint.name, error and error.number, error and error.code
        who = self._caller.name
        log_call(
            self._exchange.request_id, name, who, self._line, seconds, number, code, replayed=self.replayed
        )
        here.site.metrics.call(name, number, code, seconds)


class RouteResource:
    """Serves one route's verb on one path."""

    def __init__(self, bound: BoundRoute, site: Any, execution: Execution, pool: CallPool) -> None:
        self.bound = bound
        self.site = site
        self.execution = execution
        self._pool = pool
        self._limit = bound.route.raw_limit or site.parameter("api", "max_body_bytes")

    async def respond(self, req: HttpRequest, resp: Response, **path: str) -> None:
        """Reads what was sent, has the call run in threads and writes its answer."""
        exchange: Exchange = req.scope[EXCHANGE]
        body = b""
        if self.bound.takes_body:
            self.bound.check_media_type(exchange.headers.get("content-type"))
            body = await exchange.body.read(self._limit)
        call = await self._pool.run(partial(self._begin, exchange, path, req.params, body))
        status, headers, resp.data = opened(call.answer)
        resp.status = status
        resp.set_headers(headers)
        if call.replayed:
            resp.set_header(REPLAYED, "true")
        if call.request.unknown:
            resp.set_header(WARNING, _listed(call.request.unknown))

    def _begin(self, exchange: Exchange, path: Any, query: Any, body: bytes) -> RouteCall:
        headers = exchange.headers
        caller = self.site.policy.authenticate(headers.get("authorization"), exchange.peer, headers)
        return RouteCall(self, exchange, caller, partial(self.bound.request, path, query, headers, body))


def _listed(names: Iterable[str]) -> str:
    """Gives names as a header value; whatever a header can't have is percent-encoded."""
    return ", ".join(quote(name[:80], safe=" _-.") for name in list(names)[:MOST_WARNINGS])


def add_routes(
    app: App, bounds: Iterable[BoundRoute], resource_of: Callable[[BoundRoute], RouteResource]
) -> None:
    """Adds the routes to Falcon, the verbs of one path in one resource."""
    by_path: dict[str, list[BoundRoute]] = {}
    for bound in bounds:
        by_path.setdefault(bound.path, []).append(bound)
    for path, those in by_path.items():
        app.add_route(
            path,
            SimpleNamespace(**{f"on_{one.route.verb.lower()}": resource_of(one).respond for one in those}),
        )
