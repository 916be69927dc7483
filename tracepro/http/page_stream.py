"""The body of an answer that is read page by page while it is sent."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from tracepro.calls.errors import NeverCalled
from tracepro.http.body import RequestBody
from tracepro.http.pool import CallPool
from tracepro.rest.answers import PagedAnswer, decode_answer
from tracepro_hookspecs import Call, Reply

Rest = Callable[[Call], Reply]


class PageStream:
    """Gives Falcon one page after the other, each read in a thread once its client's connection took the one before.

    No transaction is open while bytes go out, and nothing more is read for a client that has left.
    """

    def __init__(
        self, first: bytes, rest: Rest, read: Callable[[Rest], bytes], pool: CallPool, body: RequestBody
    ) -> None:
        self._first = first
        self._rest: Rest | None = rest
        self._read = read
        self._pool = pool
        self._body = body
        self._gone: asyncio.Task[None] | None = None

    def __aiter__(self) -> PageStream:
        """Return the pages."""
        return self

    async def __anext__(self) -> bytes:
        """Return the next page. Raises what reading it raises; the answer then breaks off."""
        if self._gone is None:
            self._gone = asyncio.create_task(self._body.client_gone())
            first, self._first = self._first, b""
            return first
        if self._rest is None:
            raise StopAsyncIteration
        if self._gone.done():
            raise NeverCalled(400, "client-left", "The client left before its answer was whole.")
        page = await self._pool.in_thread(self._read, self._rest)
        self._rest = page.rest if isinstance(page, PagedAnswer) else None
        return decode_answer(page)[2]

    async def close(self) -> None:
        """Wait no longer for the client to leave."""
        if self._gone is not None:
            self._gone.cancel()
