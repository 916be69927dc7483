"""Tokens ``tp_<id>_<secret>``: 32 random bytes of which only the SHA-256 is kept."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tracepro.access.errors import Unauthenticated
from tracepro.database import Insert, Session, Statement, p
from tracepro.database.core_models import Token
from tracepro.secret import hashed, new_secret, same

DAY = 86_400_000_000
_BEARER = re.compile(r"bearer +tp_(\d{1,18})_([A-Za-z0-9_-]{43})\s*", re.IGNORECASE)

TOKEN_BY_ID = Statement(
    lambda: Token.select(
        Token.name,
        Token.secret_hash,
        Token.scopes,
        Token.lines,
        Token.expires,
        Token.revoked,
        Token.last_used,
    ).where(Token.id == p("id"))
)
MARK_USED = Statement(
    lambda: Token.update(last_used=p("now")).where(
        (Token.id == p("id")) & (Token.last_used.is_null() | (Token.last_used < p("before")))
    )
)
TOKENS = Statement(
    lambda: Token.select(
        Token.name, Token.scopes, Token.lines, Token.created, Token.expires, Token.last_used, Token.revoked
    ).order_by(Token.id)
)
LIVING = Statement(
    lambda: (
        Token.select(Token.id)
        .where(Token.revoked.is_null() & (Token.expires.is_null() | (Token.expires > p("now"))))
        .limit(1)
    )
)
NAMED = Statement(lambda: Token.select(Token.id, Token.revoked).where(Token.name == p("name")))
REVOKE = Statement(lambda: Token.update(revoked=p("now")).where(Token.id == p("id")))
NEW = Insert(Token)


def create(
    db: Session, name: str, scopes: Iterable[str], lines: Iterable[str] | None, days: int | None, now: int
) -> str:
    """Makes a token and returns its text, which can never be shown again; raises ValueError for a used name."""
    if db.one(NAMED, name=name) is not None:
        raise ValueError(f"There is a token {name} already, perhaps a revoked one; choose another name.")
    secret = new_secret()
    token_id = db.insert(
        NEW,
        name=name,
        secret_hash=hashed(secret),
        scopes=sorted(set(scopes)),
        lines=sorted(set(lines)) if lines else None,
        created=now,
        expires=None if days is None else now + days * DAY,
        last_used=None,
        revoked=None,
    )
    return f"tp_{token_id}_{secret}"


def revoke(db: Session, name: str, now: int) -> None:
    """Ends a token for ever; raises ValueError for an unknown one. Revoking twice keeps the first time."""
    row = db.one(NAMED, name=name)
    if row is None:
        raise ValueError(f"There is no token {name}; tracepro token list shows all.")
    if row[1] is None:
        db.run(REVOKE, id=row[0], now=now)


def any_living(db: Session, now: int) -> bool:
    """Tells whether any token may call now."""
    return db.one(LIVING, now=now) is not None


def matching_id(header: str) -> tuple[int, str]:
    """Splits an ``Authorization`` header into a token's id and secret; raises Unauthenticated."""
    match = _BEARER.fullmatch(header)
    if match is None:
        raise Unauthenticated(
            "The Authorization header has no token of this server; send Bearer tp_… as tracepro token create printed it."
        )
    return int(match[1]), match[2]


def secret_matches(secret: str, secret_hash: str) -> bool:
    """Tells whether a secret is the one of a token, in a time that doesn't tell how near it was."""
    return same(hashed(secret), secret_hash)


def unknown_scopes(scopes: Iterable[str], known: Iterable[str], plugins: Iterable[str]) -> list[str]:
    """Returns the scopes that nothing asks for: not declared, nor ``plugin`` or ``plugin:word``."""
    known, plugins = set(known), set(plugins)
    return [scope for scope in scopes if scope not in known and scope.partition(":")[0] not in plugins]
