"""The tables as the database itself lists them: read whole, filled whole, and the ids that they gave so far."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter

from peewee import Select, Table, fn

from tracepro.database.session import Session
from tracepro_hookspecs import Row

PAGE_ROWS = 500
PAGE_PICTURES = 5
"""Rows of a table that has bytes in it, pictures say, which may be large."""
SQLITE_COLUMNS = """
SELECT stored.name, listed.name, listed.type = 'BLOB' FROM sqlite_master AS stored, pragma_table_info(stored.name) AS listed
WHERE stored.type = 'table' ORDER BY stored.name, listed.cid
"""
POSTGRESQL_COLUMNS = """
SELECT relname::text, attname::text, atttypid = 'bytea'::regtype FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace AND attnum > 0 AND NOT attisdropped
ORDER BY relname, attnum
"""
POSTGRESQL_REFERENCES = """
SELECT referring.relname::text, referred.relname::text FROM pg_constraint
JOIN pg_class AS referring ON referring.oid = conrelid JOIN pg_class AS referred ON referred.oid = confrelid
WHERE contype = 'f' AND conrelid <> confrelid AND referring.relnamespace = current_schema()::regnamespace
"""
POSTGRESQL_SEQUENCES = """
SELECT owner.relname::text, sequence.relname::text, last_value
FROM pg_sequences JOIN pg_class AS sequence ON sequence.relname = sequencename
AND sequence.relnamespace = current_schema()::regnamespace
JOIN pg_depend ON objid = sequence.oid AND deptype = 'i' JOIN pg_class AS owner ON owner.oid = refobjid
WHERE schemaname = current_schema()
"""


@dataclass(frozen=True)
class StoredTable:
    """A table with its columns, and how many rows of it are read at a time."""

    name: str
    columns: tuple[str, ...]
    page_rows: int

    def select(self) -> Select:
        """Return the query of all its rows, in no order."""
        table = Table(self.name)
        return table.select(*(getattr(table.c, column) for column in self.columns))

    def count(self, db: Session) -> int:
        """Return how many rows it has."""
        rows: int = db.value(Table(self.name).select(fn.COUNT(1)))
        return rows

    def pages(self, db: Session) -> Iterator[list[Row]]:
        """Yield its rows, a page at a time."""
        return db.pages(self.select(), self.page_rows)


def quoted(name: str) -> str:
    """Return the name of a table for a definition, which no placeholder can stand in."""
    return '"' + name.replace('"', '""') + '"'


def tables(db: Session, history: Iterable[tuple[str, str]]) -> list[StoredTable]:
    """List the tables of the core and of the plugins whose migrations ran, each behind those that it refers to."""
    owners = tuple(f"{plugin}_" for plugin in {plugin for plugin, _ in history})
    columns: dict[str, list[str]] = {}
    large: set[str] = set()
    for table, column, is_bytes in db.raw_rows(
        SQLITE_COLUMNS if db.dialect == "sqlite" else POSTGRESQL_COLUMNS
    ):
        if table.startswith(owners):
            columns.setdefault(table, []).append(column)
            large |= {table} if is_bytes else set()
    return [
        StoredTable(name, tuple(columns[name]), PAGE_PICTURES if name in large else PAGE_ROWS)
        for name in _referred_first(db, columns)
    ]


def _referred_first(db: Session, names: Mapping[str, object]) -> list[str]:
    """Return tables in an order in which they can be filled; SQLite looks at references only where it is told to."""
    sorter: TopologicalSorter[str] = TopologicalSorter(dict.fromkeys(names, ()))
    for referring, referred in [] if db.dialect == "sqlite" else db.raw_rows(POSTGRESQL_REFERENCES):
        if referring in names:
            sorter.add(referring, referred)
    return [name for name in sorter.static_order() if name in names]


def highest_ids(db: Session) -> dict[str, int]:
    """Return the highest id that each table gave so far, where it gave any; its row may be gone."""
    if db.dialect == "sqlite":
        known = has_table(db, "sqlite_sequence")
        return dict(db.raw_rows("SELECT name, seq FROM sqlite_sequence")) if known else {}
    return {table: last for table, _, last in db.raw_rows(POSTGRESQL_SEQUENCES) if last is not None}


def raise_ids(db: Session, ids: Mapping[str, int]) -> None:
    """Let tables give only ids above these from now on; those that gave higher ones already stay as they are."""
    given = highest_ids(db)
    ahead = {table: last for table, last in ids.items() if last > given.get(table, 0)}
    if db.dialect == "sqlite":
        for table, last in ahead.items():
            db.raw_rows("DELETE FROM sqlite_sequence WHERE name = ?", table)
            db.raw_rows("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", table, last)
        return
    for table, sequence, _ in db.raw_rows(POSTGRESQL_SEQUENCES):
        if table in ahead:
            db.raw_rows("SELECT setval(%s::text::regclass, %s)", quoted(sequence), ahead[table])


def has_table(db: Session, name: str) -> bool:
    """Tell whether the database has a table, SQLite's own ones included."""
    if db.dialect == "postgresql":
        return db.raw_rows("SELECT to_regclass(%s::text)", quoted(name)) != [(None,)]
    return bool(db.raw_rows("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", name))
