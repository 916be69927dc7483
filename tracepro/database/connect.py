"""Opening the database that a url names."""

from __future__ import annotations

from urllib.parse import urlsplit

from tracepro.database.sqlite import SqliteStore
from tracepro.database.store import Limits, Store


def open_store(url: str, limits: Limits = Limits()) -> Store:
    """Opens ``sqlite:///file`` (``sqlite:////absolute/file``) or ``postgresql://…``; raises ValueError for others."""
    scheme = urlsplit(url).scheme
    if scheme == "sqlite":
        return SqliteStore(url.removeprefix("sqlite:///"), limits)
    if scheme in ("postgresql", "postgres"):
        from tracepro.database.postgresql import PostgresqlStore

        return PostgresqlStore(url, limits)
    raise ValueError(
        f"Database url {url.split('@')[-1]!r} is neither sqlite:///FILE nor postgresql://HOST/NAME."
    )
