"""A database with a long history, quickly: a small production is played, then multiplied by SQL.

What is multiplied are real rows of real calls, so a copy is what the calls would have left: ids go on, codes
get a tag of their own, times move on by the length of the production. One statement copies a table many times.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from peewee import Model

from examples.generator.production import Production
from tracepro.database import Instant

PLUGINS = ("orders", "items", "material")
"""The plugins whose tables grow with production; a plugin's own grow only by its own doing."""
REFERENCES = {
    "order_id": "orders_order",
    "item_id": "items_unit",
    "panel_id": "items_unit",
    "parent_id": "items_unit",
    "child_id": "items_unit",
    "op_id": "items_operation",
    "lot_id": "material_lot",
}
"""The table whose ids a column holds."""
CODES = {"erp_ref", "item", "product", "barcode", "barcode2", "code", "mat_lot", "value"}
"""The columns with codes, which get the tag of their copy."""
RUNS = "items_run"
"""One row a workplace: it moves on in time and is not multiplied."""
COPIES_AT_ONCE = 64

RunSql = Callable[[str, Sequence[Any]], Any]
"""Runs SQL with ``?`` for values and returns all rows."""


def copy_tag(number: int) -> str:
    """Return the tag of a copy, of the same length for all; copy 0 is what was played."""
    return f"K{number:06}"


class ProductionClock:
    """The clock of a site in which a production is played: it shows the time of the production."""

    def __init__(self, production: Production) -> None:
        self.production = production

    def __call__(self) -> int:
        return int(self.production.now.timestamp() * 1_000_000)


@dataclass(frozen=True)
class Table:
    """A table that grows: its columns, and which of them are times."""

    name: str
    columns: tuple[str, ...]
    times: frozenset[str]

    @property
    def keys(self) -> dict[str, str]:
        """Return the columns that are ids of rows that are multiplied, with the table of these rows."""
        own = {"id": self.name} if "id" in self.columns else {}
        return own | {column: REFERENCES[column] for column in self.columns if column in REFERENCES}


def growing_tables(models: Iterable[type[Model]]) -> list[Table]:
    """Return the tables of those models that grow with production."""
    found = []
    for model in models:
        meta = model._meta  # what peewee knows of a model
        columns = tuple(field.column_name for field in meta.sorted_fields)
        times = frozenset(field.column_name for field in meta.sorted_fields if isinstance(field, Instant))
        table = Table(meta.table_name, columns, times)
        if table.keys.keys() - {"id"} or table.name in REFERENCES.values():
            found.append(table)
    return found


def multiply(
    run_sql: RunSql,
    dialect: str,
    models: Iterable[type[Model]],
    copies: int,
    duration: int,
    progress: Callable[[int], object] = lambda copies: None,
) -> None:
    """Copy everything ``copies`` times, each time ``duration`` microseconds later.

    ``run_sql`` works on one connection without an open transaction of its own; ``progress(n)`` is told of
    every n copies.
    """
    growing = growing_tables(models)
    strides = {table.name: _highest_id(run_sql, table.name) for table in growing if "id" in table.columns}
    for table in growing:
        run_sql(f"CREATE TEMP TABLE first_{table.name} AS SELECT * FROM {table.name}", ())
    for first in range(1, copies + 1, COPIES_AT_ONCE):
        last = min(first + COPIES_AT_ONCE - 1, copies)
        run_sql("BEGIN", ())
        for table in growing:
            run_sql(_insert_copies(table, dialect, strides, duration), (first, last))
        run_sql("COMMIT", ())
        progress(last - first + 1)
    _finish(run_sql, dialect, growing, strides, copies * duration)


def _highest_id(run_sql: RunSql, table: str) -> int:
    return int(run_sql(f"SELECT COALESCE(max(id), 0) FROM {table}", ())[0][0])


def _insert_copies(table: Table, dialect: str, strides: dict[str, int], duration: int) -> str:
    """Return the statement that inserts copies ? to ? of a table."""
    chosen = ", ".join(_copied(table, column, dialect, strides, duration) for column in table.columns)
    columns = ", ".join(f'"{column}"' for column in table.columns)
    return (
        f"INSERT INTO {table.name} ({columns}) WITH RECURSIVE copy(k, last) AS "
        f"(SELECT {_parameter(dialect)}, {_parameter(dialect)} UNION ALL SELECT k + 1, last FROM copy WHERE k < last) "
        f"SELECT {chosen} FROM copy CROSS JOIN first_{table.name} t"
    )


def _copied(table: Table, column: str, dialect: str, strides: dict[str, int], duration: int) -> str:
    """Return what a column of copy ``k`` is, in SQL."""
    if column in table.keys:
        return f't."{column}" + copy.k * {strides[table.keys[column]]}'
    if column in table.times:
        return f't."{column}" + copy.k * {duration}'
    if column in CODES:
        return f"replace(t.\"{column}\", '{copy_tag(0)}', {_tag_of_copy(dialect)})"
    return f't."{column}"'


def _parameter(dialect: str) -> str:
    return "?" if dialect == "sqlite" else "CAST(? AS bigint)"


def _tag_of_copy(dialect: str) -> str:
    """Return ``copy_tag(k)`` in SQL."""
    return "printf('K%06d', copy.k)" if dialect == "sqlite" else "'K' || lpad(copy.k::text, 6, '0')"


def _finish(
    run_sql: RunSql, dialect: str, growing: Sequence[Table], strides: dict[str, int], total: int
) -> None:
    """Move the runs by the ``total`` duration of all copies, let ids go on behind the copies, and tidy up."""
    run_sql(f"UPDATE {RUNS} SET since = since + {total}", ())
    for table in growing:
        run_sql(f"DROP TABLE first_{table.name}", ())
        if dialect == "postgresql" and table.name in strides:
            sequence = f"pg_get_serial_sequence('{table.name}', 'id')"
            run_sql(
                f"SELECT setval({sequence}, (SELECT max(id) FROM {table.name})) FROM {table.name} LIMIT 1", ()
            )
    run_sql("ANALYZE", ())


def duration_of(production: Production) -> int:
    """Return how long a production took that was played, in whole seconds as microseconds."""
    return int((production.now - production.start).total_seconds() + 1) * 1_000_000
