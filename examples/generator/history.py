"""A database with a long history, quickly: a small production is played, then multiplied by SQL.

What is multiplied are real rows of real calls, so a copy is what the calls would have left: ids go on, codes
get a tag of their own, times move on by the length of the production. One statement copies a table many times.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from examples.generator.production import Production

PLUGINS = ("orders", "items", "material")
"""The plugins whose tables grow with production; a plugin's own grow only by its own doing."""
POINTS_TO = {
    "order_id": "orders_order",
    "item_id": "items_unit",
    "panel_id": "items_unit",
    "parent_id": "items_unit",
    "child_id": "items_unit",
    "op_id": "items_operation",
    "lot_id": "material_lot",
}
CODES = {"erp_ref", "item", "product", "barcode", "barcode2", "code", "mat_lot", "value"}
RUNS = "items_run"
"""One row a workplace: it moves on in time and is not multiplied."""
CHUNK = 64

Run = Callable[[str, Sequence[Any]], Any]
"""Runs SQL with ``?`` for values and answers all rows."""


def tag(number: int) -> str:
    """The tag of a copy, the same length for all."""
    return f"K{number:06}"


class Clock:
    """The site's clock while a production is played: it stands where the production is."""

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
        """The columns that are ids of things that are multiplied, with the table they point to."""
        own = {"id": self.name} if "id" in self.columns else {}
        return own | {column: POINTS_TO[column] for column in self.columns if column in POINTS_TO}


def tables(models: Iterable[Any]) -> list[Table]:
    """The tables of models that grow with production."""
    found = []
    for model in models:
        meta = model._meta
        times = frozenset(
            field.column_name for field in meta.sorted_fields if type(field).__name__ == "Instant"
        )
        table = Table(meta.table_name, tuple(field.column_name for field in meta.sorted_fields), times)
        if table.keys.keys() - {"id"} or table.name in POINTS_TO.values():
            found.append(table)
    return found


def multiply(
    run: Run,
    dialect: str,
    models: Iterable[Any],
    copies: int,
    span: int,
    tell: Callable[[int], Any] = lambda done: None,
) -> None:
    """Copies everything ``copies`` times, each time ``span`` microseconds later; ``tell(n)`` after every n copies.

    ``run`` works on one connection without an open transaction of its own.
    """
    growing = tables(models)
    strides = {table.name: _highest(run, table.name) for table in growing if "id" in table.columns}
    for table in growing:
        run(f"CREATE TEMP TABLE first_{table.name} AS SELECT * FROM {table.name}", ())
    for first in range(1, copies + 1, CHUNK):
        last = min(first + CHUNK - 1, copies)
        run("BEGIN", ())
        for table in growing:
            run(_copying(table, dialect, strides, span), (first, last))
        run("COMMIT", ())
        tell(last - first + 1)
    _finish(run, dialect, growing, strides, copies * span)


def _highest(run: Run, table: str) -> int:
    return run(f"SELECT COALESCE(max(id), 0) FROM {table}", ())[0][0]


def _copying(table: Table, dialect: str, strides: dict[str, int], span: int) -> str:
    """The statement that makes copies ? to ? of a table."""
    chosen = ", ".join(_copied(table, column, dialect, strides, span) for column in table.columns)
    columns = ", ".join(f'"{column}"' for column in table.columns)
    return (
        f"INSERT INTO {table.name} ({columns}) WITH RECURSIVE copy(k, last) AS "
        f"(SELECT {_number(dialect)}, {_number(dialect)} UNION ALL SELECT k + 1, last FROM copy WHERE k < last) "
        f"SELECT {chosen} FROM copy CROSS JOIN first_{table.name} t"
    )


def _copied(table: Table, column: str, dialect: str, strides: dict[str, int], span: int) -> str:
    if column in table.keys:
        return f't."{column}" + copy.k * {strides[table.keys[column]]}'
    if column in table.times:
        return f't."{column}" + copy.k * {span}'
    if column in CODES:
        return f"replace(t.\"{column}\", '{tag(0)}', {_tag(dialect)})"
    return f't."{column}"'


def _number(dialect: str) -> str:
    return "?" if dialect == "sqlite" else "CAST(? AS bigint)"


def _tag(dialect: str) -> str:
    return "printf('K%06d', copy.k)" if dialect == "sqlite" else "'K' || lpad(copy.k::text, 6, '0')"


def _finish(run: Run, dialect: str, growing: Sequence[Table], strides: dict[str, int], later: int) -> None:
    run(f"UPDATE {RUNS} SET since = since + {later}", ())
    for table in growing:
        run(f"DROP TABLE first_{table.name}", ())
        if dialect == "postgresql" and table.name in strides:
            sequence = f"pg_get_serial_sequence('{table.name}', 'id')"
            run(
                f"SELECT setval({sequence}, (SELECT max(id) FROM {table.name})) FROM {table.name} LIMIT 1", ()
            )
    run("ANALYZE", ())


def span_of(production: Production) -> int:
    """The length of a production that was played, in whole seconds as microseconds."""
    return int((production.now - production.start).total_seconds() + 1) * 1_000_000


def later(start: datetime, span: int, copies: int) -> datetime:
    """When the copy of a start begins."""
    return datetime.fromtimestamp(start.timestamp() + copies * span / 1_000_000, start.tzinfo)
