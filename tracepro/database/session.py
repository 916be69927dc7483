"""A session: one transaction's way to the database, the same on both kinds.

Plugins know it as ``tracepro_hookspecs.Session``.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any

from peewee import Query

from tracepro.database.errors import TransactionLost, loses_transaction
from tracepro.database.statement import Compiled
from tracepro_hookspecs import Row
from tracepro_hookspecs.call import Insert, Statement


class Session:
    """One transaction; ``writable`` tells a write from a read, ``dialect`` is ``sqlite`` or ``postgresql``.

    A statement is what ``tracepro.database.statement`` makes, or for rare queries a peewee query, which is written on the spot.
    """

    dialect = ""
    form = ""
    asks_ahead = False
    _execute: Callable[..., Any]
    __slots__ = ("_depth", "writable")

    def __init__(self, *, writable: bool) -> None:
        self._depth = 0
        self.writable = writable

    def compiled(self, statement: Statement | Query) -> Compiled:
        """Return the statement as this database takes it."""
        if isinstance(statement, Query):
            return Compiled(statement, self.form)
        compiled: Compiled = statement.on(self.form)
        return compiled

    def rows(self, statement: Statement | Query, /, **values: Any) -> list[Row]:
        """Return all rows as tuples."""
        compiled = getattr(statement, self.form, None) or self.compiled(statement)
        try:
            rows: list[Row] = self._execute(compiled.sql, compiled.bind(values)).fetchall()
        except sqlite3.OperationalError as error:
            raise_if_transaction_lost(error)
            raise
        return compiled.converted(rows) if compiled.columns else rows

    def rows_within(
        self, statement: Statement | Query, characters: int, /, **values: Any
    ) -> list[Row] | None:
        """Return all rows, or None when their long texts have more characters; what follows is not read then."""
        compiled = self.compiled(statement)
        try:
            cursor = self._execute(compiled.sql, compiled.bind(values))
            rows: list[Row] = [] if compiled.long_texts else cursor.fetchall()
            for row in cursor if compiled.long_texts else ():
                characters -= sum(len(row[index] or "") for index in compiled.long_texts)
                if characters < 0:
                    self.raw_rows("SELECT 1")  # SQLite keeps its snapshot while a query has rows left
                    return None
                rows.append(row)
        except sqlite3.OperationalError as error:
            raise_if_transaction_lost(error)
            raise
        return compiled.converted(rows)

    def one(self, statement: Statement | Query, /, **values: Any) -> Row | None:
        """Return the first row, or None."""
        rows = self.rows(statement, **values)
        return rows[0] if rows else None

    def value(self, statement: Statement | Query, /, **values: Any) -> Any:
        """Return the first column of the first row, or None."""
        rows = self.rows(statement, **values)
        return rows[0][0] if rows else None

    def run(self, statement: Statement | Query, /, **values: Any) -> int:
        """Change rows and return how many."""
        compiled = getattr(statement, self.form, None) or self.compiled(statement)
        try:
            count: int = self._execute(compiled.sql, compiled.bind(values)).rowcount
        except sqlite3.OperationalError as error:
            raise_if_transaction_lost(error)
            raise
        return count

    def many(self, statement: Statement | Query, rows: Sequence[dict[str, Any]]) -> None:
        """Run a change once for each row of values."""
        if len(rows) == 1:
            self.run(statement, **rows[0])
            return
        compiled = self.compiled(statement)
        self._execute_many(compiled.sql, [compiled.bind(row) for row in rows])

    def define(self, sql: str) -> None:
        """Run a definition of a migration: fixed text, no values."""
        self._execute(sql)

    def raw_rows(self, sql: str, *values: Any) -> list[Row]:
        """Return the rows that fixed text asks for, about the database itself."""
        # psycopg looks for placeholders, and so at every %, as soon as values are given.
        try:
            cursor = self._execute(sql, values) if values else self._execute(sql)
            rows: list[Row] = cursor.fetchall()
        except sqlite3.OperationalError as error:
            raise_if_transaction_lost(error)
            raise
        return rows

    def pages(self, query: Query, page_rows: int) -> Iterator[list[Row]]:
        """Yield the rows of a query, so many at a time, as they are stored."""
        raise NotImplementedError

    def copy_in(self, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
        """Put rows into a table as they are, ids too, in the fastest way that the database has."""
        raise NotImplementedError

    def insert(self, insert: Insert, /, **values: Any) -> int:
        """Insert a row and return its id; 0 where the table numbers no rows."""
        raise NotImplementedError

    def insert_or_ignore(self, insert: Insert, /, **values: Any) -> int:
        """Insert a row unless its key is there already; return how many rows that made, 1 or 0."""
        return self.run(insert.plain, **insert.row(values))

    def insert_many(self, insert: Insert, rows: Sequence[dict[str, Any]]) -> list[int]:
        """Insert rows and return their ids in the order given.

        No ids come back where the table has none, and from an insert that minds rows that exist already.
        """
        raise NotImplementedError

    def defer(self, statement: Statement | Query, /, **values: Any) -> object:
        """Change rows without waiting for it: what is against it is raised by a later statement or by the commit."""
        raise NotImplementedError

    def defer_insert(self, insert: Insert, /, **values: Any) -> object:
        """Insert a row whose id nobody needs, without waiting for it."""
        raise NotImplementedError

    def defer_insert_many(self, insert: Insert, rows: Sequence[dict[str, Any]]) -> object:
        """Insert rows whose ids nobody needs, without waiting for it."""
        raise NotImplementedError

    def defer_numbered(self, insert: Insert, rows: Sequence[dict[str, Any]]) -> list[int]:
        """Insert rows without waiting for it, and return their ids in the order given."""
        raise NotImplementedError

    def ask_ahead(self, statement: Statement | Query, /, **values: Any) -> None:
        """Have a question asked together with the next statement."""

    def savepoint(self) -> AbstractContextManager[None]:
        """Take back what happened inside, if an exception leaves it."""
        raise NotImplementedError

    def _execute_many(self, sql: str, rows: Iterable[Row]) -> None:
        raise NotImplementedError


def raise_if_transaction_lost(error: sqlite3.OperationalError) -> None:
    """Make a lost transaction known as such, for what follows it would be written without one."""
    if loses_transaction(error):
        raise TransactionLost(error) from error
