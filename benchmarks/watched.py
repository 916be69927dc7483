"""SQLite connections that tell what is run on them, for recording statements and for slowing commits down."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Self
from unittest.mock import patch

Listener = Callable[[str, Any], None]
"""Is told the SQL and its values before it runs; the values of ``executemany`` are a list of rows."""


@contextmanager
def watched(listener: Listener) -> Iterator[None]:
    """Have every connection that is opened inside tell what is run on it, until it is closed."""
    connect = sqlite3.connect

    def connected(*arguments: Any, factory: type = sqlite3.Connection, **named: Any) -> sqlite3.Connection:
        return connect(*arguments, factory=_telling(factory, listener), **named)

    with patch.object(sqlite3, "connect", connected):
        yield


def _telling(factory: Any, listener: Listener) -> type[sqlite3.Connection]:
    class Cursor(sqlite3.Cursor):
        def execute(self, sql: str, values: Any = ()) -> Self:
            listener(sql, values)
            return super().execute(sql, values)

        def executemany(self, sql: str, rows: Iterable[Any]) -> Self:
            listener(sql, rows := list(rows))
            return super().executemany(sql, rows)

    class Connection(factory):
        def cursor(self, factory: Any = Cursor) -> sqlite3.Cursor:
            cursor: sqlite3.Cursor = super().cursor(factory)
            return cursor

        def execute(self, sql: str, values: Any = ()) -> sqlite3.Cursor:
            return self.cursor().execute(sql, values)

    return Connection
