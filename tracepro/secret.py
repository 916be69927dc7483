"""Secrets that the server gives out: made at random, kept as hashes, compared in constant time."""

from __future__ import annotations

import hmac
import secrets
from hashlib import sha256

BYTES = 32


def new_secret() -> str:
    """Returns 32 random bytes as 43 letters, digits, ``-`` and ``_``."""
    return secrets.token_urlsafe(BYTES)


def hashed(secret: str) -> str:
    """Returns the SHA-256 of a secret that has enough randomness of its own; not for passwords."""
    return sha256(secret.encode()).hexdigest()


def same(one: str, other: str) -> bool:
    """Compares two texts in a time that doesn't tell where they differ."""
    return hmac.compare_digest(one.encode(), other.encode())
