"""People at a browser: logging in with a user's password or with a token, and logging out."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, NamedTuple

from tracepro_auth import api as auth

from tracepro.access import sessions
from tracepro.access.attempts import Attempts
from tracepro_hookspecs import Call, Page, Reply, Request, Route
from tracepro_pages import reasons

TEXT = {"type": "string", "maxLength": 1024}
LOGIN = {
    "type": "object",
    "oneOf": [{"required": ["username", "password"]}, {"required": ["token"]}],
    "properties": {"username": TEXT, "password": TEXT, "token": TEXT},
}
WHO = {
    "type": "object",
    "required": ["name", "scopes"],
    "properties": {"name": {"type": "string"}, "scopes": {"type": "array", "items": {"type": "string"}}},
    "additionalProperties": False,
}
NOTHING = {"type": "object", "additionalProperties": False}


class Visitor(NamedTuple):
    """Somebody who may log in, as what a session is opened with."""

    name: str
    scopes: frozenset[str]
    lines: frozenset[str] | None = None
    user_id: int | None = None
    token_id: int | None = None


def _judge(attempts: Attempts, call: Call, request: Request) -> Visitor:
    """Return who wants to log in, before the transaction. Raises ``auth-failed``, Throttled or TryAgain."""
    body = request.body
    if "token" in body:
        caller = sessions.caller_of_token(call, body["token"])
        return Visitor(caller.name, caller.scopes, caller.lines, token_id=caller.token_id)
    user = auth.judge(attempts, call, body["username"], body["password"]).user
    scopes = auth.scopes_of(call, user["groups"])
    return Visitor(f"user:{user['username']}", scopes, user_id=auth.user_id(call, user["username"]))


def _log_in(call: Call, request: Request) -> Reply:
    visitor: Visitor = call.prepared
    if not visitor.scopes:
        raise reasons.no_rights(visitor.name)
    hours = call.parameter("pages", "session_hours")
    text = sessions.open_session(
        call,
        visitor.name,
        visitor.scopes,
        visitor.lines,
        user_id=visitor.user_id,
        token_id=visitor.token_id,
        hours=hours,
    )
    who = {"name": visitor.name, "scopes": sorted(visitor.scopes)}
    return Reply(who, headers=_cookie(call, text, hours * 3600))


def _log_out(call: Call, request: Request) -> Reply:
    if call.caller.session_id is not None:
        sessions.close_session(call, call.caller.session_id)
    return Reply({}, headers=_cookie(call, "", 0))


def _cookie(call: Call, text: str, seconds: int) -> Mapping[str, str]:
    secure = "; Secure" if call.parameter("pages", "url").lower().startswith("https:") else ""
    return {
        "Set-Cookie": f"{sessions.COOKIE}={text}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}"
    }


def _read(call: Call, request: Request) -> dict[str, Any]:
    """Return where to go once somebody has logged in; never to another server."""
    back = request.query.get("back", "")
    return {"back": back if back.startswith("/ui") and "\\" not in back else "/ui"}


def routes_of_site() -> list[Route]:
    """Return the routes of one site, which remembers its own wrong passwords."""
    judge = partial(_judge, Attempts())
    return [
        Route(
            "POST",
            "/ui/login",
            _log_in,
            "write",
            "Log in at a browser: a session in a cookie.",
            body=LOGIN,
            answer=WHO,
            prepare=judge,
            secret=True,
            public=True,
        ),
        Route(
            "POST",
            "/ui/logout",
            _log_out,
            "write",
            "Log out: the session ends.",
            scope="",
            body=NOTHING,
            answer=NOTHING,
            plant_wide=False,
        ),
    ]


PAGE = Page(
    "login",
    "/ui/login",
    "Log in",
    "pages/login.html",
    _read,
    query={"back": {"type": "string", "maxLength": 2048}},
    public=True,
)
