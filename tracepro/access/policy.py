"""Who may call: a good token, or nobody's where the anonymous policy allows it."""

from __future__ import annotations

from collections.abc import Callable

from tracepro.access.anonymous import Anonymous
from tracepro.access.caller import Caller
from tracepro.access.errors import Unauthenticated
from tracepro.access.last_used import LastUsed
from tracepro.access.request import HttpRequest
from tracepro.access.tokens import any_valid, end_of_token, parse_bearer, secret_matches, token_by_id
from tracepro.database import Store

BAD_TOKEN = "The token is unknown, revoked or expired; get a new one with tracepro token create."


class Policy:
    """Authenticates requests; asks the database for every token, so that a revoked one ends at once."""

    def __init__(self, store: Store, anonymous: Anonymous, clock: Callable[[], int]) -> None:
        self.anonymous = anonymous
        self._store = store
        self._clock = clock
        self._last_used = LastUsed(store)

    def authenticate(self, request: HttpRequest) -> Caller:
        """Return who calls.

        Raises Unauthenticated (401), ForbiddenAnonymous (403), or TryAgain when the database is away.
        """
        header = request.headers.get("authorization")
        if header is None:
            return self.anonymous.caller(request)
        return self._bearer(header, request.peer or "")

    def needs_database(self, request: HttpRequest) -> bool:
        """Tell whether it takes a look into the database to say who calls."""
        return "authorization" in request.headers

    def require_valid(self, caller: Caller) -> None:
        """Refuse a caller whose token was revoked or has expired since it was authenticated. Raises Unauthenticated."""
        token_id = caller.token_id
        if token_id is None:
            return
        row = self._store.read(lambda db: db.one(end_of_token, id=token_id))
        if row is None or _ended(row[0], row[1], self._clock()):
            raise Unauthenticated(BAD_TOKEN)

    def has_tokens(self) -> bool:
        """Tell whether any token may call now."""
        now = self._clock()
        return self._store.read(lambda db: any_valid(db, now))

    def _bearer(self, header: str, address: str) -> Caller:
        token_id, secret = parse_bearer(header)
        row = self._store.read(lambda db: db.one(token_by_id, id=token_id))
        now = self._clock()
        if row is None or not secret_matches(secret, row[1]) or _ended(row[4], row[5], now):
            raise Unauthenticated(BAD_TOKEN)
        name, _, scopes, lines, _, _, last_used = row
        self._last_used.note(token_id, last_used, now)
        return Caller(name, token_id, frozenset(scopes), None if lines is None else frozenset(lines), address)


def _ended(expires: int | None, revoked: int | None, now: int) -> bool:
    return revoked is not None or (expires is not None and expires <= now)
