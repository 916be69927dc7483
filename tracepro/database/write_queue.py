"""The queue of writes that wait for their turn, and the clock that takes them out when it lasts too long."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from concurrent.futures import wait

from tracepro.database.errors import busy
from tracepro.database.probe import write_and_forget
from tracepro.database.store import Limits, QueuedWrite
from tracepro.database.write_figures import WriteFigures
from tracepro_hookspecs import TryAgain

LOG = logging.getLogger("tracepro.database")
STUCK_SECONDS = 2.0
PROBE_SECONDS = 1.0


class WriteQueue:
    """Writes in order of arrival; those nobody claims in time are answered busy.

    Their time is ``queue_seconds`` from their arrival or from the moment a writer was ready, whichever is later,
    and ``opening_seconds`` as long as none is.
    """

    def __init__(self, limits: Limits) -> None:
        self._queue_seconds = limits.queue_seconds
        self._opening_seconds = limits.opening_seconds
        self._waiting: deque[QueuedWrite] = deque()
        self._timed: deque[QueuedWrite] = deque()
        self._changed = threading.Condition()
        self._writer_since: float | None = None
        self._closed = False
        self._clock_stops = threading.Event()
        self.under_way: set[QueuedWrite] = set()
        self.figures = WriteFigures()
        self._last_end = 0.0
        self._failure: str | None = None
        self._failing_since: float | None = None
        self._probe: QueuedWrite | None = None
        self._refused = ""

    @property
    def waiting(self) -> int:
        """How many writes nobody has taken yet."""
        return len(self._waiting)

    def ended(self, write: QueuedWrite, error: BaseException | None = None) -> None:
        """Note that a write that was taken has its answer: it is committed, or ``error`` says why not."""
        self.under_way.discard(write)
        self._last_end = now = time.monotonic()
        self.figures.writes.append(now - write.taken_at)
        if error is None:
            self.figures.last_through, self._failing_since = now, None
        elif isinstance(error, TryAgain):
            self._fails_since(write.queued_at)

    def give_up(self) -> None:
        """Answer busy what waits, what is under way and what comes later."""
        self.close()
        for write in self._taken_out():
            write.expire()
        for write in list(self.under_way):
            write.answer(error=busy())

    def refuse(self, sentence: str) -> None:
        """Answer every write that comes, and those that wait, with a sentence; an empty one lets writes through again."""
        if sentence != self._refused:
            LOG.log(
                logging.ERROR if sentence else logging.WARNING, "%s", sentence or "Writes are taken again."
            )
        self._refused = sentence
        for write in self._taken_out() if sentence else ():
            self._answer_refused(write)

    def _taken_out(self) -> list[QueuedWrite]:
        with self._changed:
            waiting, self._waiting = list(self._waiting), deque()
        return waiting

    def _answer_refused(self, write: QueuedWrite) -> None:
        if write.claim():
            write.answer(error=TryAgain("database-unavailable", self._refused, outcome="none"))
            self._fails_since(write.queued_at)

    def commit_failed(self, error: BaseException) -> None:
        """Note that the database can't be written, and say it in its own words when that is new."""
        words = " ".join(str(error).split())
        if words != self._failure:
            LOG.error("The database can't be written: %s", words)
        self._failure = words

    def committed(self, calls: int, seconds: float) -> None:
        """Note that the database can be written: that many calls were committed, and the COMMIT took so long."""
        self.figures.commits.append((calls, seconds))
        if self._failure is not None:
            self._failure = None
            LOG.warning("The database can be written again.")

    def _fails_since(self, instant: float) -> None:
        if self._failing_since is None:
            self._failing_since = instant

    def age(self) -> float:
        """Return for how many seconds writes have been wanted and none has got through; 0 when none waits and none has failed since.

        One that the plant's rules refuse has not failed.
        """
        wanted = [write.queued_at for write in [*self.under_way, *self._first_waiting()]]
        if (failing_since := self._failing_since) is not None:
            wanted.append(failing_since)
        if not wanted:
            return 0.0
        return max(0.0, time.monotonic() - max(min(wanted), self.figures.last_through))

    def _first_waiting(self) -> list[QueuedWrite]:
        with self._changed:
            return [self._waiting[0]] if self._waiting else []

    def trouble(self) -> str | None:
        """Return why no write gets through; None when writes do, or nobody writes.

        While the database could last not be written it is tried, so that this is noticed when nobody else writes.
        """
        if (probe := self.try_again()) is not None:
            wait((probe.future,), PROBE_SECONDS)
        return self.known_trouble()

    def known_trouble(self) -> str | None:
        """Return why no write gets through, as far as it is known without trying; else None."""
        if self._refused:
            return self._refused
        if self._failure is not None:
            return f"The database can't be written: {self._failure}"
        since = min((write.taken_at for write in list(self.under_way)), default=None)
        seconds = 0.0 if since is None else time.monotonic() - max(since, self._last_end)
        # What is answered busy, one after another, has got through no more.
        if self._failing_since is not None:
            seconds = max(seconds, self.age())
        return None if seconds < STUCK_SECONDS else f"No write has got through for {seconds:.1f} s."

    def try_again(self) -> QueuedWrite | None:
        """Queue a small write where the last one failed, and return it; None when none did, or one is under way already."""
        fails = self._failing_since is not None or self._failure is not None
        if not fails or (self._probe is not None and not self._probe.future.done()):
            return None
        self._probe = QueuedWrite(write_and_forget, False)
        self.put(self._probe)
        return self._probe

    def writer_ready(self) -> None:
        """Let the waiting time run: there is now somebody who could take a write."""
        self._writer_since = time.monotonic()

    def close(self) -> None:
        """Take no more writes and wake everybody who waits."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._clock_stops.set()

    def put(self, write: QueuedWrite) -> None:
        """Queue a write, or answer it busy when the queue is closed."""
        if self._refused:
            self._answer_refused(write)
            return
        with self._changed:
            if not self._closed:
                self._waiting.append(write)
                self._timed.append(write)
                self._changed.notify()
                return
        write.expire()

    def take(self) -> QueuedWrite | None:
        """Wait for a write and claim it; None when the queue is closed and empty."""
        while True:
            with self._changed:
                while not self._waiting and not self._closed:
                    self._changed.wait()
                if not self._waiting:
                    return None
                write = self._waiting.popleft()
            if write.claim():
                write.taken_at = time.monotonic()
                self.figures.waits.append(write.taken_at - write.queued_at)
                self.under_way.add(write)
                return write

    def take_if_any(self) -> QueuedWrite | None:
        """Claim the next write if there is one and it may share a transaction."""
        while True:
            with self._changed:
                if not self._waiting or self._waiting[0].alone:
                    return None
                write = self._waiting.popleft()
            if write.claim():
                write.taken_at = time.monotonic()
                self.figures.waits.append(write.taken_at - write.queued_at)
                self.under_way.add(write)
                return write

    def drain(self, threads: list[threading.Thread]) -> None:
        """Close, wait until the threads have answered what was queued, and answer busy whoever is left."""
        self.close()
        for thread in threads:
            thread.join()
        threads.clear()
        for write in self._waiting:
            write.expire()

    def expire_late(self) -> None:
        """Answer writes that wait too long, until the queue is closed; it looks ten times a second."""
        while not self._clock_stops.wait(0.1):
            self._expire_due(time.monotonic())

    def _expire_due(self, now: float) -> None:
        latest = now - self._queue_seconds
        if self._writer_since is None or self._writer_since > latest:
            latest = now - self._opening_seconds
        while self._timed and (self._timed[0].future.done() or self._timed[0].queued_at <= latest):
            write = self._timed.popleft()
            if write.expire():
                self.figures.expired += 1
                self._fails_since(write.queued_at)
