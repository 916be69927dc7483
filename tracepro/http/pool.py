"""The threads that run calls: the event loop hands a call over and waits without holding one of them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from tracepro.calls.resumable import Resumable
from tracepro.metrics import Metrics
from tracepro_hookspecs import TryAgain

THREADS = 8
WAIT_SECONDS = 2.0


Pooled = TypeVar("Pooled", bound=Resumable)


class CallPool:
    """A pool of threads, and what is under way in it; used from one event loop.

    What was begun goes on whatever its client does: the loop may lose the connection, the write is claimed
    all the same, and the rest of a batch follows it.
    """

    def __init__(self, threads: int, metrics: Metrics) -> None:
        self.metrics = metrics
        self.under_way = 0
        self._closed = False
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="tracepro-call")

    @property
    def idle(self) -> bool:
        """True when nothing is under way."""
        return not self.under_way

    async def run(self, begin: Callable[[], Pooled]) -> Pooled:
        """Runs ``begin()`` in a thread and takes what it gives to its end.

        Raises what it raises, and TryAgain when no thread was free in time, so that nothing was done.
        """
        self._refuse_when_closed()
        call = _PooledCall(self, begin)
        self.submit(call.first)
        return await call.end

    async def in_thread(self, function: Callable[..., Any], *args: Any) -> Any:
        """Runs one function in a thread of the pool."""
        self._refuse_when_closed()
        self.under_way += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, function, *args)
        finally:
            self.under_way -= 1

    def submit(self, step: Callable[[], None]) -> None:
        """Has a step run as soon as a thread is free."""
        self._pool.submit(step)

    def close(self) -> None:
        """Ends the threads when what they do is done."""
        self._closed = True
        self._pool.shutdown(wait=True)

    def _refuse_when_closed(self) -> None:
        """Refuses what arrives after the end, such as a body that dripped in. Raises TryAgain."""
        if self._closed:
            raise TryAgain("busy", "This server process is stopping; nothing was done, send it again.")


class _PooledCall:
    """One call on its way through the threads; between two steps nobody but its write knows of it."""

    __slots__ = ("_pool", "_begin", "_resumable", "_loop", "_since", "end")

    def __init__(self, pool: CallPool, begin: Callable[[], Resumable]) -> None:
        self._pool = pool
        self._begin = begin
        self._resumable: Any = None
        self._loop = asyncio.get_running_loop()
        self._since = time.monotonic()
        self.end: asyncio.Future[Any] = self._loop.create_future()
        pool.under_way += 1

    def first(self) -> None:
        """Makes the call and takes its first step."""
        try:
            if self._waited("thread") > WAIT_SECONDS:
                info = "No thread was free within two seconds; nothing was done, send it again."
                raise TryAgain("busy", info)
            self._resumable = self._begin()
        except BaseException as error:
            self._tell(error)
            return
        self._step()

    def _step(self) -> None:
        try:
            write = self._resumable.advance()
        except BaseException as error:
            self._tell(error)
            return
        if write is None:
            self._tell(None)
        else:
            self._since = time.monotonic()
            write.add_done_callback(self._written)

    def _written(self, write: Future[Any]) -> None:
        """Follows the write's end in the thread that wrote, which is not to be kept."""
        self._pool.submit(self._next)

    def _next(self) -> None:
        self._waited("write")
        self._step()

    def _waited(self, kind: str) -> float:
        seconds = time.monotonic() - self._since
        self._pool.metrics.waited(kind, seconds)
        return seconds

    def _tell(self, error: BaseException | None) -> None:
        try:
            self._loop.call_soon_threadsafe(self._told, error)
        except RuntimeError:
            return  # the loop has ended; nobody waits any more

    def _told(self, error: BaseException | None) -> None:
        self._pool.under_way -= 1
        if self.end.done():
            return  # the client has gone
        if error is None:
            self.end.set_result(self._resumable)
        else:
            self.end.set_exception(error)
