"""Rows of the plant file: created or updated by their id or, without one, by their name."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from peewee import Case, Query, Select, fn

from tracepro.database.fields import Model
from tracepro.database.insert import Insert
from tracepro.database.statement import Placeholder, Statement, p, statement
from tracepro_hookspecs import Call, InvalidParams

__all__ = ["BIGGEST_GIVEN_ID", "Check", "Given", "Upsert", "sequence_beyond"]

BIGGEST_GIVEN_ID = 2**53 - 1
"""Beyond it JavaScript's clients lose digits, and the ids the database gives next would have no room."""

Given = Sequence[tuple[int | None, Mapping[str, Any]]]
"""The id, if one is given, and the columns of each row."""
Stored = Mapping[int, Mapping[str, Any]]

Check = Callable[[Sequence[tuple[int | None, str]]], object]
"""Is given the id, None for a row that has none yet, and the text of each row, and raises what is against it."""


class Upsert:
    """Puts rows into a table whose rows have an id and a name.

    ``what`` is the word for a row in sentences. Names are unique within the columns of ``within``, or not at all
    with ``unique=False``: then a row without an id is refused when its name means several. ``own`` columns are texts or
    null, and a text belongs to one row; of them the audit keeps only whether they are set.
    """

    def __init__(
        self,
        model: type[Model],
        what: str,
        *,
        within: Sequence[str] = (),
        unique: bool = True,
        own: Sequence[str] = (),
    ) -> None:
        self._model = model
        self._fields = model._meta.fields
        self._what = what
        self._key_columns = ("name", *within)
        self._unique = unique
        self._own = tuple(own)
        self._new = Insert(model)
        self._ids_by_name = statement(self._select_by_name)
        self._new_with_id = statement(self._insert_whole_row)
        self._move_sequence = statement(lambda: sequence_beyond(model))
        self._before = cache(self._select_columns)
        self._update = cache(self._update_columns)

    def put(self, call: Call, number: int | None, values: Mapping[str, Any]) -> tuple[int, bool]:
        """Create or update one row and return its id and whether it is new."""
        return self.put_all(call, [(number, values)])[0]

    def put_all(self, call: Call, rows: Given, check: Check = lambda wanted: None) -> list[tuple[int, bool]]:
        """Create or update rows and return the id of each and whether it is new.

        What a row leaves out keeps its value. Names and ``own`` texts that rows give up are free before any row takes
        one, so that rows may exchange them. ``check(wanted)`` is asked once, before any row takes an ``own`` text,
        with the id, None for a row that has none yet, and the text of each. Creations and what differs are noted in the audit. Raises InvalidParams.
        """
        numbers = self._resolve(call, rows)
        stored = self._read(call, rows, numbers)
        differing = [
            _differing(values, {} if number is None else stored.get(number, {}))
            for number, (_, values) in zip(numbers, rows, strict=True)
        ]
        renamed = self._free(call, numbers, differing, stored)
        check(
            [
                (number, changed[column])
                for number, changed in zip(numbers, differing, strict=True)
                for column in self._own
                if changed.get(column) is not None
            ]
        )
        ids = self._create(call, rows, numbers, stored)
        for number, (_, values), changed in zip(ids, rows, differing, strict=True):
            if changed:
                names = {"name": values["name"]} if number in renamed else {}
                self._write(call, number, stored.get(number, {}), changed, names)
        return [(number, number not in stored) for number in ids]

    def _resolve(self, call: Call, rows: Given) -> list[int | None]:
        """Return the id that each row means, None for a new one. Raises InvalidParams when that isn't clear."""
        if not self._unique:
            self._refuse_unclear_names(rows)
        keys = [tuple([values[column] for column in self._key_columns]) for _, values in rows]
        given = {number: key for (number, _), key in zip(rows, keys, strict=True) if number is not None}
        owners: dict[tuple[Any, ...], list[int]] = {}
        names = sorted({values["name"] for _, values in rows})
        for number, *columns in call.db.rows(self._ids_by_name, names=names):
            key = tuple(columns)
            if given.get(number, key) == key:
                owners.setdefault(key, []).append(number)
        return [
            self._meant(number, values["name"], owners.get(key, ()))
            for (number, values), key in zip(rows, keys, strict=True)
        ]

    def _meant(self, number: int | None, name: str, owners: Sequence[int]) -> int | None:
        if number is not None:
            taken = [owner for owner in owners if owner != number] if self._unique else ()
            if taken:
                raise self._wrong(f"{number} can't be called {name}: {self._what} {taken[0]} is; rename one.")
            return int(number)
        if len(owners) > 1:
            raise self._wrong(f"{name} could be any of {', '.join(map(str, owners))}; give its id.")
        return owners[0] if owners else None

    def _refuse_unclear_names(self, rows: Given) -> None:
        """Refuse a row without an id whose name another row has too: nothing tells whether they are the same."""
        seen: dict[str, tuple[int, int | None]] = {}
        for index, (number, values) in enumerate(rows, 1):
            first, other = seen.setdefault(values["name"], (index, number))
            if first != index and None in (number, other):
                raise self._wrong(
                    f"{values['name']} is named in row {first} and row {index}; give both rows an id."
                )

    def _read(self, call: Call, rows: Given, numbers: Sequence[int | None]) -> Stored:
        """Return what is stored of the columns given, by id, locked."""
        columns = tuple(sorted({column for _, values in rows for column in values}))
        ids = sorted(number for number in numbers if number is not None)
        if not ids:
            return {}
        found = call.db.rows(self._before(columns), ids=ids)
        return {row[0]: dict(zip(columns, row[1:], strict=True)) for row in found}

    def _free(
        self,
        call: Call,
        numbers: Sequence[int | None],
        differing: Sequence[Mapping[str, Any]],
        stored: Stored,
    ) -> set[int]:
        """Free the names and texts that rows give up; return the ids that have a name nobody else can have."""
        renamed = set()
        for number, changed in zip(numbers, differing, strict=True):
            if not changed or number is None or number not in stored:
                continue
            given_up = (column for column in self._own if column in changed)
            freed: dict[str, Any] = dict.fromkeys(
                column for column in given_up if stored[number][column] is not None
            )
            if self._unique and any(column in changed for column in self._key_columns):
                freed["name"] = secrets.token_hex(16)
                renamed.add(number)
            if freed:
                call.db.run(self._update(tuple(sorted(freed))), id=number, **freed)
        return renamed

    def _create(self, call: Call, rows: Given, numbers: Sequence[int | None], stored: Stored) -> list[int]:
        """Create the rows that are not there, those with an id first, and return the ids of all rows."""
        with_id = {
            number: values
            for number, (_, values) in zip(numbers, rows, strict=True)
            if number is not None and number not in stored
        }
        self._create_with_ids(call, with_id)
        without = [dict(values) for number, (_, values) in zip(numbers, rows, strict=True) if number is None]
        fresh = iter(call.db.insert_many(self._new, without) if without else ())
        return [next(fresh) if number is None else number for number in numbers]

    def _create_with_ids(self, call: Call, rows: Mapping[int, Mapping[str, Any]]) -> None:
        if not rows:
            return
        for number in (min(rows), max(rows)):
            if not 1 <= number <= BIGGEST_GIVEN_ID:
                raise self._wrong(f"{number} can't be made: new ids go from 1 to {BIGGEST_GIVEN_ID}.")
        call.db.many(
            self._new_with_id,
            [{**self._new.row(dict(values)), "id": number} for number, values in rows.items()],
        )
        if call.db.dialect == "postgresql":
            call.db.rows(self._move_sequence, id=max(rows))

    def _write(
        self,
        call: Call,
        number: int,
        before: Mapping[str, Any],
        changed: Mapping[str, Any],
        names: Mapping[str, Any],
    ) -> None:
        """Write what differs, with the name of one that was freed, and note it; a new row has it and is only noted."""
        if before:
            written = {**changed, **names}
            call.db.run(self._update(tuple(sorted(written))), id=number, **written)
        what = f"{self._what} {number}"
        for column, value in changed.items():
            call.changed(what, column, before.get(column), value, hidden=column in self._own)

    def _wrong(self, info: str) -> InvalidParams:
        return InvalidParams(self._what, f"{self._what} {info}")

    def _select_by_name(self) -> Query:
        key = self._fields["id"]
        columns = self._model.select(key, *(self._fields[name] for name in self._key_columns))
        return columns.where(self._fields["name"].in_(p.texts("names"))).order_by(key)

    def _select_columns(self, columns: tuple[str, ...]) -> Statement:
        key = self._fields["id"]
        fields = [key, *(self._fields[name] for name in columns)]
        asked = key.in_(p.integers("ids"))
        return statement(lambda: self._model.select(*fields).where(asked).order_by(key).for_update())

    def _update_columns(self, columns: tuple[str, ...]) -> Statement:
        values = {self._fields[name]: Placeholder(name, self._fields[name]) for name in columns}
        return statement(lambda: self._model.update(values).where(self._fields["id"] == Placeholder("id")))

    def _insert_whole_row(self) -> Query:
        return self._model.insert(
            {field: Placeholder(field.name, field) for field in self._model._meta.sorted_fields}
        )


def _differing(values: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns whose values are not those from before; a new row has none from before."""
    return {column: value for column, value in values.items() if value != before.get(column)}


def sequence_beyond(model: type[Model]) -> Query:
    """Move PostgreSQL's sequence of a table on, so that it never gives the id that was given by hand."""
    sequence = fn.pg_get_serial_sequence(model._meta.table_name, "id")
    reached = Placeholder("id") >= fn.nextval(sequence)
    return Select(columns=[Case(None, [(reached, fn.setval(sequence, Placeholder("id")))])])
