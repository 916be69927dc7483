"""gunicorn's ASGI protocol with bounds on what one client can have a connection hold and parse."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gunicorn.asgi.parser import InvalidChunkSize
from gunicorn.asgi.protocol import ASGIProtocol

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Awaitable, Iterable

    from gunicorn.asgi.parser import CallbackRequest

READ_BYTES = 64 * 1024
"""How much is read, and so parsed, before other connections have their turn."""
HELD_BYTES = 64 * 1024
"""How much of a body, or of the requests after it, may wait before no more is read."""
HEAD_BYTES = 64 * 1024
FRAMING_BYTES = 64 * 1024
"""What of a body in chunks may be sizes, extensions and trailers, beside a quarter of its data."""
CHUNKS = 1000
CHUNK_BYTES = 128
"""What the chunks of a body of more than CHUNKS must have on average."""


class BoundedProtocol(ASGIProtocol):
    """Reads little at a time, bounds heads and the framing of bodies, and reads no more than can be answered.

    The parser is written in Python and runs in the event loop, so that bytes are dear whoever sends them.
    """

    transport: asyncio.Transport

    def __init__(self, worker: Any) -> None:
        super().__init__(worker)
        self.answering = False  # an answer to the request under way has begun; who sends one says so
        self._head_room = HEAD_BYTES
        self._raw_bytes = self._data_bytes = self._chunks = 0

    def connection_made(self, transport: asyncio.Transport) -> None:
        """Read little at a time, and hold little."""
        if hasattr(transport, "max_size"):  # asyncio's own transports have it, undocumented
            setattr(transport, "max_size", READ_BYTES)  # noqa: B010
        self._max_buffer_size = HELD_BYTES  # gunicorn's own is four times as much, for every connection
        super().connection_made(transport)

    def pause_writing(self) -> None:
        """Take nothing more from a client that doesn't read its answers."""
        super().pause_writing()
        self._pause_reading()

    def resume_writing(self) -> None:
        """Go on once it has read."""
        super().resume_writing()
        self._maybe_resume_reading()

    # Overridden: the only place that sees bytes before they are parsed.
    def _feed_callback_parser(self, data: bytes) -> bool:
        open_still = self._feed_head(data) if self._current_request is None else self._feed_body(data)
        if self._reading_paused:
            self._maybe_resume_reading()  # what waited may be no whole request
        return open_still

    def _feed_head(self, data: bytes) -> bool:
        self.answering = False
        self._raw_bytes = self._data_bytes = self._chunks = 0
        room = self._head_room
        if not super()._feed_callback_parser(data[:room]):
            return False
        if self._current_request is not None:
            self._head_room = HEAD_BYTES
            return len(data) <= room or self._feed_body(data[room:])
        self._head_room = room - len(data)
        return self._head_room > 0 or self._refuse(431, f"The request's head is over {HEAD_BYTES} bytes.")

    def _feed_body(self, data: bytes) -> bool:
        receiver = self._body_receiver
        if receiver is None or receiver._complete:
            return bool(super()._feed_callback_parser(data))  # of the next request, which waits in the parser
        self._raw_bytes += len(data)
        if not super()._feed_callback_parser(data):
            return False
        framing = self._raw_bytes - self._data_bytes
        if receiver._complete or framing <= FRAMING_BYTES + self._data_bytes // 4:
            return True
        return self._refuse(400, "The body's chunks have more framing than data.")

    def _refuse(self, status: int, sentence: str) -> bool:
        self._send_error_response(status, sentence)
        self._keepalive_timeout()  # closes, and wakes gunicorn's task, which sees the end
        return False

    # Overridden: gunicorn answers a transfer coding it doesn't know with 501, but what a client sends wrong is never a 5xx;
    # and a body that breaks after its answer has begun has its answer.
    def _send_error_response(
        self, status: int, message: str, extra_headers: Iterable[tuple[str, str]] = ()
    ) -> None:
        if self.answering:
            return
        headers = (*extra_headers, ("X-Content-Type-Options", "nosniff"))
        super()._send_error_response(400 if status == 501 else status, message, headers)

    # Overridden: the parser's word of each chunk, or piece of one. What it raises here it raises for broken ones too.
    def _on_body(self, chunk: bytes) -> None:
        self._chunks += 1
        self._data_bytes += len(chunk)
        if self._chunks > CHUNKS and self._data_bytes < self._chunks * CHUNK_BYTES and self._in_chunks():
            raise InvalidChunkSize(f"The body has over {CHUNKS} chunks of less than {CHUNK_BYTES} bytes.")
        super()._on_body(chunk)

    def _in_chunks(self) -> bool:
        request: CallbackRequest | None = self._current_request
        return request is not None and bool(request.chunked)

    # Overridden: gunicorn reads on after each answer, however many requests wait already or answers are not read.
    def _resume_reading(self) -> None:
        if (
            self._reading_paused
            and not self._flow_control.write_paused
            and self._http1_buffered() <= HELD_BYTES
        ):
            super()._resume_reading()

    # Overridden: gunicorn waits for the client to read after a piece of a body only, and some answers have none.
    def _serve_http_request(self, request: CallbackRequest, sockname: Any, peername: Any) -> Awaitable[bool]:
        if self._flow_control.write_paused:
            return self._serve_when_read(request, sockname, peername)
        return super()._serve_http_request(request, sockname, peername)

    async def _serve_when_read(self, request: CallbackRequest, sockname: Any, peername: Any) -> bool:
        await self._flow_control.drain()
        return bool(await super()._serve_http_request(request, sockname, peername))
