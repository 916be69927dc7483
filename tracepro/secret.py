"""Secrets: those the server gives out, kept as hashes, and the one it keys its own hashes with."""

from __future__ import annotations

import hmac
import secrets
from hashlib import sha256
from typing import Any

from tracepro.database import Insert, Statement, p
from tracepro.database.core_models import Secret

BYTES = 32
SITE = "site"
KNOWN = Statement(lambda: Secret.select(Secret.value).where(Secret.name == p("name")))
NEW = Insert(Secret, ignore=True)


def new_secret() -> str:
    """Returns 32 random bytes as 43 letters, digits, ``-`` and ``_``."""
    return secrets.token_urlsafe(BYTES)


def hashed(secret: str) -> str:
    """Returns the SHA-256 of a secret that has enough randomness of its own; not for passwords."""
    return sha256(secret.encode()).hexdigest()


def same(one: str, other: str) -> bool:
    """Compares two texts in a time that doesn't tell where they differ."""
    return hmac.compare_digest(one.encode(), other.encode())


def site_secret(store: Any) -> bytes:
    """Returns the secret that the site's servers share through their database, made by the first to ask."""
    known = store.read(lambda db: db.value(KNOWN, name=SITE))
    if known is None:
        store.write_inline(lambda db: db.insert_or_ignore(NEW, name=SITE, value=new_secret()))
        known = store.read(lambda db: db.value(KNOWN, name=SITE))
    return known.encode()
