"""Falcon resources of the plugins' routes: one for each path, a responder for each verb."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from time import perf_counter
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from falcon.asgi import App, Response
from falcon.asgi import Request as HttpRequest

from tracepro.access.caller import Caller
from tracepro.calls.execution import Execution
from tracepro.calls.idempotency import checked_key, fingerprint
from tracepro.calls.invocation import Endpoint, Invocation
from tracepro.calls.log import log_call
from tracepro.calls.resumable import ResumableSteps, WriteSteps
from tracepro.http.exchange import EXCHANGE, Exchange, authenticate, authenticate_first
from tracepro.http.page_stream import PageStream, Rest
from tracepro.http.pool import CallPool
from tracepro.http.rpc import REPLAYED
from tracepro.rest.answers import PagedAnswer, decode_answer
from tracepro.rest.route import WARNING, BoundRoute, sent_values
from tracepro.rpc.answer_room import too_many_answers
from tracepro_hookspecs import CallError, Request

if TYPE_CHECKING:
    from tracepro.site import Site

MAX_WARNINGS = 20
PUBLIC_BODY = 16_384
"""Bytes of a body that anybody may send."""


class RouteCall(ResumableSteps):
    """One call of a route on its way to its answer; its record is written when it ends.

    ``check`` makes the checked request; it runs inside, so that a refused one is recorded too. ``page`` reads what
    follows of an answer in pages.
    """

    def __init__(
        self, resource: RouteResource, exchange: Exchange, caller: Caller, check: Callable[[], Request]
    ) -> None:
        super().__init__(self._run(resource, check))
        exchange.recorded = True
        self.request = Request()
        self.replayed = False
        self._caller = caller
        self._exchange = exchange
        self._line: str | None = None
        self.page: Callable[[Rest], bytes] | None = None
        self._invoked: Invocation | None = None

    @property
    def needs_thread(self) -> bool:
        """False once it only waits for its write."""
        return self._invoked is None or self._invoked.preparing

    def _run(self, resource: RouteResource, check: Callable[[], Request]) -> WriteSteps:
        began, error, endpoint = perf_counter(), None, resource.bound.endpoint
        try:
            resource.execution.check_scope(endpoint, self._caller)
            self.request = check()
            self._invoked = invocation = self._invocation(endpoint, resource.site.secret)
            try:
                answer = yield from resource.execution.steps(invocation)
                if isinstance(answer, PagedAnswer):
                    self.page = partial(resource.execution.page, invocation)
                return answer
            finally:
                self._invoked = None
                self._line, self.replayed = invocation.line, invocation.replayed
        except CallError as refusal:
            error = refusal
            raise
        finally:
            self._record(resource, perf_counter() - began, error)

    def _invocation(self, endpoint: Endpoint, secret: bytes) -> Invocation:
        sent, exchange, key, digest = sent_values(self.request), self._exchange, None, ""
        if exchange.idempotency_key is not None and endpoint.keyed:
            key = checked_key(exchange.idempotency_key)
            digest = fingerprint(secret, endpoint.name, sent)
        arguments = {"request": self.request}
        return Invocation(endpoint, self._caller, exchange.request_id, arguments, sent, key, digest)

    def _record(self, resource: RouteResource, seconds: float, error: CallError | None) -> None:
        name, request_id = resource.bound.endpoint.name, self._exchange.request_id
        number, code = (None, None) if error is None else (error.number, error.code)
        caller, line = self._caller, self._line
        log_call(request_id, name, caller, line, seconds, number, code, replayed=self.replayed)
        resource.metrics.call(name, number, code, seconds)


class RouteResource:
    """Serves one route's verb on one path."""

    def __init__(self, bound: BoundRoute, site: Site, execution: Execution, pool: CallPool) -> None:
        self.bound = bound
        self.site = site
        self.execution = execution
        self.metrics = pool.metrics
        self._pool = pool
        largest = PUBLIC_BODY if bound.route.public else site.parameter("api", "max_body_bytes")
        self._limit = bound.route.raw_limit or largest

    async def respond(self, req: HttpRequest, resp: Response, **path: str) -> None:
        """Read what was sent, have the call run in threads and write its answer.

        A body of a media type that the route doesn't take is left unread: the call refuses it once it knows who calls.
        """
        exchange: Exchange = req.scope[EXCHANGE]
        body = b""
        if self.bound.takes_body and self.bound.accepts(exchange.headers.get("content-type")):
            if not exchange.body.arrived and not self.bound.route.public:
                await authenticate_first(self.site.policy, self._pool, exchange)
            body = await exchange.body.read(self._limit)
        call = await self._pool.run(partial(self._begin, exchange, path, req.params, body))
        if not exchange.held.take(len(call.answer)) and self.bound.endpoint.access == "read":
            raise too_many_answers()
        status, headers, content = decode_answer(call.answer)
        if isinstance(call.answer, PagedAnswer) and call.page is not None:
            resp.stream = PageStream(content, call.answer.rest, call.page, self._pool, exchange.body)
        else:
            resp.data = content
        resp.status = status
        for name, value in headers.items():
            resp.append_header(name, value)  # a cookie can't be set otherwise
        if call.replayed:
            resp.set_header(REPLAYED, "true")
        if call.request.unknown:
            resp.set_header(WARNING, _header_value(call.request.unknown))

    def _begin(
        self, exchange: Exchange, path: Mapping[str, str], query: Mapping[str, Any], body: bytes
    ) -> RouteCall:
        policy = self.site.policy
        caller = policy.visitor(exchange) if self.bound.route.public else authenticate(policy, exchange)
        check = partial(self.bound.checked_request, path, query, exchange.headers, body)
        return RouteCall(self, exchange, caller, check)


def _header_value(names: Iterable[str]) -> str:
    """Return names as a header value; whatever a header can't have is percent-encoded."""
    return ", ".join(quote(name[:80], safe=" _-.") for name in list(names)[:MAX_WARNINGS])


def add_routes(app: App, resources: Iterable[RouteResource]) -> None:
    """Add the routes to Falcon, which takes one resource for all verbs of a path; what can be read has its headers alone too."""
    responders: dict[str, dict[str, Any]] = {}
    for resource in resources:
        by_verb = responders.setdefault(resource.bound.path, {})
        by_verb[f"on_{resource.bound.route.verb.lower()}"] = resource.respond
    for path, by_verb in responders.items():
        if "on_get" in by_verb:
            by_verb["on_head"] = by_verb["on_get"]
        app.add_route(path, SimpleNamespace(**by_verb))
