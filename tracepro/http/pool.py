"""The threads that run calls: the event loop hands a call over and waits without holding one of them."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Generic, ParamSpec, TypeVar

from tracepro.calls.resumable import Resumable
from tracepro.calls.running import threads as running_in
from tracepro.http.body import stopping
from tracepro.metrics import Metrics
from tracepro_hookspecs import TryAgain

THREADS = 8
WAIT_SECONDS = 2.0
STILL_SECONDS = 2.0
SWEEP_SECONDS = 0.25
"""How often calls are looked for that no thread has taken."""

Result = TypeVar("Result")
Params = ParamSpec("Params")
Pooled = TypeVar("Pooled", bound=Resumable)


class CallPool:
    """A pool of threads, and what is under way in it; used from one event loop.

    What was begun goes on whatever its client does: the loop may lose the connection, the write is claimed
    all the same, and the rest of a batch follows it.
    """

    def __init__(self, threads: int, metrics: Metrics) -> None:
        self.threads = threads
        self.metrics = metrics
        self.under_way = 0
        self.calls: set[_PooledCall[Any]] = set()
        self._closed = False
        self._numbers: set[int] = set()
        self._executor = ThreadPoolExecutor(
            threads, "tracepro-call", lambda: self._numbers.add(threading.get_ident())
        )
        self._sweeper: asyncio.TimerHandle | None = None

    @property
    def idle(self) -> bool:
        """True when nothing is under way."""
        return not self.under_way and not self.calls

    def trouble(self) -> str | None:
        """Return why no call gets an answer: every thread has been at one and the same for too long; else None."""
        begun = [run for number in list(self._numbers) for run in list(running_in.get(number, ()))[:1]]
        if sum(run.age > STILL_SECONDS for run in begun) < self.threads:
            return None
        return f"All {self.threads} threads have been busy for more than {STILL_SECONDS:g} s and no call has ended."

    async def run(self, begin: Callable[[], Pooled]) -> Pooled:
        """Run ``begin()`` in a thread, take the call it returns to its end, and return it.

        Raises what it raises, and TryAgain when no thread was free in time, so that nothing was done.
        """
        self._refuse_when_closed()
        call = _PooledCall(self, begin)
        call.queued = self._executor.submit(call.start)
        if self._sweeper is None:
            self._sweep_later()
        ended = await call.ended
        if ended is None:
            raise _no_thread()
        return ended

    async def in_thread(
        self, function: Callable[Params, Result], *args: Params.args, **kwargs: Params.kwargs
    ) -> Result:
        """Run one function in a thread of the pool. Raises TryAgain when no thread was free in time."""
        self._refuse_when_closed()
        self.under_way += 1
        job = self._executor.submit(function, *args, **kwargs)
        # Cancelling does nothing once it runs.
        timer = asyncio.get_running_loop().call_later(WAIT_SECONDS, job.cancel)
        try:
            return await asyncio.wrap_future(job)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if not job.cancelled() or (task is not None and task.cancelling()):
                raise
            raise _no_thread() from None
        finally:
            timer.cancel()
            self.under_way -= 1

    def submit(self, step: Callable[[], None]) -> None:
        """Have a step run as soon as a thread is free."""
        self._executor.submit(step)

    def _sweep_later(self) -> None:
        self._sweeper = asyncio.get_running_loop().call_later(SWEEP_SECONDS, self._sweep)

    def _sweep(self) -> None:
        """Refuse the calls that no thread took in time; threads may be busy for long, and clients wait."""
        before = time.monotonic() - WAIT_SECONDS
        for call in list(self.calls):
            call.refuse_if_waiting_since(before)
        self._sweeper = None
        if self.calls:
            self._sweep_later()

    def give_up(self, error: TryAgain) -> None:
        """Answer every call that is still under way with ``error``, without waiting for its thread; in the loop."""
        for call in list(self.calls):
            call.give_up(error)

    def close(self) -> None:
        """End the threads when what they do is done."""
        self._closed = True
        self._executor.shutdown(wait=True)

    def _refuse_when_closed(self) -> None:
        """Refuse what arrives after the end, such as a body that dripped in. Raises TryAgain."""
        if self._closed:
            raise stopping()


def _no_thread() -> TryAgain:
    return TryAgain("busy", "No thread was free within two seconds; nothing was done, send it again.")


class _PooledCall(Generic[Pooled]):
    """One call on its way through the threads; between two steps nobody but its write knows of it."""

    __slots__ = ("_pool", "_begin", "_call", "_loop", "_since", "ended", "queued")

    def __init__(self, pool: CallPool, begin: Callable[[], Pooled]) -> None:
        self._pool = pool
        self._begin: Callable[[], Pooled] | None = begin
        self.queued: Future[None] | None = None
        self._call: Pooled
        self._loop = asyncio.get_running_loop()
        self._since = time.monotonic()
        self.ended: asyncio.Future[Pooled | None] = self._loop.create_future()
        pool.calls.add(self)

    def start(self) -> None:
        """Make the call and take its first step."""
        begin, self._begin = self._begin, None
        if begin is None:
            return
        self._note_wait("thread")
        try:
            self._call = begin()
        except BaseException as error:
            self._end(error)
            return
        self._step()

    def refuse_if_waiting_since(self, before: float) -> None:
        """End it with None, in the loop, when no thread has taken it since an instant.

        The threads' queue still has it, so it lets go of its body; nor has it an error, whose stack would have the body.
        """
        waits = self._begin is not None and self._since <= before
        if waits and self.queued is not None and self.queued.cancel():
            self._begin = None
            self._pool.calls.discard(self)
            if not self.ended.done():
                self.ended.set_result(None)

    def _step(self) -> None:
        try:
            write = self._call.advance()
        except BaseException as error:
            self._end(error)
            return
        if write is None:
            self._end(None)
        else:
            self._since = time.monotonic()
            write.add_done_callback(self._written)

    def _written(self, write: Future[object]) -> None:
        """Follow the write's end in the thread that wrote, which must not be kept."""
        self._pool.submit(self._next_step)

    def _next_step(self) -> None:
        self._note_wait("write")
        self._step()

    def _note_wait(self, kind: str) -> float:
        seconds = time.monotonic() - self._since
        self._pool.metrics.waited(kind, seconds)
        return seconds

    def give_up(self, error: TryAgain) -> None:
        """End it in the loop; its thread may hang for ever."""
        call: Pooled | None = getattr(self, "_call", None)
        given_up = call is not None and call.give_up(error)
        self._end_in_loop(None if given_up else error)

    def _end(self, error: BaseException | None) -> None:
        try:
            self._loop.call_soon_threadsafe(self._end_in_loop, error)
        except RuntimeError:
            return  # the loop has ended; nobody waits any more

    def _end_in_loop(self, error: BaseException | None) -> None:
        self._pool.calls.discard(self)
        if self.ended.done():
            return  # the client has gone
        if error is None:
            self.ended.set_result(self._call)
        else:
            self.ended.set_exception(error)
