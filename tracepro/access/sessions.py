"""Sessions of people at a browser: a cookie ``tp_session`` with ``ts_<id>_<secret>``, of which only a hash is kept.

Whoever opens one has found out who it is; the session has that caller's scopes and lines until it ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from peewee import JOIN, Query

from tracepro import clock
from tracepro.access import tokens
from tracepro.access.caller import Caller
from tracepro.access.errors import Unauthenticated
from tracepro.database import Insert, p, statement
from tracepro.database.core_models import BrowserSession, Token
from tracepro.secret import equal, hashed, new_secret
from tracepro_hookspecs import Call, Row, Session

__all__ = ["COOKIE", "caller_of_token", "close_session", "close_sessions_of_user", "open_session"]

COOKIE = "tp_session"
"""The name of the cookie."""
ENDED = "The session has ended; log in again."
OLDEST = 20
"""How many ended sessions are deleted with each that is opened."""
_COOKIE = re.compile(rf"(?:^|[;,]) *{COOKIE} *= *([^;,]*)")
_SESSION = re.compile(r"ts_([1-9][0-9]{0,17})_([A-Za-z0-9_-]{43})")

NEW = Insert(BrowserSession)


@statement
def session_by_id() -> Query:
    """What a call with a session is judged by, the token that it was opened with included."""
    session = BrowserSession
    columns = (session.secret_hash, session.name, session.scopes, session.lines, session.user_id)
    token = (session.token_hash, Token.secret_hash, Token.expires, Token.revoked)
    joined = session.select(*columns, session.expires, session.ended, *token)
    return joined.join(Token, JOIN.LEFT_OUTER, on=Token.id == session.token_id).where(session.id == p("id"))


@statement
def end_session() -> Query:
    """The end of a session."""
    return BrowserSession.update(ended=p("now")).where(
        (BrowserSession.id == p("id")) & BrowserSession.ended.is_null()
    )


@statement
def end_of_user() -> Query:
    """The end of all sessions of a user."""
    return BrowserSession.update(ended=p("now")).where(
        (BrowserSession.user_id == p("user_id")) & BrowserSession.ended.is_null()
    )


@statement
def forget_oldest() -> Query:
    """Some of the sessions that expired longest ago, gone."""
    oldest = BrowserSession.select(BrowserSession.id).where(BrowserSession.expires < p("now"))
    return BrowserSession.delete().where(
        BrowserSession.id.in_(oldest.order_by(BrowserSession.expires).limit(OLDEST))
    )


def sent_session(headers: Mapping[str, str]) -> str | None:
    """Return the session that a request's cookies name, None for none; of two it is neither's."""
    cookies = headers.get("cookie")
    if cookies is None:
        return None
    found = _COOKIE.findall(cookies)
    return None if not found else found[0] if len(found) == 1 else ""


def find(db: Session, text: str, address: str, now: int) -> Caller:
    """Return who has a session. Raises Unauthenticated for one that is unknown, has ended or expired."""
    match = _SESSION.fullmatch(text)
    row = db.one(session_by_id, id=int(match[1])) if match else None
    if match is None or row is None or not equal(hashed(match[2]), row[0]) or _has_ended(row, now):
        raise Unauthenticated(ENDED)
    _, name, scopes, lines, user_id, *_ = row
    return Caller(
        name,
        None,
        frozenset(scopes),
        None if lines is None else frozenset(lines),
        address,
        user_id=user_id,
        session_id=int(match[1]),
    )


def require_open(db: Session, session_id: int, now: int) -> None:
    """Refuse a session that has ended since it was found. Raises Unauthenticated."""
    row = db.one(session_by_id, id=session_id)
    if row is None or _has_ended(row, now):
        raise Unauthenticated(ENDED)


def _has_ended(row: Row, now: int) -> bool:
    expires, ended, token_hash, current_hash, expires_of_token, revoked = row[5:]
    by_token = token_hash != current_hash or tokens.has_ended(expires_of_token, revoked, now)
    return ended is not None or expires <= now or by_token


def caller_of_token(call: Call, token: str) -> Caller:
    """Return whose a token ``tp_…`` is, who may then be given a session. Raises Unauthenticated."""
    return tokens.find(call.db, f"Bearer {token}", call.caller.address, call.now)[0]


def open_session(
    call: Call,
    name: str,
    scopes: Iterable[str],
    lines: Iterable[str] | None = None,
    *,
    user_id: int | None = None,
    token_id: int | None = None,
    hours: int,
) -> str:
    """Open a session under a caller's name and return its text, which can never be shown again.

    It ends after ``hours``, when somebody ends it, and with the token that it was opened with or that token's secret.
    """
    call.db.run(forget_oldest, now=call.now)
    secret = new_secret()
    session_id = call.db.insert(
        NEW,
        secret_hash=hashed(secret),
        name=name,
        scopes=sorted(scopes),
        lines=None if lines is None else sorted(lines),
        user_id=user_id,
        token_id=token_id,
        token_hash=None if token_id is None else call.db.value(tokens.secret_of_token, id=token_id),
        created=call.now,
        expires=call.now + hours * clock.HOUR,
        ended=None,
    )
    call.changed(f"session {session_id}", "name", None, name)
    return f"ts_{session_id}_{secret}"


def close_session(call: Call, session_id: int) -> None:
    """End a session; ending one twice keeps the first time."""
    if call.db.run(end_session, id=session_id, now=call.now):
        call.changed(f"session {session_id}", "ended", None, call.now)


def close_sessions_of_user(call: Call, user_id: int) -> None:
    """End all sessions of a user, whose rights or password have changed, say."""
    call.db.run(end_of_user, user_id=user_id, now=call.now)
