"""How long SQLite may take: a whole read until its time is over, a statement of the writer as long as on PostgreSQL."""

from __future__ import annotations

import sqlite3
import sys
import time
from collections.abc import Callable
from types import FrameType
from weakref import ref

STEPS_BETWEEN_LOOKS = 100_000


class TimedConnection(sqlite3.Connection):
    """A connection that can be stopped when its time is over."""

    ends = 0.0

    def limit_time(self) -> None:
        """Stop every statement that is still running at ``ends``."""
        self.set_progress_handler(_is_late(ref(self)), STEPS_BETWEEN_LOOKS)


def _is_late(reference: ref[TimedConnection]) -> Callable[[], bool]:
    """Return the question of a progress handler; it must not keep the connection alive."""

    def is_late() -> bool:
        connection = reference()
        return connection is not None and time.monotonic() > connection.ends

    return is_late


class StatementClock:
    """The question of the writer's progress handler: whether one statement has run for more than ``seconds``.

    Nobody tells it that a statement begins, which would cost each of them; who runs one tells them apart.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._runs: FrameType | None = None
        self._since = 0.0

    def __call__(self) -> bool:
        runs, now = sys._getframe(1), time.monotonic()
        if runs is not self._runs:
            self._runs, self._since = runs, now
        return now - self._since > self._seconds

    def forget(self) -> None:
        """Let go of what ran last."""
        self._runs = None
