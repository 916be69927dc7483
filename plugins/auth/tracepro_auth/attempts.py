"""How many wrong passwords an account may have: those counted in the database, and those that are being judged.

Passwords are judged at once in several threads, and counted a moment later; without what this process remembers, many
that come together would all be judged before the first is counted.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from threading import Lock

from tracepro.access import guesses
from tracepro_auth import reasons
from tracepro_hookspecs import Call

REMEMBERED = 10_000
"""Accounts whose wrong passwords this process remembers; the database has them all."""


def account_of(username: str) -> str:
    """Return what wrong passwords for a user name are counted under, whether there is such a user or not.

    A digest: somebody may have typed a password for a name. Of names that a directory may take for one, differing in case
    or width, the digest is the same.
    """
    name = unicodedata.normalize("NFKC", username).casefold().strip()
    return f"user:{sha256(name.encode()).hexdigest()}"


class Attempts:
    """The passwords that are being judged, and the wrong ones this process knows of, newest first, by account."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._open: Counter[str] = Counter()
        self._wrong: dict[str, list[int]] = {}

    @contextmanager
    def judging(self, call: Call, account: str) -> Iterator[None]:
        """Let a password be judged. Raises Throttled after too many wrong ones, TryAgain while those are being judged."""
        counted = guesses.recent(call, account)
        with self._lock:
            remembered = [tm for tm in self._wrong.get(account, ()) if tm > guesses.counted_since(call)]
            wrong = max(counted, remembered, key=len)
            guesses.refuse_more(call, wrong)
            if len(wrong) + self._open[account] >= call.parameter("api", "guesses"):
                raise reasons.busy()
            self._open[account] += 1
        try:
            yield
        finally:
            with self._lock:
                self._open -= Counter((account,))

    def count_wrong(self, call: Call, account: str) -> None:
        """Count a wrong password here, and in the database once the call is refused."""
        with self._lock:
            since = guesses.counted_since(call)
            former = [tm for tm in self._wrong.pop(account, ()) if tm > since]
            self._wrong[account] = [call.now, *former]
            while len(self._wrong) > REMEMBERED:
                del self._wrong[next(iter(self._wrong))]
        guesses.count_wrong(call, account)
