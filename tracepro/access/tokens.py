"""Tokens ``tp_<id>_<secret>``: 32 random bytes of which only the SHA-256 is kept."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches

from peewee import Query

from tracepro import clock
from tracepro.access.caller import Caller
from tracepro.access.errors import Unauthenticated
from tracepro.database import Insert, p, statement
from tracepro.database.core_models import Token
from tracepro.secret import equal, hashed, new_secret
from tracepro_hookspecs import Call, Row, Session

_BEARER = re.compile(r"bearer +tp_([1-9][0-9]{0,17})_([A-Za-z0-9_-]{43}) *", re.IGNORECASE)

BAD_TOKEN = "The token is unknown, revoked or expired; get a new one with tracepro token create."

NEW = Insert(Token)


@statement
def token_by_id() -> Query:
    """What a call with a token is judged by."""
    return Token.select(
        Token.name,
        Token.secret_hash,
        Token.scopes,
        Token.lines,
        Token.expires,
        Token.revoked,
        Token.last_used,
    ).where(Token.id == p("id"))


@statement
def end_of_token() -> Query:
    """When a token expires, and when it was revoked."""
    return Token.select(Token.expires, Token.revoked).where(Token.id == p("id"))


@statement
def secret_of_token() -> Query:
    """The hash of a token's secret."""
    return Token.select(Token.secret_hash).where(Token.id == p("id"))


@statement
def mark_used() -> Query:
    """When a token was last used, unless that was noted a moment ago."""
    stale = Token.last_used.is_null() | (Token.last_used < p("before"))
    return Token.update(last_used=p("now")).where((Token.id == p("id")) & stale)


@statement
def all_tokens() -> Query:
    """Every token, without what could be used."""
    return Token.select(
        Token.name, Token.scopes, Token.lines, Token.created, Token.expires, Token.last_used, Token.revoked
    ).order_by(Token.id)


@statement
def valid_token() -> Query:
    """A token that may call now."""
    unended = Token.expires.is_null() | (Token.expires > p("now"))
    return Token.select(Token.id).where(Token.revoked.is_null() & unended).limit(1)


@statement
def token_by_name() -> Query:
    """A token's id, when it was revoked and when it expires."""
    return Token.select(Token.id, Token.revoked, Token.expires).where(Token.name == p("name"))


@statement
def renew_token() -> Query:
    """Another secret and another end of a token."""
    return Token.update(secret_hash=p("secret_hash"), expires=p("expires")).where(Token.id == p("id"))


@statement
def revoke_token() -> Query:
    """The end of a token."""
    return Token.update(revoked=p("now")).where(Token.id == p("id"))


def create(
    call: Call, name: str, scopes: Iterable[str], lines: Iterable[str] | None, days: int | None, now: int
) -> str:
    """Make a token and return its text, which can never be shown again; raises ValueError for a used name."""
    db = call.db
    if db.one(token_by_name, name=name) is not None:
        raise ValueError(f"There is a token {name} already, perhaps a revoked one; choose another name.")
    secret = new_secret()
    token_id = db.insert(
        NEW,
        name=name,
        secret_hash=hashed(secret),
        scopes=sorted(set(scopes)),
        lines=sorted(set(lines)) if lines else None,
        created=now,
        expires=_end(days, now),
        last_used=None,
        revoked=None,
    )
    call.changed(f"token {token_id}", "scopes", None, sorted(set(scopes)))
    return f"tp_{token_id}_{secret}"


def renew(call: Call, name: str, days: int | None, now: int) -> str:
    """Give a token a new secret and return its text; the former secret ends at once.

    Name, scopes, lines and the answers kept for its idempotency keys stay. Without ``days`` its end stays too. Raises
    ValueError for an unknown, a revoked and, without ``days``, an expired token.
    """
    token_id, revoked, expires = _found(call, name)
    if revoked is not None:
        raise ValueError(f"Token {name} was revoked; create one with another name.")
    after = expires if days is None else _end(days, now)
    if after is not None and after <= now:
        raise ValueError(f"Token {name} has expired; say with --days for how long it is to live again.")
    secret = new_secret()
    call.db.run(renew_token, id=token_id, secret_hash=hashed(secret), expires=after)
    call.changed(f"token {token_id}", "secret", None, True, hidden=True)
    call.changed(f"token {token_id}", "expires", expires, after)
    return f"tp_{token_id}_{secret}"


def revoke(call: Call, name: str, now: int) -> None:
    """End a token for ever; raises ValueError for an unknown one. Revoking twice keeps the first time."""
    token_id, revoked, _ = _found(call, name)
    if revoked is None:
        call.db.run(revoke_token, id=token_id, now=now)
        call.changed(f"token {token_id}", "revoked", None, now)


def _found(call: Call, name: str) -> Row:
    row = call.db.one(token_by_name, name=name)
    if row is None:
        raise ValueError(f"There is no token {name}; tracepro token list shows all.")
    return row


def _end(days: int | None, now: int) -> int | None:
    return None if days is None else now + days * clock.DAY


def any_valid(db: Session, now: int) -> bool:
    """Tell whether any token may call now."""
    return db.one(valid_token, now=now) is not None


def find(db: Session, header: str, address: str, now: int) -> tuple[Caller, int | None]:
    """Return whose token an ``Authorization`` header has, and when it was last used. Raises Unauthenticated."""
    token_id, secret = parse_bearer(header)
    row = db.one(token_by_id, id=token_id)
    if row is None or not secret_matches(secret, row[1]) or has_ended(row[4], row[5], now):
        raise Unauthenticated(BAD_TOKEN)
    name, _, scopes, lines, _, _, last_used = row
    caller = Caller(name, token_id, frozenset(scopes), None if lines is None else frozenset(lines), address)
    return caller, last_used


def has_ended(expires: int | None, revoked: int | None, now: int) -> bool:
    """Tell whether a token that expires and was revoked then is no good any more."""
    return revoked is not None or (expires is not None and expires <= now)


def bearer_id(header: str) -> int | None:
    """Return the id of the token that an ``Authorization`` header claims to have, None when it has none."""
    match = _BEARER.fullmatch(header)
    return int(match[1]) if match else None


def parse_bearer(header: str) -> tuple[int, str]:
    """Split an ``Authorization`` header into a token's id and secret; raises Unauthenticated."""
    match = _BEARER.fullmatch(header)
    if match is None:
        raise Unauthenticated(
            "This is no token of this server; send tp_… as tracepro token create printed it, in a header after Bearer."
        )
    return int(match[1]), match[2]


def secret_matches(secret: str, secret_hash: str) -> bool:
    """Tell whether a secret is the one of a token, in a time that doesn't tell how near it was."""
    return equal(hashed(secret), secret_hash)


def unknown_scopes(scopes: Iterable[str], known: Iterable[str]) -> list[str]:
    """Return the scopes that no method, route or handler asks for, sorted."""
    return sorted(set(scopes) - set(known))


def scopes_told(unknown: str, known: Iterable[str]) -> str:
    """Return the end of a sentence about an unknown scope: which one may be meant, and which there are."""
    names = sorted(known)
    meant = get_close_matches(unknown, names, 1)
    there_are = f"he scopes are {', '.join(names)}"
    return f"did you mean {meant[0]}? T{there_are}" if meant else f"t{there_are}"
