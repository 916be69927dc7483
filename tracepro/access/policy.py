"""Who may call: a good token, somebody's session, or nobody's where the anonymous policy allows it."""

from __future__ import annotations

from collections.abc import Callable

from tracepro.access import sessions, tokens
from tracepro.access.anonymous import Anonymous
from tracepro.access.caller import ANONYMOUS, Caller
from tracepro.access.errors import TwoCredentials, Unauthenticated
from tracepro.access.last_used import LastUsed
from tracepro.access.request import HttpRequest
from tracepro.database import Store


class Policy:
    """Authenticates requests; asks the database for every token and session, so that what was ended ends at once."""

    def __init__(self, store: Store, anonymous: Anonymous, clock: Callable[[], int]) -> None:
        self.anonymous = anonymous
        self._store = store
        self._clock = clock
        self._last_used = LastUsed(store)

    def authenticate(self, request: HttpRequest) -> Caller:
        """Return who calls.

        Raises Unauthenticated (401), ForbiddenAnonymous (403), TwoCredentials (400), or TryAgain when the database is away.
        """
        header, session = request.headers.get("authorization"), sessions.sent_session(request.headers)
        if session is not None:
            if header is not None:
                raise TwoCredentials
            return self._session(session, request)
        if header is None:
            return self.anonymous.caller(request)
        return self._bearer(header, request.peer or "")

    def visitor(self, request: HttpRequest) -> Caller:
        """Return who calls what is public: nobody in particular, whatever was sent. Raises ForbiddenAnonymous."""
        self.anonymous.require_own_page(request)
        return Caller(ANONYMOUS, None, frozenset(), None, request.peer or "")

    def needs_database(self, request: HttpRequest) -> bool:
        """Tell whether it takes a look into the database to say who calls."""
        return "authorization" in request.headers or sessions.sent_session(request.headers) is not None

    def require_valid(self, caller: Caller) -> None:
        """Refuse a caller whose token or session has ended since it was authenticated. Raises Unauthenticated."""
        session_id, token_id = caller.session_id, caller.token_id
        if session_id is not None:
            self._store.read(lambda db: sessions.require_open(db, session_id, self._clock()))
        if token_id is None:
            return
        row = self._store.read(lambda db: db.one(tokens.end_of_token, id=token_id))
        if row is None or tokens.has_ended(row[0], row[1], self._clock()):
            raise Unauthenticated(tokens.BAD_TOKEN)

    def has_tokens(self) -> bool:
        """Tell whether any token may call now."""
        now = self._clock()
        return self._store.read(lambda db: tokens.any_valid(db, now))

    def _session(self, text: str, request: HttpRequest) -> Caller:
        """Return who has a session; the cookie comes with whatever a browser sends, so its headers are judged too."""
        self.anonymous.require_own_page(request)
        now = self._clock()
        return self._store.read(lambda db: sessions.find(db, text, request.peer or "", now))

    def _bearer(self, header: str, address: str) -> Caller:
        now = self._clock()
        caller, last_used = self._store.read(lambda db: tokens.find(db, header, address, now))
        if caller.token_id is not None:
            self._last_used.note(caller.token_id, last_used, now)
        return caller
