"""One client connection: gunicorn's ASGI protocol, with the corners the contract settles otherwise."""

from __future__ import annotations

import socket
from typing import Any

from gunicorn.asgi.protocol import ASGIProtocol

HEADER_SECONDS = 10.0


class Connection(ASGIProtocol):
    """Serves one connection.

    Beside gunicorn's own behaviour: a client that closes its sending half still gets its answer; headers
    that don't arrive in time end the connection; a leaving worker passes it on between two requests, or
    announces its close, so that no client loses a request it sends on a connection it was told to keep; no
    framing error is a 5xx. ``taken_over`` says that another worker served it before.
    """

    def __init__(self, worker: Any, *, taken_over: bool = False) -> None:
        super().__init__(worker)
        self._taken_over = taken_over
        self._half_closed = False
        self._begun = False  # bytes of a request have come that is not complete
        self._header_timer: Any = None

    def connection_made(self, transport: Any) -> None:
        """Counts the connection and gives its first headers a deadline."""
        self.worker.connections.add(self)
        super().connection_made(transport)
        if self._taken_over:
            self._arm_keepalive_timer()
        else:
            self._header_timer = self.worker.loop.call_later(HEADER_SECONDS, self._headers_late)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forgets the connection."""
        self._cancel_header_timer()
        self.worker.connections.discard(self)
        super().connection_lost(exc)

    def eof_received(self) -> bool:
        """Keeps the sending half open while an answer is owed; a body cut short is told to its reader."""
        receiver = self._body_receiver
        if receiver is None or self._closed:
            return False
        self._half_closed = True
        if not receiver._complete:
            receiver.signal_disconnect()
        return True

    @property
    def idle(self) -> bool:
        """True between two requests: nothing is owed, and nothing of the next one has come."""
        return self._awaiting_request and not self._begun and not self._request_ready.is_set()

    def close_if_idle(self) -> None:
        """Closes the connection unless a request is under way."""
        if self.idle:
            self._keepalive_timeout()

    def pass_on(self) -> None:
        """Gives the connection to another worker, unless a request is under way or nobody can take it now.

        The socket itself goes; what the client sends meanwhile waits in it for the one who reads next.
        """
        transport = self.transport
        if not self.idle or self._half_closed or self._closed or transport.get_write_buffer_size():
            return
        transport.pause_reading()
        try:
            socket.send_fds(self.worker.app.passage, [b"c"], [transport.get_extra_info("socket").fileno()])
        except OSError:
            transport.resume_reading()
            return
        self._closed = True  # so that nobody shuts the socket down, which would end it for both
        transport.abort()
        self._request_ready.set()

    def _headers_late(self) -> None:
        if self._current_request is None and not self._closed:
            if self._begun:
                self._send_error_response(408, "The request's headers did not arrive in time.")
            self._keepalive_timeout()

    def _cancel_header_timer(self) -> None:
        if self._header_timer is not None:
            self._header_timer.cancel()

    def _feed_callback_parser(self, data: bytes) -> bool:
        self._begun = True
        return super()._feed_callback_parser(data)

    def _on_headers_complete(self) -> bool:
        self._cancel_header_timer()
        return super()._on_headers_complete()

    def _on_message_complete(self) -> None:
        self._begun = False
        super()._on_message_complete()

    def _arm_keepalive_timer(self) -> None:
        super()._arm_keepalive_timer()
        if self._half_closed:
            self.worker.loop.call_soon(self._keepalive_timeout)
        elif self.worker.passing:
            self.worker.loop.call_soon(self.pass_on)

    def _will_close(self, request: Any, response_requires_close: bool) -> bool:
        leaving = self.worker.leaving and not self.worker.passing
        return leaving or super()._will_close(request, response_requires_close)

    def _is_websocket_upgrade(self, request: Any) -> bool:
        return False

    def _send_error_response(self, status: int, message: str, extra_headers: Any = ()) -> None:
        super()._send_error_response(400 if status == 501 else status, message, extra_headers)
