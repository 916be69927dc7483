"""A session: one transaction's way to the database, the same on both kinds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from peewee import Query

from tracepro.database.statement import Compiled, Insert, Statement

Row = tuple[Any, ...]


class Session:
    """One transaction; ``execute`` is the driver's cursor method, ``writable`` tells a write from a read.

    A statement is a :class:`Statement`, or for rare queries a peewee query, which is written on the spot.
    """

    dialect = ""
    __slots__ = ("_execute", "_cursor", "writable", "depth")

    def __init__(self, cursor: Any, *, writable: bool) -> None:
        self._cursor = cursor
        self._execute = cursor.execute
        self.writable = writable
        self.depth = 0

    def compiled(self, statement: Statement | Query) -> Compiled:
        """Returns the statement as this database takes it."""
        if isinstance(statement, Statement):
            return statement.on(self.dialect)
        return Compiled(statement, self.dialect)

    def rows(self, statement: Statement | Query, **values: Any) -> list[Row]:
        """Returns all rows as tuples."""
        compiled = self.compiled(statement)
        self._execute(compiled.sql, compiled.bind(values))
        rows = self._cursor.fetchall()
        return compiled.converted(rows) if compiled.columns else rows

    def one(self, statement: Statement | Query, **values: Any) -> Row | None:
        """Returns the first row, or None."""
        rows = self.rows(statement, **values)
        return rows[0] if rows else None

    def value(self, statement: Statement | Query, **values: Any) -> Any:
        """Returns the first column of the first row, or None."""
        rows = self.rows(statement, **values)
        return rows[0][0] if rows else None

    def run(self, statement: Statement | Query, **values: Any) -> int:
        """Changes rows and returns how many."""
        compiled = self.compiled(statement)
        self._execute(compiled.sql, compiled.bind(values))
        return self._cursor.rowcount

    def many(self, statement: Statement | Query, rows: Sequence[dict[str, Any]]) -> None:
        """Runs a change once for each row of values."""
        compiled = self.compiled(statement)
        if len(rows) == 1:
            self._execute(compiled.sql, compiled.bind(rows[0]))
        elif rows:
            self._cursor.executemany(compiled.sql, [compiled.bind(row) for row in rows])

    def define(self, sql: str) -> None:
        """Runs a definition of a migration: fixed text, no values."""
        self._execute(sql)

    def fetched(self) -> Any:
        """Returns the first column of what a definition's text asked for, or None."""
        row = self._cursor.fetchone()
        return row[0] if row else None

    def insert(self, insert: Insert, **values: Any) -> int:
        """Inserts a row and returns its id, or how many rows it became where there is no id."""
        raise NotImplementedError

    def insert_many(self, insert: Insert, rows: Sequence[dict[str, Any]]) -> list[int]:
        """Inserts rows and returns their ids in the order given (none where the table has no id)."""
        raise NotImplementedError

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Takes back what happened inside, if an exception leaves it."""
        self.depth += 1
        name = f"inner_{self.depth}"
        self._execute(f"SAVEPOINT {name}")
        try:
            yield
        except BaseException:
            self._execute(f"ROLLBACK TO {name}")
            raise
        finally:
            self._execute(f"RELEASE {name}")
            self.depth -= 1


class SqliteSession(Session):
    """A transaction on SQLite."""

    dialect = "sqlite"
    __slots__ = ()

    def insert(self, insert: Insert, **values: Any) -> int:
        """Inserts a row and returns its id, or how many rows it became where there is no id."""
        compiled = insert.plain.sqlite or insert.plain.on("sqlite")
        self._execute(compiled.sql, compiled.bind(insert.row(values)))
        return self._cursor.lastrowid if insert.key is not None else self._cursor.rowcount

    def insert_many(self, insert: Insert, rows: Sequence[dict[str, Any]]) -> list[int]:
        """Inserts rows and returns their ids in the order given (none where the table has no id)."""
        if insert.key is not None:
            return [self.insert(insert, **row) for row in rows]
        self.many(insert.plain, [insert.row(row) for row in rows])
        return []


class PostgresqlSession(Session):
    """A transaction on PostgreSQL."""

    dialect = "postgresql"
    __slots__ = ()

    def insert(self, insert: Insert, **values: Any) -> int:
        """Inserts a row and returns its id, or how many rows it became where there is no id."""
        if insert.key is None:
            return self.run(insert.plain, **insert.row(values))
        return self.value(insert.returning, **insert.row(values))

    def insert_many(self, insert: Insert, rows: Sequence[dict[str, Any]]) -> list[int]:
        """Inserts rows and returns their ids in the order given (none where the table has no id).

        One statement takes the columns as arrays; ids are drawn from the sequence first, for no order is
        promised of what RETURNING gives.
        """
        if not rows:
            return []
        columns = insert.columns([insert.row(row) for row in rows])
        if insert.key is None:
            self.run(insert.bulk, **columns)
            return []
        ids = [row[0] for row in self.rows(insert.fresh_ids, count=len(rows))]
        self.run(insert.bulk, **columns, **{insert.key.name: ids})
        return ids
