"""One client connection: gunicorn's ASGI protocol, with some corners settled otherwise."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

from tracepro.http.exchange import BODY_ARRIVED, SURPLUS
from tracepro.server.bounded import BoundedProtocol

if TYPE_CHECKING:
    import asyncio

    from gunicorn.asgi.parser import CallbackRequest

    from tracepro.server.worker import Worker

HEADER_SECONDS = 10.0
SURPLUS_HEADER_SECONDS = 2.0
UNREAD_SECONDS = 30.0


# gunicorn has no public way into its protocol, so this class overrides private methods and reads private
# attributes of it; a comment at each says why. tests/packaging/test_private_seams.py lists them, and
# setup.cfg pins gunicorn to one minor release.
class Connection(BoundedProtocol):
    """Serves one connection.

    Beside gunicorn's own behaviour: a client that closes its sending half still gets its answer; headers of any
    request that don't arrive in time, counted from its first byte, end the connection; one that found no place is told
    so with its first answer and closed; a leaving worker hands it over between two requests, or
    announces its close, so that no client loses a request it sends on a connection it was told to keep; an
    answer that nobody reads ends the connection; no framing error is a 5xx. ``adopted`` says that another worker served it
    before.
    """

    worker: Worker
    _closed: bool

    def __init__(self, worker: Worker, *, adopted: bool = False) -> None:
        super().__init__(worker)
        self._adopted = adopted
        self._half_closed = False
        self._receiving = False  # bytes of a request have come that is not complete
        self._surplus = False
        self._headers_since = 0.0
        self._idle_since = 0.0
        self._header_timer: asyncio.TimerHandle | None = None
        self._unread_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:
        """Count the connection, find it a place and give its first headers a deadline."""
        self.worker.connections.add(self)
        super().connection_made(transport)
        peer = transport.get_extra_info("peername") or ("",)
        self._surplus = not self.worker.places.take(self, str(peer[0]))
        if self._adopted:
            self._arm_keepalive_timer()  # it is between two requests; gunicorn arms it after an answer only
        else:
            self._arm_header_timer()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._cancel_header_timer()
        self._cancel_unread_timer()
        self.worker.connections.discard(self)
        self.worker.places.leave(self)
        super().connection_lost(exc)

    def eof_received(self) -> bool:
        """Keep the sending half open while an answer is owed; a body cut short is told to its reader."""
        receiver = self._body_receiver  # the request under way: gunicorn closes whatever is owed
        if receiver is None or self._closed:
            return False
        self._half_closed = True
        if not receiver._complete:  # the rest of the body can't come any more
            receiver.signal_disconnect()
        return True

    def pause_writing(self) -> None:
        """Give the client a deadline to read the whole of its answer, however steadily it reads."""
        super().pause_writing()
        self._arm_unread_timer()

    @property
    def idle(self) -> bool:
        """True between two requests: nothing is owed, and nothing of the next one has come."""
        # gunicorn knows it and tells nobody: it waits for a request, and none is parsed already.
        return self._awaiting_request and not self._receiving and not self._request_ready.is_set()

    @property
    def has_everything(self) -> bool:
        """True when the client has got every answer."""
        return self._closed or (self.idle and not self.transport.get_write_buffer_size())

    def headers_missing_for(self) -> float:
        """Return for how many seconds the headers of a request have been missing; 0 when none are."""
        if self._header_timer is None or self._closed:
            return 0.0
        return self.worker.loop.time() - self._headers_since

    def idle_for(self) -> float:
        """Return for how many seconds the connection has been between two requests; 0 when it isn't."""
        return self.worker.loop.time() - self._idle_since if not self._closed and self.has_everything else 0.0

    def close_unbegun(self) -> None:
        """Close the connection unless the head of a request has come whole; half a head is owed nothing."""
        if self._receiving:
            self._end_headless(503, "The server is stopping; send the request again.")
        elif not self._closed:
            self.close_if_idle()

    def end_now(self) -> None:
        """End the connection and free its descriptor, whatever is still to be sent."""
        self._end_late_headers()
        self.transport.abort()

    def close_if_idle(self) -> None:
        """Close the connection unless a request is under way."""
        if self.idle:
            self._keepalive_timeout()  # what gunicorn does with an idle connection when its time is up

    def hand_over(self) -> None:
        """Give the connection to another worker, unless a request is under way or nobody can take it now.

        The socket itself goes; what the client sends meanwhile waits in it for the one who reads next.
        """
        transport = self.transport
        if not self.idle or self._half_closed or self._closed or transport.get_write_buffer_size():
            return
        transport.pause_reading()
        client = transport.get_extra_info("socket").fileno()
        try:
            socket.send_fds(self.worker.app.handover_send, [b"c"], [client])
        except OSError:
            transport.resume_reading()
            return
        self._closed = True  # so that gunicorn doesn't shut the socket down, which would end it for both
        transport.abort()
        self._request_ready.set()  # wakes gunicorn's task, which sees the end

    def _end_late_headers(self) -> None:
        self._end_headless(408, "The request's headers did not arrive in time.")

    def _end_headless(self, status: int, sentence: str) -> None:
        if self._current_request is None and not self._closed:  # set once the headers are complete
            if self._receiving:
                self._send_error_response(status, sentence)
            self._keepalive_timeout()

    def _arm_header_timer(self) -> None:
        loop = self.worker.loop
        self._headers_since = loop.time()
        seconds = SURPLUS_HEADER_SECONDS if self._surplus else HEADER_SECONDS
        self._header_timer = loop.call_later(seconds, self._end_late_headers)

    def _cancel_header_timer(self) -> None:
        if self._header_timer is not None:
            self._header_timer.cancel()
            self._header_timer = None

    def _arm_unread_timer(self) -> None:
        if self._unread_timer is None:
            self._unread_timer = self.worker.loop.call_later(UNREAD_SECONDS, self._end_unread)

    def _end_unread(self) -> None:
        """End the connection, unless its client has read everything after all and waits for nothing."""
        self._unread_timer = None
        if self.transport.get_write_buffer_size() or not self._awaiting_request:
            self.transport.abort()

    def _cancel_unread_timer(self) -> None:
        if self._unread_timer is not None:
            self._unread_timer.cancel()
            self._unread_timer = None

    def _watch_unread(self) -> None:
        """Give what is left of an answer that was made a deadline, or end the one it had when nothing is left."""
        if self.transport.get_write_buffer_size():
            self._arm_unread_timer()
        else:
            self._cancel_unread_timer()

    # Overridden: gunicorn shuts the sending half down first. Where the client has reset the connection that raises,
    # gunicorn gives up, and descriptor and object would stay for ever; a transport that is closed twice minds nothing.
    def _close_transport(self) -> None:
        super()._close_transport()
        self.transport.close()
        if self.transport.get_write_buffer_size():
            self._arm_unread_timer()

    # Overridden: the only place that sees bytes of a request before its headers are complete. Headers that come whole,
    # as nearly all do, need no timer; and line ends between two requests are none yet (RFC 9112, 2.2).
    def _feed_callback_parser(self, data: bytes) -> bool:
        self._receiving = self._receiving or bool(data.strip(b"\r\n"))
        open_still = super()._feed_callback_parser(data)
        if self._receiving and self._current_request is None and self._header_timer is None and open_still:
            self._arm_header_timer()
        return open_still

    # Overridden: the parser's word that the headers came in time.
    def _on_headers_complete(self) -> bool:
        self._cancel_header_timer()
        if self._unread_timer is not None:
            self._watch_unread()
        return super()._on_headers_complete()

    # Overridden: the parser's word that nothing of this request is missing any more.
    def _on_message_complete(self) -> None:
        self._receiving = False
        super()._on_message_complete()

    # Overridden: the moment after an answer, when a connection may end or go to another worker.
    def _arm_keepalive_timer(self) -> None:
        super()._arm_keepalive_timer()
        self._idle_since = self.worker.loop.time()
        self._watch_unread()
        if self._half_closed:
            self.worker.loop.call_soon(self._keepalive_timeout)
        elif self.worker.handing_over:
            self.worker.loop.call_soon(self.hand_over)

    # Overridden: a worker that leaves must say so in the headers of its last answer on a connection, and HTTP/1.0 keeps
    # none, since gunicorn would keep it without saying so. Asked when an answer begins.
    def _will_close(self, request: CallbackRequest, response_requires_close: bool) -> bool:
        self.answering = True
        leaving = self._surplus or (self.worker.leaving and not self.worker.handing_over)
        return leaving or request.version <= (1, 0) or super()._will_close(request, response_requires_close)

    # Overridden: the app is to know that a connection has no place and whether the body is there, and gunicorn has no other
    # way to tell it.
    def _build_http_scope(
        self, request: CallbackRequest, sockname: tuple[str, int], peername: tuple[str, int]
    ) -> dict[str, Any]:
        scope: dict[str, Any] = super()._build_http_scope(request, sockname, peername)
        if self._surplus:
            scope[SURPLUS] = True
        if self._body_receiver is not None and self._body_receiver._complete:
            scope[BODY_ARRIVED] = True
        return scope

    # Overridden: gunicorn has no setting that turns WebSockets off; a request to upgrade is served as plain HTTP.
    def _is_websocket_upgrade(self, request: CallbackRequest) -> bool:
        return False
