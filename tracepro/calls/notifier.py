"""Notify hooks run here: in one thread of their own, one after the other, in the order they were given."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from typing import NamedTuple

LOG = logging.getLogger("tracepro.calls.notifier")
LIMIT = 10_000


class Notification(NamedTuple):
    """What is to be told after a commit; ``name`` is what the log calls it."""

    name: str
    function: Callable[[], object]


class Notifier:
    """Runs what is to be told after a commit, so that no call waits for whoever listens.

    ``put`` never blocks and never raises: a notification that finds ``limit`` others waiting is dropped
    and logged, because a plugin that hangs must not eat the server's memory. Work is done in the order of
    ``put``; a failure is logged and the next one runs. ``close`` does what is waiting, then ends the thread.
    """

    def __init__(self, limit: int = LIMIT) -> None:
        self._waiting: queue.Queue[Notification | None] = queue.Queue()
        self._limit = limit
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._closed = False
        self.dropped = 0
        self.failed = 0

    @property
    def waiting(self) -> int:
        """How many are still to be told."""
        return self._waiting.qsize()

    def put(self, function: Callable[[], object], name: str = "notification") -> None:
        """Queue ``function``; ``name`` is what the log calls it."""
        if self._closed or self._waiting.qsize() >= self._limit:
            self.dropped += 1
            LOG.error("Notification %s was dropped: %d are waiting; a plugin is too slow.", name, self._limit)
            return
        self._waiting.put(Notification(name, function))
        if self._thread is None:
            self.start()

    def start(self) -> None:
        """Start the thread, once; call it after the fork, never before."""
        with self._lock:
            if self._thread is None and not self._closed:
                self._thread = thread = threading.Thread(
                    target=self._run, name="tracepro-notifier", daemon=True
                )
                thread.start()

    def flush(self, timeout: float = 30.0) -> bool:
        """Wait until everything put so far was told; False when ``timeout`` seconds were not enough."""
        if self._closed:
            return self._waiting.empty()
        told = threading.Event()
        self._waiting.put(Notification("flush", told.set))
        self.start()
        return told.wait(timeout)

    def close(self, timeout: float = 10.0) -> None:
        """Tell what is waiting, for at most ``timeout`` seconds, and ends the thread."""
        with self._lock:
            thread, self._closed = self._thread, True
        self._waiting.put(None)
        if thread is not None:
            thread.join(timeout)

    def abandon(self, thread: int) -> None:
        """Go on in a new thread when the one of this number hangs; it ends when what it runs does."""
        with self._lock:
            if self._thread is None or self._thread.ident != thread or self._closed:
                return
            self._thread = None
        self.start()

    def _run(self) -> None:
        while threading.current_thread() is self._thread and (item := self._waiting.get()) is not None:
            name, function = item
            try:
                function()
            except BaseException:
                self.failed += 1
                LOG.exception("Notification %s failed; the others still run.", name)
