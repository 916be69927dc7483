"""The queue of writes that wait for their turn, and the clock that takes them out when it lasts too long."""

from __future__ import annotations

import threading
import time
from collections import deque

from tracepro.database.store import Job


class WaitingCalls:
    """Jobs in order of arrival; those not claimed ``seconds`` after both arrival and opening are answered busy."""

    def __init__(self, seconds: float, opening_seconds: float) -> None:
        self._seconds = seconds
        self._opening_seconds = opening_seconds
        self._jobs: deque[Job] = deque()
        self._watched: deque[Job] = deque()
        self._ready = threading.Condition()
        self._opened: float | None = None
        self._closed = False
        self._ended = threading.Event()

    def open(self) -> None:
        """Lets the waiting time run: there is now somebody who could take a job."""
        self._opened = time.monotonic()

    def close(self) -> None:
        """Takes no more jobs and wakes everybody who waits."""
        with self._ready:
            self._closed = True
            self._ready.notify_all()
        self._ended.set()

    def put(self, job: Job) -> None:
        """Queues a job, or answers it busy when the queue is closed."""
        with self._ready:
            if not self._closed:
                self._jobs.append(job)
                self._watched.append(job)
                self._ready.notify()
                return
        job.expire()

    def take(self) -> Job | None:
        """Waits for a job and claims it; None when the queue is closed and empty."""
        while True:
            with self._ready:
                while not self._jobs and not self._closed:
                    self._ready.wait()
                if not self._jobs:
                    return None
                job = self._jobs.popleft()
            if job.claim():
                return job

    def take_if_any(self) -> Job | None:
        """Claims the next job if there is one and it may share a transaction."""
        while True:
            with self._ready:
                if not self._jobs or self._jobs[0].alone:
                    return None
                job = self._jobs.popleft()
            if job.claim():
                return job

    def end(self, threads: list[threading.Thread]) -> None:
        """Closes, waits until the threads have answered what was queued, and answers busy whoever is left."""
        self.close()
        for thread in threads:
            thread.join()
        threads.clear()
        for job in self._jobs:
            job.expire()

    def watch(self) -> None:
        """Answers jobs that wait too long, until the queue is closed; it looks ten times a second."""
        while not self._ended.wait(0.1):
            self._expire_due(time.monotonic())

    def _expire_due(self, now: float) -> None:
        """Answers the jobs that have waited their time."""
        latest = now - self._seconds
        if self._opened is None or self._opened > latest:
            latest = now - self._opening_seconds
        while self._watched and (self._watched[0].future.done() or self._watched[0].queued <= latest):
            self._watched.popleft().expire()
