"""How large the answer to one body may become."""

from __future__ import annotations

from collections.abc import Callable

from tracepro.calls.errors import AnswerTooLarge
from tracepro_hookspecs import CallError, TryAgain

SMALL = 64 * 1024
"""A single call's answer up to this size is given without asking."""
REFUSAL_BYTES = 500

Hold = Callable[[int], bool]
"""Counts bytes of an answer that is held; False when all requests together hold too many."""


def too_many_answers() -> TryAgain:
    """Return the refusal of an answer for which there is no memory just now."""
    return TryAgain("busy", "Too many large answers are under way here; nothing was done, send it again.")


class AnswerRoom:
    """The room for the answers to one body.

    ``used`` is what they take so far; once one doesn't fit, ``full`` is what every further call is refused with, without
    being run. Room for these refusals, with the ids that the body has, is kept.
    """

    def __init__(self, limit: int, hold: Hold, calls: int = 1, body_bytes: int = 0) -> None:
        self.used = 0
        self.full: CallError | None = None
        self._limit = limit
        self._most = limit if calls == 1 else max(limit // 2, limit - calls * REFUSAL_BYTES - body_bytes)
        self._hold = hold

    def count_unsent(self, size: int) -> None:
        """Count what a notification made for nobody: it costs as much to make as what is sent."""
        self.used += size
        if self.used > self._most:
            self.full = AnswerTooLarge(self._limit)

    def refusal(self, size: int, *, done: bool) -> CallError | None:
        """Return why an answer can't be given, or None. That of what is ``done`` always is, whatever its size."""
        if self.used + size > self._most:
            self.full = AnswerTooLarge(self._limit)
        elif not self._hold(size):
            self.full = too_many_answers()
        return None if done else self.full
