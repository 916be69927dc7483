"""What is told after a commit goes to the notifier in the order of the commits."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable

from tracepro.calls.notifier import Notification, Notifier


class Slot:
    """The slot of one call in the order; ``notifications`` are dropped when the call is rolled back."""

    __slots__ = ("notifications", "settled")

    def __init__(self, notifications: Iterable[Notification]) -> None:
        self.notifications = tuple(notifications)
        self.settled = False


class Outbox:
    """Keeps the order in which calls ended, and lets the notifier have them once they are committed.

    A slot is taken inside the transaction, where the order is the database's own, and settled when the
    outcome is known, which threads may learn in another order.
    """

    def __init__(self, notifier: Notifier) -> None:
        self._notifier = notifier
        self._waiting: deque[Slot] = deque()
        self._lock = threading.Lock()

    def reserve(self, notifications: Iterable[Notification]) -> Slot:
        """Take the next slot for a call that is about to be committed."""
        slot = Slot(notifications)
        with self._lock:
            self._waiting.append(slot)
        return slot

    def settle(self, slot: Slot, *, committed: bool) -> None:
        """Say how the call ended, and hands over whatever nobody stands before any more."""
        with self._lock:
            if not committed:
                slot.notifications = ()
            slot.settled = True
            while self._waiting and self._waiting[0].settled:
                for name, function in self._waiting.popleft().notifications:
                    self._notifier.put(function, name)
