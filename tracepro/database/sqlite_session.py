"""Sessions on SQLite: a transaction that writes, and one that reads."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NoReturn

from peewee import Query, Table

from tracepro.database.errors import TransactionLost
from tracepro.database.session import Session, raise_if_transaction_lost
from tracepro.database.statement import p
from tracepro_hookspecs import Row
from tracepro_hookspecs.call import Insert

PAGES_AT_ONCE = 1000


class SqliteSession(Session):
    """A transaction on SQLite."""

    dialect = "sqlite"
    form = "sqlite"
    __slots__ = ("_cursor", "_execute")

    def __init__(self, connection: sqlite3.Connection, *, writable: bool) -> None:
        super().__init__(writable=writable)
        self._cursor = connection.cursor()
        self._execute = self._cursor.execute

    def pages(self, query: Query, page_rows: int) -> Iterator[list[Row]]:
        """Yield the rows of a query, so many at a time, as they are stored."""
        compiled = self.compiled(query)
        cursor: sqlite3.Cursor = self._execute(compiled.sql, compiled.bind({}))
        while rows := cursor.fetchmany(page_rows):
            yield rows

    def copy_in(self, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
        """Put rows into a table as they are, ids too."""
        target = Table(table)
        query = target.insert([[p(name) for name in columns]], [getattr(target.c, name) for name in columns])
        self._execute_many(self.compiled(query).sql, rows)

    def insert(self, insert: Insert, /, **values: Any) -> int:
        """Insert a row and return its id; 0 where the table numbers no rows."""
        if insert.conflicts and insert.key is not None:
            key: int = self.value(insert.returning, **insert.row(values))
            return key
        compiled = getattr(insert.plain, self.form, None) or insert.plain.on(self.form)
        try:
            cursor: sqlite3.Cursor = self._execute(compiled.sql, compiled.bind(insert.row(values)))
        except sqlite3.OperationalError as error:
            raise_if_transaction_lost(error)
            raise
        return (cursor.lastrowid or 0) if insert.key is not None else 0

    def insert_many(self, insert: Insert, rows: Sequence[dict[str, Any]]) -> list[int]:
        """Insert rows and return their ids in the order given."""
        if insert.key is None or insert.conflicts or not rows:
            self.many(insert.plain, [insert.row(row) for row in rows])
            return []
        if len(rows) == 1:
            return [self.insert(insert, **rows[0])]
        # Nobody else writes in this transaction, so the ids that follow the highest are ours.
        first = 1 + (self.value(insert.highest_id) or 0)
        name = insert.key.name
        self.many(insert.whole, [{name: first + n, **insert.row(row)} for n, row in enumerate(rows)])
        return list(range(first, first + len(rows)))

    # There is nothing to wait for.
    defer = Session.run
    defer_insert = insert
    defer_insert_many = defer_numbered = insert_many

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Take back what happened inside, if an exception leaves it."""
        self._depth += 1
        name = f"inner_{self._depth}"
        self._execute(f"SAVEPOINT {name}")
        try:
            yield
        except TransactionLost:
            raise
        except BaseException:
            self._execute(f"ROLLBACK TO {name}")
            self._execute(f"RELEASE {name}")
            raise
        else:
            self._execute(f"RELEASE {name}")
        finally:
            self._depth -= 1

    def _execute_many(self, sql: str, rows: Iterable[Row]) -> None:
        try:
            if rows:
                self._cursor.executemany(sql, rows)
        except sqlite3.OperationalError as error:
            raise_if_transaction_lost(error)
            raise


class SqliteReading(SqliteSession):
    """A transaction on SQLite that reads: it begins with its first statement, so that a call without any costs none."""

    __slots__ = ("_connection",)

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.writable = False
        self._depth = 0
        self._connection = connection
        self._cursor = connection.cursor()
        self._execute = self._first

    def _first(self, *statement: Any) -> sqlite3.Cursor:
        self._connection.execute("BEGIN")
        self._execute = self._cursor.execute
        return self._execute(*statement)

    def copy_file(self, path: Path, progress: Callable[[int, int], object]) -> None:
        """Copy the database into an empty file, page by page as the snapshot has them; ``progress(pages, of all)``.

        SQLite begins such a copy anew when somebody else writes, unless the snapshot is held all the time.
        """
        self.raw_rows("SELECT 1 FROM sqlite_master LIMIT 1")
        with closing(sqlite3.connect(path)) as copy:
            copy.execute("PRAGMA synchronous = OFF")  # it is nobody's yet; who makes it flushes it
            self._connection.backup(
                copy, pages=PAGES_AT_ONCE, progress=lambda _, left, total: progress(total - left, total)
            )

    def end(self) -> None:
        """End the transaction; nothing is read through this session any more."""
        self._execute = _ended  # not itself, else only the garbage collector would free it
        if self._connection.in_transaction:
            self._connection.rollback()


def _ended(*statement: Any) -> NoReturn:
    raise RuntimeError("this call has ended, and its session with it; use the session of the call that runs.")
