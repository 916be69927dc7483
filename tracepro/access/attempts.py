"""How many guesses an account may have: the wrong ones that are counted in the database, and those being judged.

Passwords and codes are judged in several threads at once, and counted a moment later; without what this process
remembers, many that come together would all be judged before the first is counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from tracepro.access import guesses
from tracepro_hookspecs import Call, TryAgain

__all__ = ["Attempts"]

REMEMBERED = 10_000
"""Accounts whose wrong guesses a process remembers; the database has them all."""


class Attempts:
    """The guesses of a site that are being judged, and the wrong ones known here, newest first, by account."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._open: Counter[str] = Counter()
        self._wrong: dict[str, list[int]] = {}

    @contextmanager
    def judging(self, call: Call, account: str) -> Iterator[None]:
        """Let a guess be judged, in a ``with`` statement. Raises Throttled after too many wrong ones, TryAgain while as many are being judged."""
        counted = guesses.recent(call, account)
        with self._lock:
            remembered = self._remembered(call, account)
            wrong = max(counted, remembered, key=len)
            guesses.refuse_more(call, wrong)
            if len(wrong) + self._open[account] >= call.parameter("api", "guesses"):
                info = "Too many guesses for this account are being checked; try again in a moment."
                raise TryAgain("busy", info)
            self._open[account] += 1
        try:
            yield
        finally:
            with self._lock:
                self._open -= Counter((account,))

    def count_wrong(self, call: Call, account: str) -> None:
        """Count a wrong guess here, and in the database once the call is refused."""
        with self._lock:
            former = self._remembered(call, account)
            self._wrong.pop(account, None)
            self._wrong[account] = [call.now, *former]
            while len(self._wrong) > REMEMBERED:
                del self._wrong[next(iter(self._wrong))]
        guesses.count_wrong(call, account)

    def _remembered(self, call: Call, account: str) -> list[int]:
        since, until = guesses.counted_between(call)
        return [tm for tm in self._wrong.get(account, ()) if since < tm <= until]
