"""A connection of the bare driver to the database of a url, for statements that no plugin has."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from examples.generator.history import RunSql


@contextmanager
def connected(url: str, *, durable: bool = False) -> Iterator[tuple[RunSql, str]]:
    """Connect, and give ``run_sql(sql, values)`` and the dialect; transactions are begun and ended by hand.

    Without ``durable`` SQLite does not wait for the disk: a database that is being filled is not worth it.
    """
    if url.startswith("sqlite:///"):
        with _sqlite(url.removeprefix("sqlite:///"), durable) as run_sql:
            yield run_sql, "sqlite"
    else:
        with _postgresql(url) as run_sql:
            yield run_sql, "postgresql"


@contextmanager
def _sqlite(path: str, durable: bool) -> Iterator[RunSql]:
    connection = sqlite3.connect(path, isolation_level=None)
    if not durable:
        connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA cache_size = -262144")
    try:
        yield lambda sql, values: connection.execute(sql, values).fetchall()
    finally:
        connection.close()


@contextmanager
def _postgresql(url: str) -> Iterator[RunSql]:
    import psycopg

    connection = psycopg.connect(url, autocommit=True)

    def run_sql(sql: str, values: Sequence[Any]) -> Any:
        query = sql.replace("?", "%s") if values else sql
        cursor = connection.execute(query.encode(), values or None)
        return cursor.fetchall() if cursor.description else []

    try:
        yield run_sql
    finally:
        connection.close()
