"""Opens the database that a url names."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tracepro.database.sqlite import SqliteStore
from tracepro.database.store import Limits, Store

if TYPE_CHECKING:
    import tracepro_hookspecs
    from tracepro.database.postgresql import PostgresqlSession, ReadingSession
    from tracepro.database.session import SqliteSession

    def promised(
        session: SqliteSession | PostgresqlSession | ReadingSession,
    ) -> tracepro_hookspecs.Session:
        """Prove to the type checker that every session is what plugins are promised."""
        return session


def open_store(url: str, limits: Limits = Limits()) -> Store:
    """Open ``sqlite:///file`` (``sqlite:////absolute/file``) or ``postgresql://…``; raises ValueError for others."""
    scheme = urlsplit(url).scheme
    if scheme == "sqlite":
        return SqliteStore(url.removeprefix("sqlite:///"), limits)
    if scheme in ("postgresql", "postgres"):
        from tracepro.database.postgresql import PostgresqlStore

        return PostgresqlStore(url, limits)
    raise ValueError(
        f"Database url {url.split('@')[-1]!r} is neither sqlite:///FILE nor postgresql://HOST/NAME."
    )
