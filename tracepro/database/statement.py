"""Statements: peewee queries that are written once for each kind of database, then only filled in.

Building a query costs twenty times what SQLite needs to answer it; a statement pays that once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from operator import itemgetter
from typing import Any

from peewee import (
    CompoundSelectQuery,
    Context,
    Database,
    Field,
    Node,
    PostgresqlDatabase,
    Query,
    Select,
    SqliteDatabase,
    Update,
    Value,
)

from tracepro.database import peewee_privates
from tracepro.database.fields import Flag, Json, LongText, ShortText, on_sqlite, to_text
from tracepro_hookspecs import Row

Converter = Callable[[Any], Any]
Binder = Callable[[dict[str, Any]], Row]
_POSTGRESQL = PostgresqlDatabase(None)
# The forms a query is written in. Rows can be locked in one of them only: SQLite has no such thing and needs none,
# and PostgreSQL refuses it in a transaction that only reads.
_DATABASES = {"sqlite": SqliteDatabase(None), "postgresql": _POSTGRESQL, "reading": _POSTGRESQL}


class _Slot:
    """Where a written query takes one named value."""

    __slots__ = ("name", "convert")

    def __init__(self, name: str, convert: Converter | None) -> None:
        self.name = name
        self.convert = convert


class Placeholder(Value):
    """A value that is given each time the statement runs."""

    def __init__(self, name: str, field: Field[Any] | None = None) -> None:
        super().__init__(None)
        self.name = name
        self.field = field

    def __sql__(self, ctx: Context) -> Context:
        field = getattr(ctx.state.converter, "__self__", None) if self.field is None else self.field
        _add_slot(ctx, _Slot(self.name, field.db_value if isinstance(field, (Flag, Json)) else None))
        return ctx.literal(ctx.state.param or "?")


class ValueList(Value):
    """A list of values, one parameter however long it is."""

    def __init__(self, name: str, kind: str, *, bare: bool = False) -> None:
        super().__init__(None)
        self.name = name
        self.kind = kind
        self.bare = bare

    def __sql__(self, ctx: Context) -> Context:
        sqlite = on_sqlite(ctx)
        _add_slot(ctx, _Slot(self.name, _json_list if sqlite else list))
        if sqlite:
            return ctx.literal("(SELECT value FROM json_each(?))")
        # The same question as IN, for which PostgreSQL finds the index sooner.
        if peewee_privates.replace_last(ctx, " IN ", " = "):
            return ctx.literal(f"ANY(%s::{self.kind}[])")
        unnested = f"unnest(%s::{self.kind}[])"
        return ctx.literal(unnested if self.bare else f"(SELECT {unnested})")


class _Number(Node):
    """A whole number that stands in the query, for PostgreSQL plans a limit that it can't see as a tenth of the rows."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number

    def __sql__(self, ctx: Context) -> Context:
        return ctx.literal(format(self.number, "d"))


def _add_slot(ctx: Context, slot: _Slot) -> None:
    ctx.value(slot, converter=False, add_param=False)


def _json_list(values: Iterable[Any]) -> str:
    return to_text(list(values)).decode()


class _Placeholders:
    """``p("name")`` for one value; ``p.integers("ids")`` and ``p.texts("codes")`` for a list behind ``in_``."""

    def __call__(self, name: str, field: Field[Any] | None = None) -> Value:
        """Make a value, stored as the column it is compared with or put into, else as ``field`` stores it."""
        return Placeholder(name, field)

    def integers(self, name: str) -> Value:
        """Make a list of whole numbers."""
        return ValueList(name, "bigint")

    def texts(self, name: str) -> Value:
        """Make a list of texts."""
        return ValueList(name, "text")


p = _Placeholders()
"""Marks in a statement the values that each run gives by name."""


class Compiled:
    """A query as one kind of database takes it."""

    __slots__ = ("bind", "columns", "long_texts", "sql")

    def __init__(self, query: Query, form: str) -> None:
        if isinstance(query, Update):
            _give_fields(query)
        if form != "postgresql" and isinstance(query, Select):
            query = query.for_update(False)
        self.sql, values = sql_of(query, _DATABASES[form])
        self.bind = _binder(values)
        columns = _selected(query)
        self.columns = [(n, each.from_stored) for n, each in columns if isinstance(each, (Flag, Json))]
        self.long_texts = [
            n for n, each in columns if isinstance(each, LongText) and not isinstance(each, ShortText)
        ]

    def converted(self, rows: list[Row]) -> list[Row]:
        """Turn stored values into Python's, in the columns that need it."""
        if not self.columns or not rows:
            return rows
        changed: list[Row] = []
        for row in rows:
            cells = list(row)
            for index, convert in self.columns:
                if cells[index] is not None:
                    cells[index] = convert(cells[index])
            changed.append(tuple(cells))
        return changed


class Statement:
    """A query that is written at its first use in each form, from ``build()``; ``@statement`` makes them.

    ``for_update()`` locks rows in writes on PostgreSQL and is left out elsewhere.
    """

    __slots__ = ("_limited", "build", "postgresql", "reading", "sqlite")

    def __init__(self, build: Callable[[], Query]) -> None:
        self.build = build
        self.sqlite: Compiled | None = None
        self.postgresql: Compiled | None = None
        self.reading: Compiled | None = None
        self._limited: dict[int, Statement] = {}

    def limited(self, most: int) -> Statement:
        """Return the same query for at most so many rows."""
        if most not in self._limited:
            self._limited[most] = Statement(lambda: self.build().limit(_Number(most)))
        return self._limited[most]

    def on(self, form: str) -> Compiled:
        """Return the query in a form: ``sqlite``, ``postgresql``, or ``reading`` for PostgreSQL's reads."""
        compiled: Compiled | None = getattr(self, form)
        if compiled is None:
            compiled = Compiled(self.build(), form)
            setattr(self, form, compiled)
        return compiled


def statement(build: Callable[[], Query]) -> Statement:
    """Return the statement of a function that builds a query; a decorator, so that a docstring says what it asks."""
    return Statement(build)


def sql_of(node: Any, database: Database) -> tuple[str, list[Any]]:
    """Return a query or a definition as a kind of database takes it, with its values."""
    context: Context = database.get_sql_context().sql(node)  # type: ignore[no-untyped-call]
    return context.query()


def _give_fields(query: Update) -> None:
    """Tell the placeholders of ``SET`` which column they fill, so that its converter applies."""
    for field, value in peewee_privates.updated(query).items():
        if type(value) is Placeholder and value.field is None and isinstance(field, Field):
            value.field = field


def _binder(values: list[Any]) -> Binder:
    """Return the function that puts named values in their order, in C as far as they need no converter."""
    slots = [(index, value) for index, value in enumerate(values) if isinstance(value, _Slot)]
    if len(slots) != len(values):
        return _binder_with_constants(values, slots)
    if not slots:
        return lambda _: ()
    pick = _picker([slot.name for _, slot in slots])
    converters = [(index, slot.convert) for index, slot in slots if slot.convert is not None]
    return _converting(pick, converters) if converters else pick


def _picker(names: list[str]) -> Binder:
    if len(names) > 1:
        return itemgetter(*names)
    (name,) = names
    return lambda given: (given[name],)


def _converting(pick: Binder, converters: list[tuple[int, Converter]]) -> Binder:
    def bind(given: dict[str, Any]) -> Row:
        row = list(pick(given))
        for index, convert in converters:
            if row[index] is not None:
                row[index] = convert(row[index])
        return tuple(row)

    return bind


def _binder_with_constants(values: list[Any], slots: list[tuple[int, _Slot]]) -> Binder:
    """Return the function that fills a copy of the values that the query itself fixes."""

    def bind(given: dict[str, Any]) -> Row:
        row = values.copy()
        for index, slot in slots:
            value = given[slot.name]
            row[index] = value if slot.convert is None else slot.convert(value)
        return tuple(row)

    return bind


def _selected(query: Query) -> list[tuple[int, Any]]:
    """Return the columns of the answer with their places."""
    while isinstance(query, CompoundSelectQuery):
        query = query.lhs
    chosen = getattr(query, "selected_columns", ())
    return [(index, getattr(column, "field", column)) for index, column in enumerate(chosen)]
