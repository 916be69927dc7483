"""The connections of a store to PostgreSQL: those that are free, the one for what takes its time, and all that there are."""

from __future__ import annotations

from weakref import WeakSet

from tracepro.database.pg_connection import PgConnection
from tracepro.database.pg_errors import OutageBackoff
from tracepro.database.store import Limits


class PgPool:
    """Connections of one database, made when first needed.

    Whoever needs one of the free ``writers`` or ``readers`` takes the one that was used last: what it has cached and planned
    is still there. ``all`` are also those in use; the ``inline`` one's statements may take their time.
    """

    def __init__(self, url: str, limits: Limits = Limits()) -> None:
        self.url = url
        self._limits = limits
        self.backoff = OutageBackoff()
        self.all: WeakSet[PgConnection] = WeakSet()
        self.writers: list[PgConnection] = []
        self.readers: list[PgConnection] = []
        self.inline: PgConnection | None = None

    def take_from(self, free: list[PgConnection]) -> PgConnection:
        """Take a connection from the free ones, or a new one; who took it appends it there when done."""
        try:
            return free.pop()
        except IndexError:
            return self._made(self._limits.statement_seconds)

    def made_inline(self) -> PgConnection:
        """Return the connection for what takes its time; its user holds a lock."""
        if self.inline is None:
            self.inline = self._made(0)
        return self.inline

    def close_writers(self) -> None:
        """Close the free ones of the writers, who have ended."""
        for connection in self.writers:
            connection.close()

    def close(self) -> None:
        """Close all."""
        for connection in list(self.all):
            connection.close()
        self.writers, self.readers, self.inline = [], [], None

    def _made(self, statement_seconds: float) -> PgConnection:
        made = PgConnection(self.url, self._limits, statement_seconds=statement_seconds, backoff=self.backoff)
        self.all.add(made)
        return made
