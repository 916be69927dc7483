"""Tokens with what they may do, never with what could be used."""

from __future__ import annotations

from typing import NamedTuple

from peewee import Query

from tracepro.database import p, statement
from tracepro.database.core_models import Token
from tracepro_hookspecs import Call

SHOWN = 50


class TokenState(NamedTuple):
    """A token: ``lines`` None for any; times are microseconds UTC, None for never."""

    id: int
    name: str
    scopes: list[str]
    lines: list[str] | None
    created: int
    expires: int | None
    last_used: int | None
    revoked: int | None


@statement
def tokens_after() -> Query:
    """The next tokens behind an id."""
    t = Token
    columns = t.select(t.id, t.name, t.scopes, t.lines, t.created, t.expires, t.last_used, t.revoked)
    return columns.where(t.id > p("after")).order_by(t.id).limit(SHOWN + 1)


def token_states(call: Call, after: int = 0) -> tuple[list[TokenState], bool]:
    """Return the next 50 tokens behind an id in order of id, revoked ones too, and whether there are more."""
    found = [TokenState(*row) for row in call.db.rows(tokens_after, after=after)]
    return found[:SHOWN], len(found) > SHOWN
