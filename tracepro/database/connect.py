"""Opens the database that a url names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracepro.config.database_url import check_user_info, without_secrets
from tracepro.database.sqlite import SqliteStore
from tracepro.database.store import Limits, Store

if TYPE_CHECKING:
    import tracepro_hookspecs
    from tracepro.database.pg_session import PostgresqlSession, ReadingSession
    from tracepro.database.sqlite_session import SqliteSession

    def promised(
        session: SqliteSession | PostgresqlSession | ReadingSession,
    ) -> tracepro_hookspecs.Session:
        """Prove to the type checker that every session is what plugins are promised."""
        return session


def open_store(url: str, limits: Limits = Limits()) -> Store:
    """Open ``sqlite:///file`` (``sqlite:////absolute/file``) or ``postgresql://…``; raises ValueError for others."""
    scheme = url.partition("://")[0]
    if scheme == "sqlite":
        return SqliteStore(url.removeprefix("sqlite:///"), limits)
    if scheme in ("postgresql", "postgres"):
        return _open_postgresql(url, limits)
    raise ValueError(
        f"Database url {without_secrets(url)!r} is neither sqlite:///FILE nor postgresql://HOST/NAME."
    )


def _open_postgresql(url: str, limits: Limits) -> Store:
    check_user_info(url)
    try:
        from psycopg import ProgrammingError
        from psycopg.conninfo import conninfo_to_dict

        from tracepro.database.postgresql import PostgresqlStore
    except ImportError as error:
        info = (
            f"PostgreSQL needs a driver that can't be imported ({error}); pip install tracepro[postgresql]."
        )
        raise ValueError(info) from error
    try:
        conninfo_to_dict(url)
    except ProgrammingError:  # what it says quotes the part that it can't read, which may be the password
        info = f"Database url {without_secrets(url)!r} can't be read; write % in its password as %25, / as %2F, @ as %40."
        raise ValueError(info) from None
    return PostgresqlStore(url, limits)
