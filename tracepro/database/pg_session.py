"""Sessions on PostgreSQL: what a transaction asks, and what it leaves for the next statement that must be waited for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from peewee import Query
from psycopg.sql import SQL, Identifier

from tracepro.database.errors import TransactionLost
from tracepro.database.pg_connection import PgConnection
from tracepro.database.pg_wire import Answer, Asked
from tracepro.database.session import Session
from tracepro.database.statement import Compiled
from tracepro_hookspecs import Row
from tracepro_hookspecs.call import Insert, Statement


class PostgresqlSession(Session):
    """A transaction that writes on PostgreSQL."""

    dialect = "postgresql"
    form = "postgresql"
    asks_ahead = True
    __slots__ = ("_ahead", "_connection")

    def __init__(self, connection: PgConnection, *, writable: bool) -> None:
        super().__init__(writable=writable)
        self._connection = connection
        self._ahead: dict[str, tuple[Any, Asked]] = {}

    def define(self, sql: str) -> None:
        """Run a definition of a migration: fixed text, no values."""
        self._connection.run_script(sql)
        self._forget_answers()

    def pages(self, query: Query, page_rows: int) -> Iterator[list[Row]]:
        """Yield the rows of a query, so many at a time, as they are stored; one such query at a time."""
        self.define(f"DECLARE pages NO SCROLL CURSOR FOR {self.compiled(query).sql}")
        while rows := self.raw_rows(f"FETCH {page_rows:d} FROM pages"):
            yield rows
        self.define("CLOSE pages")

    def copy_in(self, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
        """Put rows into a table as they are, ids too, by COPY."""
        into = SQL("COPY {} ({}) FROM STDIN").format(
            Identifier(table), SQL(", ").join(map(Identifier, columns))
        )
        self._connection.copy_in(into, rows)

    def insert(self, insert: Insert, /, **values: Any) -> int:
        """Insert a row and return its id; 0 where the table numbers no rows."""
        if insert.key is None:
            self.run(insert.plain, **insert.row(values))
            return 0
        key: int = self.value(insert.returning, **insert.row(values))
        return key

    def insert_many(self, insert: Insert, rows: Sequence[dict[str, Any]]) -> list[int]:
        """Insert rows and return their ids in the order given.

        One statement takes the columns as arrays; ids are drawn first, for RETURNING promises no order.
        """
        if not rows:
            return []
        if insert.key is None or insert.conflicts:
            self.run(insert.bulk, **insert.columns([insert.row(row) for row in rows]))
            return []
        if len(rows) == 1:
            return [self.insert(insert, **rows[0])]
        columns = insert.columns([insert.row(row) for row in rows])
        ids = [row[0] for row in self.rows(insert.fresh_ids, count=len(rows))]
        self.run(insert.bulk, **columns, **{insert.key.name: ids})
        return ids

    def defer(self, statement: Statement | Query, /, **values: Any) -> None:
        """Send a change with the next statement that is waited for, or with the COMMIT."""
        self._forget_answers()
        compiled = getattr(statement, self.form, None) or self.compiled(statement)
        self._connection.defer(compiled.sql, compiled.bind(values))

    def defer_insert(self, insert: Insert, /, **values: Any) -> None:
        """Send an insert with the next statement that is waited for, or with the COMMIT."""
        self.defer(insert.plain, **insert.row(values))

    def defer_insert_many(self, insert: Insert, rows: Sequence[dict[str, Any]]) -> None:
        """Send inserts with the next statement that is waited for, or with the COMMIT; the database draws their ids."""
        if len(rows) == 1:
            self.defer_insert(insert, **rows[0])
        elif rows:
            self.defer(insert.unnumbered, **insert.columns([insert.row(row) for row in rows]))

    def defer_numbered(self, insert: Insert, rows: Sequence[dict[str, Any]]) -> list[int]:
        """Send inserts with the next statement that is waited for, and return their ids, which are drawn before."""
        ids = [row[0] for row in self.rows(insert.fresh_ids, count=len(rows))] if rows else []
        assert insert.key is not None
        if len(rows) == 1:
            self.defer(insert.whole, **{insert.key.name: ids[0]}, **insert.row(rows[0]))
        elif rows:
            columns = insert.columns([insert.row(row) for row in rows])
            self.defer(insert.bulk, **columns, **{insert.key.name: ids})
        return ids

    def ask_ahead(self, statement: Statement | Query, /, **values: Any) -> None:
        """Have a question asked right behind the next statement that is waited for."""
        compiled: Compiled = getattr(statement, self.form, None) or self.compiled(statement)
        bound = compiled.bind(values)
        self._ahead[compiled.sql] = bound, self._connection.ask_behind(compiled.sql, bound)

    def _execute(self, sql: str, values: Any = None) -> Answer:
        if self._ahead:
            known, asked = self._ahead.pop(sql, (None, None))
            if asked is not None and known == values and (answer := self._connection.answer_to(asked)):
                return answer
            if not sql.startswith("SELECT") or " FOR " in sql:
                self._forget_answers()
        return self._connection.execute(sql, values)

    def _forget_answers(self) -> None:
        """Forget what was answered before a lock or a write: who asks then wants to know what is so afterwards."""
        if self._ahead:
            self._ahead = {sql: known for sql, known in self._ahead.items() if known[1].answer is None}

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Take back what happened inside, if an exception leaves it."""
        self._depth += 1
        name = f"inner_{self._depth}"
        try:
            savepoint = self._connection.savepoint(name)
            try:
                yield
                self._connection.settle()
            except TransactionLost:
                raise
            except BaseException:
                self._connection.take_back(name, savepoint)
                raise
            self._connection.release(name, savepoint)
        finally:
            self._depth -= 1

    def _execute_many(self, sql: str, rows: Iterable[Row]) -> None:
        if rows := list(rows):
            self._forget_answers()
            self._connection.executemany(sql, rows)


class ReadingSession(PostgresqlSession):
    """A transaction that only reads on PostgreSQL; it can't lock rows."""

    form = "reading"
    __slots__ = ()
