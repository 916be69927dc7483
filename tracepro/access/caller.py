"""Who calls: made once per request, given to every call."""

from __future__ import annotations

from dataclasses import dataclass

ANONYMOUS = "anonymous"
SESSIONS = "sessions"
"""Under what the idempotency keys of all sessions stand: somebody else who logs in sends the same waiting calls."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls and what it may do: ``lines`` is None for any line, ``address`` the caller's own.

    ``client_request_id`` is what the caller calls its request, None when it says nothing; ``user_id`` is the user who
    is logged in, None for tokens and anonymous callers. ``session_id`` is the session it came with, if any.
    """

    name: str
    token_id: int | None
    scopes: frozenset[str]
    lines: frozenset[str] | None
    address: str
    client_request_id: str | None = None
    user_id: int | None = None
    session_id: int | None = None

    @property
    def key_space(self) -> str:
        """Whose idempotency keys its keys are among."""
        return self.name if self.session_id is None else SESSIONS

    def may(self, scope: str) -> bool:
        """Tell whether the caller has a scope; no scope includes another."""
        return scope in self.scopes


SYSTEM = Caller("tracepro", None, frozenset(("read", "write", "admin")), None, "")
