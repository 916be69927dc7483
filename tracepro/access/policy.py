"""Who may call: a good token, or nobody's where the anonymous policy allows it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tracepro.access.anonymous import Anonymous
from tracepro.access.caller import Caller
from tracepro.access.errors import Unauthenticated
from tracepro.access.last_used import LastUsed
from tracepro.access.tokens import TOKEN_BY_ID, matching_id, secret_matches


class Policy:
    """Authenticates requests; asks the database for every token, so that a revoked one ends at once."""

    def __init__(self, store: Any, anonymous: Anonymous, clock: Callable[[], int]) -> None:
        self.anonymous = anonymous
        self._store = store
        self._clock = clock
        self._last_used = LastUsed(store)

    def authenticate(self, header: str | None, peer: str | None, headers: Mapping[str, str]) -> Caller:
        """Returns who calls.

        ``header`` is the ``Authorization`` header, ``peer`` the address of the connection's other end.
        Raises Unauthenticated (401), ForbiddenAnonymous (403), or TryAgain when the database is away.
        """
        if header is None:
            return self.anonymous.caller(peer, headers)
        return self._bearer(header, peer or "")

    def _bearer(self, header: str, address: str) -> Caller:
        token_id, secret = matching_id(header)
        row = self._store.read(lambda db: db.one(TOKEN_BY_ID, id=token_id))
        now = self._clock()
        if row is None or not secret_matches(secret, row[1]) or _ended(row, now):
            raise Unauthenticated(
                "The token is unknown, revoked or past its end; get a new one with tracepro token create."
            )
        name, _, scopes, lines, _, _, last_used = row
        self._last_used.note(token_id, last_used, now)
        return Caller(name, token_id, frozenset(scopes), None if lines is None else frozenset(lines), address)


def _ended(row: tuple[Any, ...], now: int) -> bool:
    expires, revoked = row[4], row[5]
    return revoked is not None or (expires is not None and expires <= now)
