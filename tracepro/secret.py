"""Secrets: those the server gives out, kept as hashes, and the one it keys its own hashes with."""

from __future__ import annotations

import hmac
import secrets
from hashlib import sha256

from peewee import Query

from tracepro.database import Insert, Store, p, statement
from tracepro.database.core_models import Secret

__all__ = ["equal", "hashed", "new_secret"]

BYTES = 32
SITE = "site"
NEW = Insert(Secret, ignore=True)


@statement
def secret_by_name() -> Query:
    """A secret of the site."""
    return Secret.select(Secret.value).where(Secret.name == p("name"))


def new_secret() -> str:
    """Return 32 random bytes as 43 letters, digits, ``-`` and ``_``."""
    return secrets.token_urlsafe(BYTES)


def hashed(secret: str) -> str:
    """Return the SHA-256 of a secret that has enough randomness of its own; not for passwords."""
    return sha256(secret.encode()).hexdigest()


def equal(left: str, right: str) -> bool:
    """Compare two texts in a time that doesn't tell where they differ."""
    return hmac.compare_digest(left.encode(), right.encode())


def site_secret(store: Store) -> bytes:
    """Return the secret that the site's servers share through their database, made by the first to ask."""
    known = store.read(lambda db: db.value(secret_by_name, name=SITE))
    if known is None:
        store.write_inline(lambda db: db.insert_or_ignore(NEW, name=SITE, value=new_secret()))
        known = store.read(lambda db: db.value(secret_by_name, name=SITE))
    return str(known).encode()
