"""Connections that tell what is run on them: for counting, for recording statements, for slowing commits down."""

from __future__ import annotations

import ctypes
import os
import re
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Self
from unittest.mock import patch

Listener = Callable[[str, Any], None]
"""Is told the SQL and its values before it runs; the values of ``executemany`` are a list of rows."""

FRAMES = ("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "COMMIT", "PRAGMA")
"""How those begin that only frame the statements of a call."""

WAITED_FOR = re.compile(r"^[^\t\n]+\tF\t\d+\t(?:Query|Sync|Flush)\b", re.MULTILINE)
"""The messages to PostgreSQL after which a client waits for it, in libpq's record of them."""


@contextmanager
def watched(listener: Listener) -> Iterator[None]:
    """Have every SQLite connection that is opened inside tell what is run on it, until it is closed."""
    connect = sqlite3.connect

    def connected(*arguments: Any, factory: type = sqlite3.Connection, **named: Any) -> sqlite3.Connection:
        return connect(*arguments, factory=_telling(factory, listener), **named)

    with patch.object(sqlite3, "connect", connected):
        yield


def is_framing(sql: str) -> bool:
    """Return True for what begins, ends and divides transactions, which is not counted as a statement of a call."""
    return sql.startswith(FRAMES)


@contextmanager
def statements_of_sessions(about: str = "") -> Iterator[list[str]]:
    """Give the SQL of what the sessions send that begin inside and write, on both databases; what is sent for many rows is there once.

    ``about`` is a text that it must have.
    """
    from tracepro.database.pg_connection import PgConnection
    from tracepro.database.sqlite_session import SqliteSession

    told: list[str] = []
    begin = SqliteSession.__init__

    def telling(run: Callable[..., Any], at: int = 0) -> Callable[..., Any]:
        def told_of(*arguments: Any) -> Any:
            if about in arguments[at]:
                told.append(arguments[at])
            return run(*arguments)

        return told_of

    def begun(session: Any, connection: sqlite3.Connection, *, writable: bool) -> None:
        begin(session, connection, writable=writable)
        session._execute = telling(session._cursor.execute)
        session._cursor = SimpleNamespace(executemany=telling(session._cursor.executemany))

    with ExitStack() as patches:
        patches.enter_context(patch.object(SqliteSession, "__init__", begun))
        for name in ("execute", "executemany", "defer", "ask_behind"):
            patches.enter_context(patch.object(PgConnection, name, telling(getattr(PgConnection, name), 1)))
        yield told


class RoundTrips:
    """Counts how often connections to PostgreSQL, those opened while it was ``watching``, waited for the server.

    What a pipeline sends before it waits is one round trip; what is waited for is read from libpq's own record of messages.
    """

    def __init__(self) -> None:
        self._files: list[str] = []

    @contextmanager
    def watching(self) -> Iterator[RoundTrips]:
        """Watch the connections that are opened inside, until they are closed."""
        import psycopg

        connect = psycopg.connect

        def connected(*arguments: Any, **named: Any) -> psycopg.Connection[Any]:
            connection = connect(*arguments, **named)
            number, name = tempfile.mkstemp(prefix="tracepro-messages-")
            self._files.append(name)
            connection.pgconn.trace(number)  # which keeps the file open as long as this process lives
            return connection

        try:
            with patch.object(psycopg, "connect", connected):
                yield self
        finally:
            for name in self._files:
                os.unlink(name)

    @property
    def count(self) -> int:
        """How many there were until now."""
        ctypes.CDLL(None).fflush(None)  # libpq writes through C's buffers
        return sum(map(_waits, self._files))


def _waits(file: str) -> int:
    return len(WAITED_FOR.findall(Path(file).read_text(errors="replace")))


class Steps:
    """Counts the steps that SQLite's machine takes for statements on connections opened while it was ``watching``: its work, exactly.

    How long a statement may take is not limited on these connections.
    """

    def __init__(self) -> None:
        self.count = 0

    @contextmanager
    def watching(self) -> Iterator[Steps]:
        """Watch the connections that are opened inside, until they are closed."""
        connect = sqlite3.connect

        def connected(
            *arguments: Any, factory: type = sqlite3.Connection, **named: Any
        ) -> sqlite3.Connection:
            connection: sqlite3.Connection = connect(*arguments, factory=_unlimited(factory), **named)
            sqlite3.Connection.set_progress_handler(connection, self._step, 1)
            return connection

        with patch.object(sqlite3, "connect", connected):
            yield self

    def _step(self) -> int:
        self.count += 1
        return 0


def _unlimited(factory: Any) -> type[sqlite3.Connection]:
    class Connection(factory):  # type: ignore[misc]  # a class that sqlite3.connect was given
        def set_progress_handler(self, handler: Any, steps: int) -> None:
            pass

    return Connection


def _telling(factory: Any, listener: Listener) -> type[sqlite3.Connection]:
    class Cursor(sqlite3.Cursor):
        def execute(self, sql: str, values: Any = ()) -> Self:
            listener(sql, values)
            return super().execute(sql, values)

        def executemany(self, sql: str, rows: Iterable[Any]) -> Self:
            listener(sql, rows := list(rows))
            return super().executemany(sql, rows)

    class Connection(factory):  # type: ignore[misc]  # a class that sqlite3.connect was given
        def cursor(self, factory: Any = Cursor) -> sqlite3.Cursor:
            cursor: sqlite3.Cursor = super().cursor(factory)
            return cursor

        def execute(self, sql: str, values: Any = ()) -> sqlite3.Cursor:
            return self.cursor().execute(sql, values)

    return Connection
