"""A connection of the bare driver to the database of a url, for statements that no plugin has."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from examples.generator.history import Run


@contextmanager
def connected(url: str, *, durable: bool = False) -> Iterator[tuple[Run, str]]:
    """Gives ``run(sql, values)`` and the dialect; transactions are begun and ended by hand.

    Without ``durable`` SQLite does not wait for the disk: a database that is being filled is not worth it.
    """
    if url.startswith("sqlite:///"):
        connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        if not durable:
            connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA cache_size = -262144")
        run, dialect = _sqlite(connection), "sqlite"
    else:
        import psycopg

        connection = psycopg.connect(url, autocommit=True)
        run, dialect = _postgresql(connection), "postgresql"
    try:
        yield run, dialect
    finally:
        connection.close()


def _sqlite(connection: sqlite3.Connection) -> Run:
    return lambda sql, values: connection.execute(sql, values).fetchall()


def _postgresql(connection: Any) -> Run:
    def run(sql: str, values: Sequence[Any]) -> Any:
        cursor = connection.execute(sql.replace("?", "%s") if values else sql, values or None)
        return cursor.fetchall() if cursor.description else []

    return run
