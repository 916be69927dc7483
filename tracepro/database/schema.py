"""What a migration may do to the tables, written for both kinds of database."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from peewee import Database, PostgresqlDatabase, Query, SchemaManager, SqliteDatabase

from tracepro.database.fields import Model
from tracepro.database.session import Session
from tracepro.database.statement import sql_of


class Schema:
    """The tables as a migration sees them."""

    def __init__(
        self, db: Session, progress: Callable[[int, int], object] = lambda done, total: None
    ) -> None:
        self.db = db
        self._progress = progress

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``, for what can't be said the same way on both."""
        return self.db.dialect

    def create(self, *models: type[Model]) -> None:
        """Create tables with their indexes."""
        for model in models:
            for sql in creation(model, self.dialect):
                self.db.define(sql)

    def define(self, sql: str) -> None:
        """Run a definition, for triggers and the like; fixed text only."""
        self.db.define(sql)

    def run(self, query: Query) -> int:
        """Run a peewee query that moves rows."""
        return self.db.run(query)

    def progress(self, done: int, total: int) -> None:
        """Tell how many rows a migration has been through, and of how many, for a bar: after each page of them."""
        self._progress(done, total)


def creation(model: type[Model], dialect: str) -> list[str]:
    """Return the definitions of a model's table and indexes."""
    database = _SqliteRecorder() if dialect == "sqlite" else _PostgresqlRecorder()
    manager = SchemaManager(model, database)
    manager.create_table(safe=False)
    manager.create_indexes(safe=False)
    return database.definitions


class _Recorder(Database):
    """A database that keeps the definitions it is to run."""

    def __init__(self) -> None:
        super().__init__(None)
        self.definitions: list[str] = []

    def execute(self, query: Any, **options: Any) -> None:
        """Keep a definition."""
        sql, _ = sql_of(query, self)
        self.definitions.append(sql)


class _SqliteRecorder(_Recorder, SqliteDatabase):
    pass


class _PostgresqlRecorder(_Recorder, PostgresqlDatabase):
    pass
