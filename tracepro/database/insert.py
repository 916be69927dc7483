"""Inserts of whole rows, one at a time or many in one statement."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from peewee import Field, ForeignKeyField, Query, Select, Table, fn

from tracepro.database.fields import Integer, Model
from tracepro.database.statement import Placeholder, Statement, ValueList


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
        keys: Iterable[Field] = (),
        update: Iterable[Field] = (),
    ) -> None:
        meta = model._meta
        key = meta.primary_key
        self.model = model
        self.key = key if getattr(key, "auto_increment", False) else None
        self._fields = [field for field in meta.sorted_fields if field is not self.key]
        self._names = {field.name for field in self._fields}
        self._on_conflict = _on_conflict(ignore, list(keys), list(update))
        self.conflicts = self._on_conflict is not None
        optional = [field for field in self._fields if field.null or field.default is not None]
        self._fixed = {field.name: field.default for field in optional if not callable(field.default)}
        self._made = {field.name: field.default for field in optional if callable(field.default)}
        self.plain = Statement(lambda: self._one(self._fields))
        self.returning = Statement(lambda: self._one(self._fields).returning(self.key))
        self.whole = Statement(lambda: self._one(meta.sorted_fields))
        self.bulk = Statement(self._many)
        self.fresh_ids = Statement(lambda: _fresh_ids(meta.table_name, self.key))
        self.highest = Statement(lambda: _highest_id(meta.table_name))

    def _one(self, fields: Iterable[Field]) -> Query:
        query = self.model.insert({field: Placeholder(field.name, field) for field in fields})
        return self._on_conflict(query) if self._on_conflict else query

    def _many(self) -> Query:
        with_ids = self.key is not None and not self.conflicts
        fields = [self.key, *self._fields] if with_ids else self._fields
        columns = [ValueList(field.name, _element(field), bare=True) for field in fields]
        query = self.model.insert_from(Select(columns=columns), fields)
        return self._on_conflict(query) if self._on_conflict else query

    def row(self, values: dict[str, Any]) -> dict[str, Any]:
        """Fills a row up with its defaults. Raises TypeError for columns that are missing or unknown."""
        full = {**self._fixed, **values}
        for name, make in self._made.items():
            if name not in values:
                full[name] = make()
        if full.keys() != self._names:
            odd = sorted(full.keys() ^ self._names)
            raise TypeError(
                f"a row of {self.model._meta.table_name} has not exactly its columns: {', '.join(odd)}."
            )
        return full

    def columns(self, rows: list[dict[str, Any]]) -> dict[str, list[Any]]:
        """Turns rows into one list a column, in stored form."""
        return {field.name: [field.db_value(row[field.name]) for row in rows] for field in self._fields}


def _element(field: Field) -> str:
    """The PostgreSQL type of one value of a column; a foreign key has that of the key it points to."""
    kind = field.rel_field if isinstance(field, ForeignKeyField) else field
    return "bigint" if isinstance(kind, Integer) else "text"


def _on_conflict(ignore: bool, keys: list[Field], update: list[Field]) -> Callable[[Query], Query] | None:
    """Makes the function that tells an insert what to do about a row that is there already."""
    if ignore:
        return lambda query: query.on_conflict_ignore()
    if update:
        return lambda query: query.on_conflict(conflict_target=keys, preserve=update)
    return None


def _highest_id(table: str) -> Query:
    """Reads the highest id that a table on SQLite ever gave."""
    sequence = Table("sqlite_sequence", ("name", "seq"))
    return sequence.select(sequence.seq).where(sequence.name == table)


def _fresh_ids(table: str, key: Field) -> Query:
    """Draws ids from the sequence of a table on PostgreSQL."""
    sequence = fn.pg_get_serial_sequence(table, key.column_name)
    return Select([fn.generate_series(1, Placeholder("count"))], [fn.nextval(sequence)])
