"""A request's body, read in the event loop against a limit and a deadline."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

from tracepro.calls.errors import NeverCalled
from tracepro.http.in_flight import FREE, Held
from tracepro_hookspecs import TryAgain

Receive = Callable[[], Awaitable[dict[str, Any]]]
READ_SECONDS = 10.0
LINGER_SECONDS = 2.0
LINGER_BYTES = 16_000_000
LINGER_PIECES = 2000
STOPPING_SECONDS = 0.5
"""How long a body that has not come whole may still take when the server stops."""
STOPPING_LINGER_SECONDS = 0.2
SKIP_BYTES = 64 * 1024


def _too_large(limit: int) -> NeverCalled:
    return NeverCalled(
        413, "body-too-large", f"The body is over the limit of {limit} bytes; send less in one request."
    )


def _too_slow(seconds: float) -> NeverCalled:
    return NeverCalled(
        408, "body-too-slow", f"The body did not arrive within {seconds:g} s; send the request again."
    )


def _broken() -> NeverCalled:
    return NeverCalled(
        400, "body-broken", "The body ended before its announced length; nothing was executed."
    )


def stopping() -> TryAgain:
    """Return the answer to what had not begun when the server was told to stop."""
    return TryAgain("busy", "This server process is stopping; nothing was done, send it again.")


def _too_many() -> TryAgain:
    return TryAgain("busy", "Too many large bodies are under way here; nothing was done, send it again.")


class BodyWaits:
    """Every wait of this process for more of a body; ``hurry`` gives them, and those that begin later, little time."""

    def __init__(self) -> None:
        self._open: set[asyncio.Timeout] = set()
        self._end: float | None = None

    @property
    def idle(self) -> bool:
        """True when no request waits for the rest of its body."""
        return not self._open

    @property
    def hurried(self) -> bool:
        """True once the server stops."""
        return self._end is not None

    def hurry(self) -> None:
        """End every wait in STOPPING_SECONDS: a request whose body has not come whole has not begun. In the loop."""
        if self._end is None:
            self._end = end = asyncio.get_running_loop().time() + STOPPING_SECONDS
            for wait in self._open:
                if not wait.expired() and (when := wait.when()) is not None:
                    wait.reschedule(min(when, end))

    @asynccontextmanager
    async def until(self, deadline: float) -> AsyncIterator[asyncio.Timeout]:
        """Bound a wait. Raises TimeoutError at the deadline, or when the server stops.

        What never pauses, because bytes are always there, must ask by ``require_time`` too.
        """
        end = deadline if self._end is None else min(deadline, self._end)
        async with asyncio.timeout_at(end) as wait:
            self._open.add(wait)
            try:
                yield wait
            finally:
                self._open.discard(wait)

    @asynccontextmanager
    async def lingering(self) -> AsyncIterator[asyncio.Timeout]:
        """Bound what is dropped after a refusal. Raises TimeoutError at the end."""
        now = asyncio.get_running_loop().time()
        if self._end is None:
            async with self.until(now + LINGER_SECONDS) as wait:
                yield wait
        else:
            async with asyncio.timeout_at(now + STOPPING_LINGER_SECONDS) as wait:
                yield wait


def require_time(wait: asyncio.Timeout) -> None:
    """Raise TimeoutError when the time of a wait is over."""
    if (end := wait.when()) is not None and asyncio.get_running_loop().time() >= end:
        raise TimeoutError


class RequestBody:
    """The body of one request, read when a handler asks for it and never before.

    The deadline runs from the moment the headers were read, however slowly the bytes drip in. ``arrived`` is True when
    it came whole with its headers, ``ended`` when nothing more of it can come. What is read is counted in ``held``.
    """

    def __init__(
        self,
        receive: Receive,
        content_length: int | None,
        seconds: float,
        held: Held,
        waits: BodyWaits,
        *,
        arrived: bool = False,
    ) -> None:
        self.arrived = arrived
        self._held = held
        self._waits = waits
        self._receive = receive
        self._content_length = content_length
        self._seconds = seconds
        self._deadline = asyncio.get_running_loop().time() + seconds
        self.ended = content_length == 0

    async def read(self, limit: int) -> bytes:
        """Read all of it.

        Raises NeverCalled: 413 over ``limit`` bytes, 408 past the deadline, 400 when cut short; TryAgain when all requests
        together hold too many bytes, or when the server stops before it came.
        """
        if self._content_length is not None and self._content_length > limit:
            raise _too_large(limit)
        if self.ended:
            return b""
        if self.arrived:
            return await self._chunks(limit)
        try:
            async with self._waits.until(self._deadline) as wait:
                return await self._chunks(limit, wait)
        except TimeoutError:
            raise stopping() if self._waits.hurried else _too_slow(self._seconds) from None

    async def _chunks(self, limit: int, wait: asyncio.Timeout | None = None) -> bytes:
        chunks: list[bytes] = []
        size, uncounted = 0, 0
        while not self.ended:
            event = await self._receive()
            if wait is not None:
                require_time(wait)
            if event["type"] != "http.request":
                self.ended = True
                raise _broken()
            chunks.append(chunk := event.get("body", b""))
            size += len(chunk)
            uncounted += len(chunk)
            self.ended = not event.get("more_body", False)
            if size > limit:
                raise _too_large(limit)
            if size > FREE:
                if not self._held.take(uncounted):
                    raise _too_many()
                uncounted = 0
        if self._content_length is not None and size != self._content_length:
            raise _broken()
        return chunks[0] if len(chunks) == 1 else b"".join(chunks)

    async def skip(self) -> None:
        """Read a small body and drop it, so that its connection can go on after a refusal; leave larger ones unread."""
        with suppress(NeverCalled):
            await self.read(SKIP_BYTES)

    async def client_gone(self) -> None:
        """Wait until the client has left."""
        while (event := await self._receive())["type"] == "http.request":
            self.ended = self.ended or not event.get("more_body", False)

    async def linger(self) -> None:
        """Drop what a refused client still sends, for a while, and not without bound.

        Closing a socket with unread bytes resets it, and the client would lose the answer that tells it why.
        """
        if self.ended:
            return
        with suppress(TimeoutError):
            async with self._waits.lingering() as wait:
                await self._drop(wait)

    async def _drop(self, wait: asyncio.Timeout) -> None:
        room = LINGER_BYTES
        for _ in range(LINGER_PIECES):
            event = await self._receive()
            require_time(wait)
            room -= len(event.get("body", b""))
            if event["type"] != "http.request" or not event.get("more_body") or room < 0:
                return
