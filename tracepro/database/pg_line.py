"""What stands in line to be sent to PostgreSQL with the next statement that is waited for."""

from __future__ import annotations

from collections.abc import Iterable

from tracepro.database.pg_wire import Asked


class Line:
    """Statements in the order in which they are sent, and questions that are asked behind them all."""

    __slots__ = ("_behind", "_deferred", "_waiting")

    def __init__(self, waiting: Iterable[Asked] = ()) -> None:
        self._waiting = list(waiting)
        self._behind: list[Asked] = []
        self._deferred = False

    @property
    def has_deferred(self) -> bool:
        """True when a write is among what waits, and not only what begins and divides transactions."""
        return self._deferred

    def put(self, asked: Asked) -> None:
        """Let a statement wait."""
        self._waiting.append(asked)

    def defer(self, asked: Asked) -> None:
        """Let a write wait."""
        self._waiting.append(asked)
        self._deferred = True

    def put_behind(self, asked: Asked) -> None:
        """Let a question wait behind the statement that is waited for next."""
        self._behind.append(asked)

    def take(self) -> list[Asked]:
        """Return all that waits, to be sent; nothing waits then."""
        taken = self._waiting + self._behind
        self._waiting, self._behind, self._deferred = [], [], False
        return taken

    def take_without_questions(self) -> list[Asked]:
        """Return what waits but for the questions, which nobody will ask any more."""
        self._behind = []
        return self.take()

    def leave_out(self, asked: Asked) -> bool:
        """Leave out a statement; False if it was sent already."""
        if asked not in self._waiting:
            return False
        self._waiting.remove(asked)
        return True

    def leave_out_from(self, asked: Asked) -> bool:
        """Leave out a statement and all that came after it; False, and nothing waits then, if it was sent already."""
        unsent = asked in self._waiting
        self._waiting = self._waiting[: self._waiting.index(asked)] if unsent else []
        self._deferred = False
        return unsent
