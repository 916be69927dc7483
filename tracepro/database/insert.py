"""Inserts of whole rows, one at a time or many in one statement."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import peewee
from peewee import Field, ForeignKeyField, Query, Select, Table, fn

from tracepro.database.commit_order import CommitOrder
from tracepro.database.fields import Integer, Model
from tracepro.database.statement import Placeholder, ValueList, statement


class Insert:
    """The insert of whole rows of a model.

    ``ignore`` leaves out a row whose key exists already; ``update`` names the fields that the row with the
    same ``keys`` takes over instead.
    """

    def __init__(
        self,
        model: type[Model],
        *,
        ignore: bool = False,
        keys: Iterable[Field[Any]] = (),
        update: Iterable[Field[Any]] = (),
    ) -> None:
        meta = model._meta
        self.model = model
        self.key = _numbered_key(model)
        given = [field for field in meta.sorted_fields if not isinstance(field, CommitOrder)]
        self._fields = [field for field in given if field is not self.key]
        self._names = {field.name for field in self._fields}
        self._on_conflict = _on_conflict(ignore, list(keys), list(update))
        self.conflicts = self._on_conflict is not None
        optional = [field for field in self._fields if field.null or field.default is not None]
        self._constants = {field.name: field.default for field in optional if not callable(field.default)}
        self._factories = {field.name: field.default for field in optional if callable(field.default)}
        self.plain = statement(lambda: self._one_row(self._fields))
        self.returning = statement(lambda: self._one_row(self._fields).returning(self.key))
        self.whole = statement(lambda: self._one_row(given))
        self.bulk = statement(lambda: self._many_rows(with_ids=self.key is not None and not self.conflicts))
        self.unnumbered = statement(lambda: self._many_rows(with_ids=False))
        self.fresh_ids = statement(lambda: _fresh_ids(meta.table_name, self.key))
        self.highest_id = statement(lambda: _highest_id(meta.table_name))

    def _one_row(self, fields: Iterable[Field[Any]]) -> peewee.Insert:
        query = self.model.insert({field: Placeholder(field.name, field) for field in fields})
        return self._on_conflict(query) if self._on_conflict else query

    def _many_rows(self, *, with_ids: bool) -> peewee.Insert:
        fields = [self.key, *self._fields] if with_ids else self._fields
        columns = [ValueList(field.name, _type_of_values(field), bare=True) for field in fields]
        query = self.model.insert_from(Select(columns=columns), fields)
        return self._on_conflict(query) if self._on_conflict else query

    def row(self, values: dict[str, Any]) -> dict[str, Any]:
        """Return a row filled up with its defaults. Raises TypeError for columns that are missing or unknown."""
        full = {**self._constants, **values}
        for name, make in self._factories.items():
            if name not in values:
                full[name] = make()
        if full.keys() != self._names:
            wrong = sorted(full.keys() ^ self._names)
            raise TypeError(
                f"a row of {self.model._meta.table_name} has not exactly its columns: {', '.join(wrong)}."
            )
        return full

    def columns(self, rows: list[dict[str, Any]]) -> dict[str, list[Any]]:
        """Turn rows into one list a column, in stored form."""
        return {field.name: [field.db_value(row[field.name]) for row in rows] for field in self._fields}


def _numbered_key(model: type[Model]) -> Field[Any] | None:
    key = model._meta.primary_key
    return key if isinstance(key, Field) and key.auto_increment else None


def _type_of_values(field: Field[Any]) -> str:
    """Return the PostgreSQL type of one value of a column; a foreign key has that of the key it points to."""
    kind = field.rel_field if isinstance(field, ForeignKeyField) else field
    return "bigint" if isinstance(kind, Integer) else "text"


def _on_conflict(
    ignore: bool, keys: list[Field[Any]], update: list[Field[Any]]
) -> Callable[[peewee.Insert], peewee.Insert] | None:
    """Return the function that tells an insert what to do about a row that is there already."""
    if ignore:
        return lambda query: query.on_conflict_ignore()
    if update:
        return lambda query: query.on_conflict(conflict_target=keys, preserve=update)
    return None


def _highest_id(table: str) -> Query:
    """Ask for the highest id that a table on SQLite ever gave."""
    sequence = Table("sqlite_sequence")
    return sequence.select(sequence.c.seq).where(sequence.c.name == table)


def _fresh_ids(table: str, key: Field[Any] | None) -> Query:
    """Draw ids from the sequence of a table on PostgreSQL."""
    assert key is not None
    sequence = fn.pg_get_serial_sequence(table, key.column_name)
    return Select([fn.generate_series(1, Placeholder("count"))], [fn.nextval(sequence)])
