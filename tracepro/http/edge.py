"""The ASGI app in front of Falcon: lifespan, draining, request ids, and bodies that Falcon doesn't touch."""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from falcon import MEDIA_HTML

from tracepro import pages
from tracepro.access.caller import Caller
from tracepro.access.errors import Throttled
from tracepro.calls.errors import NeverCalled
from tracepro.calls.log import log_call
from tracepro.http.body import READ_SECONDS, BodyWaits, Receive, stopping
from tracepro.http.errors import Answer, crash, is_rpc, refusal
from tracepro.http.exchange import EXCHANGE, Exchange, RequestIds
from tracepro.http.in_flight import BytesInFlight
from tracepro.http.pool import CallPool
from tracepro.http.throttle import Throttle
from tracepro.metrics import Metrics
from tracepro_hookspecs import CallError, TryAgain

if TYPE_CHECKING:
    from tracepro.site import Site

LOG = logging.getLogger("tracepro.http")
Send = Callable[[dict[str, Any]], Awaitable[None]]
Scope = dict[str, Any]
VERBS = frozenset(("CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"))
HTML = (b"content-type", MEDIA_HTML.encode())
POLICY = b"content-security-policy"
PIECE = 256 * 1024
BYTES_IN_FLIGHT = 64_000_000
STREAM_SECONDS = 1.0
"""How long an answer in pages may still take when the process ends."""
ALIVE = "/healthz"
_ABSOLUTE = re.compile(r"https?://([^/?#]*)", re.IGNORECASE)
PROBES = frozenset((ALIVE, "/readyz"))


class Edge:
    """What the server calls: ``start`` and ``close`` run in a thread, after the fork and at the end.

    Falcon would wait for the first bytes of a body without a deadline, answer nothing to a client that left
    half-way and fail on a query that isn't UTF-8; so it gets an empty body, and the handlers read the
    real one through the exchange.
    """

    def __init__(
        self,
        app: Callable[[Scope, Receive, Send], Awaitable[None]],
        pool: CallPool,
        metrics: Metrics,
        *,
        start: Callable[[], object] = lambda: None,
        close: Callable[[], object] = lambda: None,
        read_seconds: float = READ_SECONDS,
        bytes_in_flight: int = BYTES_IN_FLIGHT,
        throttle: Throttle | None = None,
    ) -> None:
        self.app = app
        self.pool = pool
        self.metrics = metrics
        self._start = start
        self._close = close
        self._read_seconds = read_seconds
        self.in_flight = BytesInFlight(bytes_in_flight)
        self._waits = BodyWaits()
        self._ids = RequestIds()
        self._throttle = throttle or Throttle(0)
        self._streams: set[_AnswerSender] = set()
        self._streams_end: float | None = None
        self.draining = False
        self.site: Site | None = None

    @property
    def idle(self) -> bool:
        """True when no call is under way, and none that is still being received.

        An answer in pages is waited for a while only: its client may read slowly, and the next process waits to write.
        """
        streams = self._streams and (self._streams_end is None or time.monotonic() < self._streams_end)
        return self.pool.idle and self._waits.idle and not streams

    def refuse(self) -> None:
        """Answer everything from now on with 503; what is under way goes on."""
        if not self.draining:
            self._streams_end = time.monotonic() + STREAM_SECONDS
        self.draining = True

    def hurry(self) -> None:
        """Wait a moment only for bodies that have not come whole. In the loop."""
        self._waits.hurry()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI event stream."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1000})

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope = _in_origin_form(scope)
        exchange = Exchange(
            scope,
            receive,
            self._read_seconds,
            self._throttle,
            self.in_flight,
            self._waits,
            self._ids.next(),
        )
        answer = _AnswerSender(send, exchange, self.metrics, self._streams)
        began = time.perf_counter()
        try:
            self._admit(scope["path"], exchange)
            _check_framing(scope, exchange)
            await self.app(_for_falcon(scope, exchange), _empty_body, answer.send)
        except CallError as error:
            exchange.refusal_code = error.code
            if answer.started:  # in pages; a connection that ends without the last one tells the client
                LOG.warning("The answer to request %s breaks off: %s", exchange.request_id, error)
                return
            if isinstance(error, Throttled):
                await exchange.body.skip()  # the client keeps its connection and needs no other to wait
            await answer.send_whole(refusal(scope["path"], error))
        except Exception:
            LOG.exception("Request %s could not be answered.", exchange.request_id)
            if not answer.started:
                await answer.send_whole(crash(scope["path"], exchange.request_id))
        finally:
            exchange.held.end()
            self._streams.discard(answer)
        if exchange.refusal_code is not None and not exchange.recorded:
            self.metrics.refused(exchange.refusal_code)
            _log_refusal(scope, exchange, time.perf_counter() - began)
        await exchange.body.linger()

    def _admit(self, path: str, exchange: Exchange) -> None:
        """Refuse what is not even looked at. Raises TryAgain while draining or without a place, Throttled past the limit."""
        if self.draining and path != ALIVE:
            raise stopping()
        if exchange.surplus and path not in PROBES:
            raise TryAgain("busy", "Too many connections are open here; nothing was done, send it again.")
        if path not in PROBES:
            exchange.throttle()

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            event = (await receive())["type"]
            await send(await self._lifespan_answer(event))
            if event == "lifespan.shutdown":
                return

    async def _lifespan_answer(self, event: str) -> dict[str, Any]:
        starting = event == "lifespan.startup"
        try:
            await asyncio.to_thread(self._start if starting else self._stop)
        except Exception as error:
            LOG.debug("%s failed", event, exc_info=True)
            return {"type": f"{event}.failed", "message": str(error)}
        return {"type": f"{event}.complete"}

    def _stop(self) -> None:
        self._close()
        self.pool.close()
        self.metrics.count()


class _AnswerSender:
    """Sends an answer with the headers every answer has, and counts it.

    A client whose connection ends with the answer is told so. One that is sent page by page is among ``streams``.
    """

    def __init__(self, send: Send, exchange: Exchange, metrics: Metrics, streams: set[_AnswerSender]) -> None:
        self._send = send
        self._streams = streams
        self._exchange = exchange
        self._metrics = metrics
        self.started = False

    async def send(self, event: dict[str, Any]) -> None:
        if event["type"] == "http.response.start":
            self.started = True
            self._metrics.response(event["status"])
            headers = list(event.get("headers", ()))
            event["headers"] = [
                *headers,
                *(
                    pages.HEADERS
                    if HTML in headers and not any(name == POLICY for name, _ in headers)
                    else ()
                ),
                (b"x-request-id", self._exchange.request_id.encode()),
                (b"x-content-type-options", b"nosniff"),
                *(((b"connection", b"close"),) if self._exchange.ends_connection else ()),
            ]
        elif event.get("more_body", False):
            self._streams.add(self)
        if len(event.get("body", b"")) > PIECE:
            await self._send_in_pieces(event)
            return
        await self._send(event)

    async def _send_in_pieces(self, event: dict[str, Any]) -> None:
        """Send a large body as fast as it is read, so that it isn't held a second time by the connection."""
        body, more = event["body"], event.get("more_body", False)
        for start in range(0, len(body), PIECE):
            end = start + PIECE
            await self._send({**event, "body": body[start:end], "more_body": more or end < len(body)})

    async def send_whole(self, answer: Answer) -> None:
        headers = {
            "content-type": answer.media_type,
            "content-length": str(len(answer.body)),
            **answer.headers,
        }
        raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        await self.send({"type": "http.response.start", "status": answer.status, "headers": raw})
        await self.send({"type": "http.response.body", "body": answer.body})


def _in_origin_form(scope: Scope) -> Scope:
    """Return the scope of a request without the scheme and authority that its target may have (RFC 9112, 3.2.2).

    The authority of the target then is what counts as ``Host``.
    """
    found = _ABSOLUTE.match(scope["path"])
    if found is None:
        return scope
    headers = [(name, value) for name, value in scope["headers"] if name.lower() != b"host"]
    path = scope["path"][found.end() :] or "/"
    return {
        **scope,
        "path": path,
        "raw_path": path.encode("latin-1", "replace"),
        "headers": [*headers, (b"host", found[1].encode("latin-1", "replace"))],
    }


def _check_framing(scope: Scope, exchange: Exchange) -> None:
    """Refuse what HTTP/1.1 doesn't allow, and encodings that nothing here takes. Raises NeverCalled."""
    sent, headers = scope["headers"], exchange.headers
    hosts = int("host" in headers)
    if len(sent) > len(headers):  # some stand there twice
        hosts = sum(name.lower() == b"host" for name, _ in sent)
    if hosts > 1 or (not hosts and scope["http_version"] == "1.1"):
        info = f"A request of HTTP/1.1 has exactly one Host header (RFC 9112, 3.2); this one has {hosts}."
        raise NeverCalled(400, "host-header", info)
    if (encoding := headers.get("content-encoding", "").strip().lower()) not in ("", "identity"):
        info = (
            f"Content-Encoding {encoding[:80]!r} is not taken; send the body as it is, without that header."
        )
        raise NeverCalled(415, "content-encoding", info)


def _log_refusal(scope: Scope, exchange: Exchange, seconds: float) -> None:
    """Write the record of a request that never became a call; nobody knows its caller, only the address."""
    caller = Caller("-", None, frozenset(), None, exchange.peer or "", exchange.client_request_id)
    name = f"{scope['method']} {scope['path']}"
    log_call(exchange.request_id, name, caller, None, seconds, None, exchange.refusal_code)


async def _empty_body() -> dict[str, Any]:
    return {"type": "http.request", "body": b"", "more_body": False}


def _for_falcon(scope: Scope, exchange: Exchange) -> Scope:
    """Return the scope as Falcon can take it; a verb nobody knows becomes one that no resource serves."""
    method = scope["method"] if scope["method"] in VERBS else "TRACE"
    query = b"" if is_rpc(scope["path"]) else scope["query_string"].decode("utf-8", "replace").encode()
    return {**scope, "method": method, "query_string": query, EXCHANGE: exchange}
