"""The threads that run calls: the event loop hands a call over and waits without holding one of them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import Any, ParamSpec, TypeVar

from tracepro.calls.running import threads as running_in
from tracepro.floor import OPEN_FLOOR, Floor
from tracepro.http.body import stopping
from tracepro.http.mailbox import Mailbox
from tracepro.http.pooled_call import Pooled, PooledCall
from tracepro.http.turns import PATIENCE, TurnThreads
from tracepro.metrics import Metrics
from tracepro_hookspecs import TryAgain

THREADS = 8
WAIT_SECONDS = 2.0
STILL_SECONDS = 2.0
SWEEP_SECONDS = 0.25
"""How often calls are looked for that no thread has taken."""

Result = TypeVar("Result")
Params = ParamSpec("Params")


class CallPool:
    """A pool of threads, and what is under way in it; used from one event loop.

    Where there is a ``floor``, one thread has a turn at a time. What they and the writer have to say to the loop is gathered, and it is
    woken once for all of it. What was begun goes on whatever its client does: the loop may lose the connection, the write
    is claimed all the same, and the rest of a batch follows it.
    """

    def __init__(self, threads: int, metrics: Metrics, floor: Floor = OPEN_FLOOR) -> None:
        self.threads = threads
        self.metrics = metrics
        self.under_way = 0
        self.calls: set[PooledCall[Any]] = set()
        self._closed = False
        self.floor = floor
        self.mailbox = Mailbox()
        self._turns = TurnThreads(threads, 1 if self.in_turns else threads, self.mailbox.wake, floor)
        self._prepared: list[PooledCall[Any]] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._handing_over = False
        self._watch: asyncio.TimerHandle | None = None
        self._sweeper: asyncio.TimerHandle | None = None

    @property
    def idle(self) -> bool:
        """True when nothing is under way."""
        return not self.under_way and not self.calls

    @property
    def in_turns(self) -> bool:
        """True when one thread has a turn at a time."""
        return self.floor is not OPEN_FLOOR

    def trouble(self) -> str | None:
        """Return why no call gets an answer: every thread has been at one and the same for too long; else None."""
        begun = [run for number in self._turns.numbers for run in list(running_in.get(number, ()))[:1]]
        if sum(run.age > STILL_SECONDS for run in begun) < self.threads:
            return None
        return f"All {self.threads} threads have been busy for more than {STILL_SECONDS:g} s and no call has ended."

    async def run(self, begin: Callable[[], Pooled], *, in_loop: bool = False) -> Pooled:
        """Run ``begin()``, take the call it returns to its end, and return it.

        It runs in a thread, or ``in_loop`` when it needs no database; there the call is also prepared. Raises what it raises,
        and TryAgain when no thread was free in time, so that nothing was done.
        """
        self._refuse_when_closed()
        loop = self._open()
        call = PooledCall(self, begin, loop)
        if in_loop and call.prepare():
            self._prepared.append(call)
        else:
            self._turns.put(call.start)
        self.calls.add(call)
        self._hand_over_later(loop)
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
        loop = self._open()
        self.under_way += 1
        job: Future[Result] = Future()
        self._turns.put(partial(_run_into, job, partial(function, *args, **kwargs)))
        self._hand_over_later(loop)
        # Cancelling does nothing once it runs.
        timer = loop.call_later(WAIT_SECONDS, job.cancel)
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

    def _open(self) -> asyncio.AbstractEventLoop:
        """Return the running loop; one that another has replaced keeps nothing that is still to come."""
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            self._loop, self._handing_over, self._watch, self._sweeper = loop, False, None, None
            self.mailbox.open(loop)
        return loop

    def submit(self, step: Callable[[], object]) -> None:
        """Have a step run as soon as a thread is free."""
        self._turns.put(step)
        self._turns.wake()

    def take_back(self, step: Callable[[], object]) -> bool:
        """Take out a step that no thread has begun; False when one has."""
        return self._turns.take_back(step)

    def hand_over(self, call: PooledCall[Any]) -> None:
        """Have a call go on in a thread; in the loop."""
        self._turns.put(call.go_on)
        self._hand_over_later(self._open())

    def _hand_over_later(self, loop: asyncio.AbstractEventLoop) -> None:
        """Have threads and writer take up what the loop has for them when it has seen all that came in this round.

        Who is woken at once wants the lock of the interpreter while the loop still needs it.
        """
        if not self._handing_over:
            self._handing_over = True
            loop.call_soon(self._hand_over)

    def _hand_over(self) -> None:
        self._handing_over = False
        prepared, self._prepared = self._prepared, []
        for call in prepared:
            call.start_in_loop()
        if self._turns.wake() and self._watch is None:
            self._watch_later()

    def _watch_later(self) -> None:
        self._watch = asyncio.get_running_loop().call_later(PATIENCE, self._look)

    def _look(self) -> None:
        """See that nobody waits for a slow step, neither behind it nor with the answer from before it."""
        self._watch = None
        self.mailbox.read()
        if self._turns.look():
            self._watch_later()

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
        self._turns.close()

    def _refuse_when_closed(self) -> None:
        """Refuse what arrives after the end, such as a body that dripped in. Raises TryAgain."""
        if self._closed:
            raise stopping()


def _no_thread() -> TryAgain:
    return TryAgain("busy", "No thread was free within two seconds; nothing was done, send it again.")


def _run_into(job: Future[Result], function: Callable[[], Result]) -> None:
    """Run a function for whoever waits for ``job``, unless nobody does any more."""
    if not job.set_running_or_notify_cancel():
        return
    try:
        job.set_result(function())
    except BaseException as error:
        job.set_exception(error)
