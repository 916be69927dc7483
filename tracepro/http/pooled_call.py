"""One call on its way through the event loop, the threads and the writer."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import TYPE_CHECKING, Generic, TypeVar

from tracepro.calls.resumable import Resumable
from tracepro_hookspecs import TryAgain

if TYPE_CHECKING:
    from tracepro.http.pool import CallPool

Pooled = TypeVar("Pooled", bound=Resumable)


class PooledCall(Generic[Pooled]):
    """One call of a pool; between two steps nobody but its write knows of it. ``ended`` is None inside when no thread took it."""

    __slots__ = ("_pool", "_begin", "_call", "_waits", "_since", "ended")

    def __init__(self, pool: CallPool, begin: Callable[[], Pooled], loop: asyncio.AbstractEventLoop) -> None:
        self._pool = pool
        self._begin: Callable[[], Pooled] | None = begin
        self._call: Pooled
        self._waits = True  # for a first thread
        self._since = time.monotonic()
        self.ended: asyncio.Future[Pooled | None] = loop.create_future()

    def prepare(self) -> bool:
        """Make the call, in the loop; True when no thread is needed to go on. Raises what making it raises."""
        begin, self._begin = self._begin, None
        if begin is not None:
            self._call = begin()
        self._waits = not self._call.prepare()
        return not self._waits

    def start(self) -> None:
        """Make the call, unless that is done, and take its first step; in a thread."""
        self._waits = False
        begin, self._begin = self._begin, None
        self._note_wait()
        if begin is not None:
            try:
                self._call = begin()
            except BaseException as error:
                self._pool.mailbox.leave(partial(self._end, error))
                return
        self.go_on()

    def refuse_if_waiting_since(self, before: float) -> None:
        """End it with None, in the loop, when no thread has taken it since an instant.

        It has no error, whose stack would have the body.
        """
        if self._waits and self._since <= before and self._pool.take_back(self.start):
            self._pool.calls.discard(self)
            if not self.ended.done():
                self.ended.set_result(None)

    def go_on(self) -> None:
        """Take the next step, in a thread."""
        try:
            write = self._call.advance()
        except BaseException as error:
            self._pool.mailbox.leave(partial(self._end, error))
            return
        if write is None:
            self._pool.mailbox.leave(self._end)
        else:
            self._await(write)

    def start_in_loop(self) -> None:
        """Take the first step of a call that is prepared, in the loop."""
        self._note_wait()
        self.go_on_in_loop()

    def go_on_in_loop(self) -> None:
        """Take the next step, in the loop."""
        try:
            write = self._call.advance()
        except BaseException as error:
            self._end(error)
            return
        if write is None:
            self._end()
        else:
            self._await(write)

    def _await(self, write: Future[object]) -> None:
        write.add_done_callback(self._written)

    def _written(self, write: Future[object]) -> None:
        """Follow the write's end in the thread that wrote, which must not be kept."""
        self._pool.mailbox.tell(self._written_in_loop)

    def _written_in_loop(self) -> None:
        if self._call.needs_thread:
            self._pool.hand_over(self)
        else:
            self.go_on_in_loop()

    def _note_wait(self) -> None:
        self._pool.metrics.thread_waited(time.monotonic() - self._since)

    def give_up(self, error: TryAgain) -> None:
        """End it in the loop; its thread may hang for ever."""
        call: Pooled | None = getattr(self, "_call", None)
        given_up = call is not None and call.give_up(error)
        self._end(None if given_up else error)

    def _end(self, error: BaseException | None = None) -> None:
        self._pool.calls.discard(self)
        if self.ended.done():
            return  # the client has gone
        if error is None:
            self.ended.set_result(self._call)
        else:
            self.ended.set_exception(error)
