"""A store: the process's one way to its database, with held readers and queued writes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, InvalidStateError
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from tracepro.database.errors import busy
from tracepro.database.session import Session
from tracepro.floor import Floor

if TYPE_CHECKING:
    from tracepro.database.write_queue import WriteQueue

Answer = TypeVar("Answer")
TransactionFn = Callable[[Session], Answer]
"""What runs in a transaction."""


@dataclass(frozen=True)
class Limits:
    """How long a write waits to be taken up, how big a group grows, and how many connections there are.

    ``opening_seconds`` is how long writes wait for a writer that can't open because another server writes.
    ``pragmas`` replace those of ``tracepro.database.sqlite_pool.PRAGMAS``, for measuring what they cost.
    """

    queue_seconds: float = 2.0
    group_calls: int = 64
    group_seconds: float = 0.005
    opening_seconds: float = 30.0
    read_seconds: float = 5.0
    lock_seconds: float = 2.0
    statement_seconds: float = 2.5
    write_threads: int = 8
    max_page_count: int | None = None
    pragmas: Mapping[str, str | int] = field(default_factory=dict)


class Store(Protocol):
    """What both kinds of database offer."""

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``."""

    @property
    def floor(self) -> Floor:
        """What those who work on it in this process have in turns."""

    def start(self) -> None:
        """Start the threads that write; to be called after a fork."""

    def read(self, function: TransactionFn[Answer]) -> Answer:
        """Run a function on a snapshot, in this thread."""

    def snapshot(self, function: TransactionFn[Answer]) -> Answer:
        """Run a function on a snapshot, in this thread; it may take as long as it likes."""

    def write(self, function: TransactionFn[Answer], *, alone: bool = False) -> Future[Answer]:
        """Queue a function for a transaction of its own; it may be run again from the start after a failure."""

    def write_inline(self, function: TransactionFn[Answer]) -> Answer:
        """Run a function in a transaction of its own, in this thread."""

    def write_aside(self, function: TransactionFn[Answer]) -> bool:
        """Run a function on a new connection while the writers hang; False where there can be one writer only."""

    def checkpoint(self) -> None:
        """Have what was written brought where it belongs, while others go on writing; PostgreSQL does so by itself."""

    def bar(self) -> None:
        """Let no transaction commit from now on; one whose COMMIT has begun is waited for."""

    def lift_bar(self) -> None:
        """Let transactions commit again."""

    def give_up(self) -> None:
        """Answer every write that is queued or under way ``busy``, and every later one; only while barred."""

    def trouble(self) -> str | None:
        """Return why no write gets through at this moment, in the database's own words where they are; else None."""

    @property
    def writes(self) -> WriteQueue:
        """The writes that wait for their turn, and what is known of them."""

    def sizes(self) -> dict[str, int]:
        """Return how many bytes the ``database`` has, and where they are known its ``wal`` and what is ``free`` on its disk.

        What can't be had at this moment is left out.
        """

    def ping(self) -> None:
        """Ask the database for a sign of life. Raises TryAgain."""

    def writer_is_free(self) -> bool:
        """Tell whether a server that starts now could write at once; it may change the next moment."""

    def claim_writer(self) -> bool:
        """Keep servers from writing until :meth:`release_writer`; False when one writes now.

        PostgreSQL lets all write at once: there it is always True and keeps nobody off.
        """

    def release_writer(self) -> None:
        """Let servers write again."""

    def hand_over(self) -> None:
        """Answer what is queued and leave writing to the next process."""

    def close(self) -> None:
        """End the threads and close all connections."""


class QueuedWrite:
    """A write that waits for its turn; whoever claims it first, a writer or the clock, answers it."""

    __slots__ = ("function", "alone", "future", "queued_at", "taken_at", "_claim")

    def __init__(self, function: TransactionFn[Any], alone: bool) -> None:
        self.function = function
        self.alone = alone
        self.future: Future[Any] = Future()
        self.queued_at = self.taken_at = time.monotonic()
        self._claim = threading.Lock()

    def claim(self) -> bool:
        """Take the write; False if somebody else has it or nobody waits for it any more."""
        return self._claim.acquire(blocking=False) and self.future.set_running_or_notify_cancel()

    def answer(self, result: Any = None, error: BaseException | None = None) -> None:
        """Give the waiting call its end."""
        try:
            if error is None:
                self.future.set_result(result)
            else:
                self.future.set_exception(error)
        except InvalidStateError:
            return  # it was given up meanwhile

    def expire(self) -> bool:
        """Answer ``busy`` if nobody has taken the write; False when somebody has."""
        expired = self.claim()
        if expired:
            self.answer(error=busy())
        return expired
