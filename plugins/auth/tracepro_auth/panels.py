"""What this plugin shows on the page of the site: its users."""

from __future__ import annotations

from typing import Any

from peewee import Query

from tracepro.database import statement
from tracepro_auth import models as m
from tracepro_hookspecs import Call

SHOWN = 100


@statement
def first_users() -> Query:
    """The first users by name, without what could be used."""
    columns = m.User.select(m.User.username, m.User.fullname, m.User.groups, m.User.disabled)
    return columns.order_by(m.User.username).limit(SHOWN + 1)


def panels(call: Call, page: str) -> dict[str, dict[str, Any]]:
    """Return the panel of the users, for the page of the site."""
    if page != "site" or "admin" not in call.caller.scopes:
        return {}
    names = ("username", "fullname", "groups", "disabled")
    users = [dict(zip(names, row, strict=True)) for row in call.db.rows(first_users)]
    return {"users": {"template": "auth/users.html", "users": users[:SHOWN], "more": len(users) > SHOWN}}
