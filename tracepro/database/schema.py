"""What a migration may do to the tables, written for both kinds of database."""

from __future__ import annotations

from peewee import Query, SchemaManager

from tracepro.database.fields import Model
from tracepro.database.session import Session
from tracepro.database.statement import DATABASES


class Schema:
    """The tables as a migration sees them."""

    def __init__(self, db: Session) -> None:
        self.db = db

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``, for what can't be said the same way on both."""
        return self.db.dialect

    def create(self, *models: type[Model]) -> None:
        """Creates tables with their indexes."""
        for model in models:
            for sql in creation(model, self.dialect):
                self.db.define(sql)

    def define(self, sql: str) -> None:
        """Runs a definition, for triggers and the like; fixed text only."""
        self.db.define(sql)

    def run(self, query: Query) -> int:
        """Runs a peewee query that moves rows."""
        return self.db.run(query)


def creation(model: type[Model], dialect: str) -> list[str]:
    """Writes the definitions of a model's table and indexes."""
    manager = SchemaManager(model, DATABASES[dialect])
    contexts = [manager._create_table(safe=False), *manager._create_indexes(safe=False)]
    return [context.query()[0] for context in contexts]
