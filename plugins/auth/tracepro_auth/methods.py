"""What the API calls; every function here is one JSON-RPC method."""

from __future__ import annotations

from functools import partial
from typing import Any

from tracepro.access.attempts import Attempts
from tracepro_auth import login, users
from tracepro_hookspecs import Call, Method


def userauth(call: Call, username: str, password: str) -> dict[str, Any]:
    """Return who a user is whose password was right; a hash made with old parameters is replaced."""
    known: login.Known = call.prepared
    if known.after is not None:
        call.need_write()
        call.db.run(users.replace_hash, username=username, before=known.before, after=known.after)
    return {name: known.user[name] for name in ("username", "fullname", "groups")}


def methods_of_site() -> list[Method]:
    """Return the methods of one site, which remembers its own wrong passwords."""
    judge = partial(login.judge, Attempts())
    return [Method("userauth", userauth, "upgrade", prepare=judge, secret=True)]
