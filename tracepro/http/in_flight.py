"""What bodies and answers hold of a process's memory, all requests together."""

from __future__ import annotations

import threading

FREE = 64 * 1024
"""So many bytes of each request aren't counted: small calls go on whatever others send; connections bound them."""


class BytesInFlight:
    """Counts the bytes that are held, up to ``limit``; a single request may hold more when nobody else does."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.lock = threading.Lock()
        self.held = 0


class Held:
    """The bytes that one request holds; used by the loop for its body and by threads for its answer."""

    __slots__ = ("_all", "_size", "_counted", "_ended")

    def __init__(self, all_requests: BytesInFlight) -> None:
        self._all = all_requests
        self._size = 0
        self._counted = 0
        self._ended = False

    def take(self, size: int) -> bool:
        """Count ``size`` bytes more; False when all requests together hold too many.

        After the end nothing is counted: the rest of a batch goes on without its client, and nobody gets the answer.
        """
        with self._all.lock:
            if self._ended:
                return True
            more = max(0, self._size + size - FREE) - self._counted
            others = self._all.held - self._counted
            if more and others and self._all.held + more > self._all.limit:
                return False
            self._size += size
            self._counted += more
            self._all.held += more
        return True

    def end(self) -> None:
        """Give everything back: the answer is sent, or nobody waits for it."""
        with self._all.lock:
            self._ended = True
            self._all.held -= self._counted
            self._counted = 0
