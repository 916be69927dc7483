"""The floor: who of those that run Python code here goes first, where several would take the interpreter's lock from each other.

SQLite gives that lock away at every statement, and the event loop at every packet. Who then has to get it back each time
loses more by it than the work takes. With the floor one gets through a whole round of work before the next begins.
"""

from __future__ import annotations

import threading
from collections import deque
from typing import Protocol

PATIENCE = 0.01
"""How long anybody waits for the floor, and so how long whoever has it keeps it from others."""


class Floor(Protocol):
    """What is taken before a round of work and left after it; nothing is protected by it but speed."""

    @property
    def taken(self) -> bool:
        """True when another thread has it."""

    @property
    def wanted(self) -> bool:
        """True when somebody waits for it."""

    def take(self) -> None:
        """Wait for it, and after PATIENCE go on all the same: whoever has it then has had it long enough."""

    def leave(self) -> None:
        """Give it to whoever has waited longest."""


class OpenFloor:
    """A floor that is free for all: where the work is done by another process nobody waits for the interpreter."""

    taken = False
    wanted = False

    def take(self) -> None:
        """Go on at once."""

    def leave(self) -> None:
        """Do nothing."""


OPEN_FLOOR = OpenFloor()


class SharedFloor:
    """A floor that one thread has at a time; it is passed on in the order of asking."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._holder = 0
        self._waiting: deque[tuple[int, threading.Lock]] = deque()

    @property
    def taken(self) -> bool:
        """True when another thread has it."""
        return self._holder not in (0, threading.get_ident())

    @property
    def wanted(self) -> bool:
        """True when somebody waits for it."""
        return bool(self._waiting)

    def take(self) -> None:
        """Wait for it, and after PATIENCE go on all the same: whoever has it then has had it long enough."""
        own = threading.get_ident()
        with self._lock:
            if self._holder in (0, own):
                self._holder = own
                return
            passed = threading.Lock()
            passed.acquire()
            place = (own, passed)
            self._waiting.append(place)
        if not passed.acquire(timeout=PATIENCE):
            with self._lock:
                if (
                    place in self._waiting
                ):  # else it was passed on at the last moment, and maybe taken away again since
                    self._waiting.remove(place)
                    self._holder = own

    def leave(self) -> None:
        """Give it to whoever has waited longest."""
        with self._lock:
            if self._holder != threading.get_ident():
                return
            self._holder = 0
            if self._waiting:
                self._holder, passed = self._waiting.popleft()
                passed.release()
