"""One client connection: gunicorn's ASGI protocol, with the corners the contract settles otherwise."""

from __future__ import annotations

import time
from typing import Any

from gunicorn.asgi.protocol import ASGIProtocol

HEADER_SECONDS = 10.0
QUIET_SECONDS = 0.25


class Connection(ASGIProtocol):
    """Serves one connection.

    Beside gunicorn's own behaviour: a client that closes its sending half still gets its answer; headers
    that don't arrive in time end the connection; a leaving worker announces every close, so that no client
    loses a request it sends on a connection it was told to keep; no framing error is a 5xx.
    """

    def __init__(self, worker: Any) -> None:
        super().__init__(worker)
        self._half_closed = False
        self._header_timer: Any = None
        self.last_seen = time.monotonic()

    def connection_made(self, transport: Any) -> None:
        """Counts the connection and gives its first headers a deadline."""
        self.worker.connections.add(self)
        self._header_timer = self.worker.loop.call_later(HEADER_SECONDS, self._headers_late)
        super().connection_made(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forgets the connection."""
        self._header_timer.cancel()
        self.worker.connections.discard(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Notes that the client is alive."""
        self.last_seen = time.monotonic()
        super().data_received(data)

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
    def quiet(self) -> bool:
        """True while nothing is owed to the client and it has sent nothing for a moment."""
        return self._awaiting_request and time.monotonic() - self.last_seen >= QUIET_SECONDS

    def close_if_idle(self) -> None:
        """Closes the connection unless a request is being worked on."""
        if self._awaiting_request:
            self._keepalive_timeout()

    def _headers_late(self) -> None:
        if self._current_request is None and not self._closed:
            self._send_error_response(408, "The request's headers did not arrive in time.")
            self._keepalive_timeout()

    def _on_headers_complete(self) -> bool:
        self._header_timer.cancel()
        return super()._on_headers_complete()

    def _arm_keepalive_timer(self) -> None:
        self.last_seen = time.monotonic()
        super()._arm_keepalive_timer()
        if self._half_closed:
            self.worker.loop.call_soon(self._keepalive_timeout)

    def _will_close(self, request: Any, response_requires_close: bool) -> bool:
        return self.worker.leaving or super()._will_close(request, response_requires_close)

    def _is_websocket_upgrade(self, request: Any) -> bool:
        return False

    def _send_error_response(self, status: int, message: str, extra_headers: Any = ()) -> None:
        super()._send_error_response(400 if status == 501 else status, message, extra_headers)
