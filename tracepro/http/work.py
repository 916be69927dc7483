"""The threads that run calls: the event loop hands a call over and waits without holding one of them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Protocol, TypeVar

from tracepro.metrics import Metrics
from tracepro_hookspecs import TryAgain

THREADS = 8
WAIT_SECONDS = 2.0


class Steps(Protocol):
    """Something done in steps: each runs in a thread until a queued write must be waited for."""

    def advance(self) -> Future[Any] | None:
        """Goes on; gives the write to wait for, None at the end."""


Talk = TypeVar("Talk", bound=Steps)


class Work:
    """A pool of threads, and what is under way in it.

    Work once begun goes on whatever its client does: the loop may lose the connection, the write is claimed
    all the same, and the rest of a batch follows it.
    """

    def __init__(self, threads: int = THREADS, metrics: Metrics | None = None) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="tracepro-call")
        self._metrics = metrics
        self._tasks: set[asyncio.Task[Any]] = set()

    @property
    def idle(self) -> bool:
        """True when nothing is under way."""
        return not self._tasks

    async def run(self, begin: Callable[[], Talk]) -> Talk:
        """Runs ``begin()`` in a thread and takes what it gives to its end. Raises TryAgain when no thread was free in time."""
        task = asyncio.get_running_loop().create_task(self._drive(begin))
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return await asyncio.shield(task)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # looked at, so that a lost client's failed call is not logged as forgotten

    async def _drive(self, begin: Callable[[], Steps]) -> Steps:
        loop = asyncio.get_running_loop()
        steps, waiting = await loop.run_in_executor(self._pool, self._first, begin, time.monotonic())
        while waiting is not None:
            asked = time.monotonic()
            await settled(waiting)
            if self._metrics is not None:
                self._metrics.waited("write", time.monotonic() - asked)
            waiting = await loop.run_in_executor(self._pool, steps.advance)
        return steps

    def _first(self, begin: Callable[[], Steps], asked: float) -> tuple[Steps, Future[Any] | None]:
        waited = time.monotonic() - asked
        if self._metrics is not None:
            self._metrics.waited("thread", waited)
        if waited > WAIT_SECONDS:
            raise TryAgain("busy", "No thread was free within two seconds; nothing was done, send it again.")
        steps = begin()
        return steps, steps.advance()

    async def in_thread(self, function: Callable[..., Any], *args: Any) -> Any:
        """Runs one function in a thread of the pool."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, function, *args)

    def close(self) -> None:
        """Ends the threads when what they do is done."""
        self._pool.shutdown(wait=True)


async def settled(future: Future[Any]) -> None:
    """Waits in the loop until ``future`` is done, however it ends; no thread waits for it."""
    loop = asyncio.get_running_loop()
    done = loop.create_future()

    def wake(_: Future[Any]) -> None:
        try:
            loop.call_soon_threadsafe(lambda: done.done() or done.set_result(None))
        except RuntimeError:
            return  # the loop has ended; nobody waits any more

    future.add_done_callback(wake)
    await done
