"""Passwords: argon2id as OWASP advises, at most four hashed at once, for each takes 19 MiB."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from tracepro_auth import reasons

HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5LXNhbHQtMDAwMA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
"""A hash of no password: judging one against it is the same work as against a user's."""
LONGEST = 1024
"""Characters of a password."""
AT_ONCE = 4
WAIT_SECONDS = 2.0

_slots = BoundedSemaphore(AT_ONCE)


def hashed(password: str) -> str:
    """Return the hash to be kept of a password. Raises TryAgain when too many are being hashed."""
    with _slot():
        return HASHER.hash(_canonical(password))


def matches(password: str, password_hash: str | None) -> bool:
    """Tell whether a password is the one of a hash; without a hash it is not, after the same work. Raises TryAgain."""
    with _slot():
        try:
            HASHER.verify(password_hash or NOBODY, _canonical(password))
        except VerificationError:
            return False
    return password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Tell whether a hash was made with other parameters than today's."""
    return HASHER.check_needs_rehash(password_hash)


def _canonical(password: str) -> str:
    """Return a password as it is hashed: keyboards write one letter in two ways."""
    return unicodedata.normalize("NFC", password)


@contextmanager
def _slot() -> Iterator[None]:
    if not _slots.acquire(timeout=WAIT_SECONDS):
        raise reasons.busy()
    try:
        yield
    finally:
        _slots.release()
