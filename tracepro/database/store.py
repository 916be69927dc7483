"""A store: the process's one way to its database, with held readers and queued writes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from tracepro.database.errors import busy
from tracepro.database.session import Session

Answer = TypeVar("Answer")
Work = Callable[[Session], Any]


@dataclass(frozen=True)
class Limits:
    """How long a write waits to be taken up, how big a group grows, and how many connections there are.

    ``opening_seconds`` is how long writes wait for a writer that can't open because another server writes.
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


class Store(Protocol):
    """What both kinds of database offer."""

    dialect: str

    def start(self) -> None:
        """Starts the threads that write; to be called after a fork."""

    def read(self, work: Callable[[Session], Answer]) -> Answer:
        """Runs ``work`` on a snapshot, in this thread."""

    def write(self, work: Callable[[Session], Answer], *, alone: bool = False) -> Future[Answer]:
        """Queues ``work`` for a transaction of its own; it may be run again from the start after a failure."""

    def write_inline(self, work: Callable[[Session], Answer]) -> Answer:
        """Runs ``work`` in a transaction of its own, in this thread."""

    def ping(self) -> None:
        """Asks the database for a sign of life. Raises TryAgain."""

    def hand_over(self) -> None:
        """Answers what is queued and leaves writing to the next process."""

    def close(self) -> None:
        """Ends the threads and closes all connections."""


class Job:
    """A write that waits for its turn; whoever claims it first, a writer or the clock, answers it."""

    __slots__ = ("work", "alone", "future", "queued", "_claim")

    def __init__(self, work: Work, alone: bool) -> None:
        self.work = work
        self.alone = alone
        self.future: Future[Any] = Future()
        self.queued = time.monotonic()
        self._claim = threading.Lock()

    def claim(self) -> bool:
        """Takes the job; False if somebody else has it or nobody waits for it any more."""
        return self._claim.acquire(blocking=False) and self.future.set_running_or_notify_cancel()

    def answer(self, result: Any = None, error: BaseException | None = None) -> None:
        """Gives the waiting call its end."""
        if error is None:
            self.future.set_result(result)
        else:
            self.future.set_exception(error)

    def expire(self) -> None:
        """Answers ``busy`` if nobody has taken the job."""
        if self.claim():
            self.answer(error=busy())
