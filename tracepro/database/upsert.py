"""Rows of the plant file: created or updated by their id or, without one, by their name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, reduce
from operator import and_
from typing import Any

from peewee import Case, Query, Select, fn

from tracepro.database.fields import Model
from tracepro.database.insert import Insert
from tracepro.database.statement import Placeholder, Statement, statement
from tracepro_hookspecs import Call, InvalidParams

# Beyond it JavaScript's clients lose digits, and the ids the database gives next would have no room.
BIGGEST_GIVEN_ID = 2**53 - 1


class Upsert:
    """Puts rows into a table whose rows have an id and a name.

    ``what`` is the word for a row in sentences. Names are unique within the columns of ``within``, or not at all
    with ``unique=False``: then a row without an id is refused when its name means several. Of ``hidden`` columns
    the audit keeps only whether they are set.
    """

    def __init__(
        self,
        model: type[Model],
        what: str,
        *,
        within: Sequence[str] = (),
        unique: bool = True,
        hidden: Sequence[str] = (),
    ) -> None:
        self._model = model
        self._fields = model._meta.fields
        self._what = what
        self._within = tuple(within)
        self._unique = unique
        self._hidden = frozenset(hidden)
        self._new = Insert(model)
        self._ids_by_name = statement(self._select_by_name)
        self._new_with_id = statement(self._insert_whole_row)
        self._move_sequence = statement(lambda: sequence_beyond(model))
        self._before = cache(self._select_columns)
        self._update = cache(self._update_columns)

    def put(self, call: Call, number: int | None, values: Mapping[str, Any]) -> tuple[int, bool]:
        """Create or update one row from the columns given and return its id and whether it is new.

        What is left out keeps its value. Overwriting is noted in the audit, and only if something differs.
        """
        number = self._meant(call, number, values)
        if number is None:
            return call.db.insert(self._new, **values), True
        columns = tuple(sorted(values))
        before = call.db.one(self._before(columns), id=number)
        if before is None:
            self._create_with_id(call, number, values)
            return number, True
        self._overwrite(call, number, dict(zip(columns, before, strict=True)), values)
        return number, False

    def _meant(self, call: Call, number: int | None, values: Mapping[str, Any]) -> int | None:
        """Return the id of the row that is meant, None for a new one. Raises InvalidParams when that isn't clear."""
        keys = {name: values[name] for name in ("name", *self._within)}
        found = [row[0] for row in call.db.rows(self._ids_by_name, **keys)]
        if number is not None:
            if self._unique and found and found != [number]:
                raise self._wrong(
                    f"{number} can't be called {values['name']}: {self._what} {found[0]} is; rename one."
                )
            return int(number)
        if len(found) > 1:
            raise self._wrong(f"{values['name']} could be any of {', '.join(map(str, found))}; give its id.")
        return found[0] if found else None

    def _wrong(self, info: str) -> InvalidParams:
        return InvalidParams(self._what, f"{self._what} {info}")

    def _create_with_id(self, call: Call, number: int, values: Mapping[str, Any]) -> None:
        if not 1 <= number <= BIGGEST_GIVEN_ID:
            raise self._wrong(f"{number} can't be made: new ids go from 1 to {BIGGEST_GIVEN_ID}.")
        call.db.run(self._new_with_id, **self._new.row(dict(values)), id=number)
        if call.db.dialect == "postgresql":
            call.db.rows(self._move_sequence, id=number)

    def _overwrite(
        self, call: Call, number: int, before: Mapping[str, Any], values: Mapping[str, Any]
    ) -> None:
        changed = {name: value for name, value in values.items() if value != before[name]}
        if not changed:
            return
        call.db.run(self._update(tuple(sorted(changed))), id=number, **changed)
        for name, value in changed.items():
            call.changed(f"{self._what} {number}", name, before[name], value, hidden=name in self._hidden)

    def _select_by_name(self) -> Query:
        key = self._fields["id"]
        same = reduce(and_, (self._fields[name] == Placeholder(name) for name in ("name", *self._within)))
        return self._model.select(key).where(same).order_by(key)

    def _select_columns(self, columns: tuple[str, ...]) -> Statement:
        fields = [self._fields[name] for name in columns]
        return statement(
            lambda: self._model.select(*fields).where(self._fields["id"] == Placeholder("id")).for_update()
        )

    def _update_columns(self, columns: tuple[str, ...]) -> Statement:
        values = {self._fields[name]: Placeholder(name, self._fields[name]) for name in columns}
        return statement(lambda: self._model.update(values).where(self._fields["id"] == Placeholder("id")))

    def _insert_whole_row(self) -> Query:
        return self._model.insert(
            {field: Placeholder(field.name, field) for field in self._model._meta.sorted_fields}
        )


def sequence_beyond(model: type[Model]) -> Query:
    """Move PostgreSQL's sequence of a table on, so that it never gives the id that was given by hand."""
    sequence = fn.pg_get_serial_sequence(model._meta.table_name, "id")
    reached = Placeholder("id") >= fn.nextval(sequence)
    return Select(columns=[Case(None, [(reached, fn.setval(sequence, Placeholder("id")))])])
