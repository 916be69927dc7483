"""What migrations would do, found out without the database: they run on empty tables in memory, and SQLite tells what they touch."""

from __future__ import annotations

import ast
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tracepro.database.migrating import HISTORY, applied, lock, not_the_owner
from tracepro.database.migration_files import MigrationError, MigrationFile, files, missing_of
from tracepro.database.schema import Schema
from tracepro.database.session import Session
from tracepro.database.sqlite_session import SqliteSession
from tracepro.database.tables import has_table, quoted

OWN_TABLES = ("sqlite_", HISTORY)
SMALL_BYTES = 16 * 1024 * 1024
"""A table of PostgreSQL up to this size is counted; of a larger one its own estimate is taken."""
SIZES = """
SELECT relname, relpages, reltuples, pg_relation_size(oid) FROM pg_class
WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace
"""
FOREIGN = """
SELECT relname, pg_get_userbyid(relowner) FROM pg_class
WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace AND NOT pg_has_role(relowner, 'USAGE')
"""
MAKES, DROPS, ADDS, INDEXES, REWRITES, READS = (
    "makes",
    "drops",
    "adds to",
    "indexes",
    "rewrites",
    "goes through",
)
ACTIONS = {
    sqlite3.SQLITE_CREATE_TABLE: (MAKES, 0),
    sqlite3.SQLITE_DROP_TABLE: (DROPS, 0),
    sqlite3.SQLITE_ALTER_TABLE: (ADDS, 1),
    sqlite3.SQLITE_CREATE_TRIGGER: (ADDS, 1),
    sqlite3.SQLITE_CREATE_INDEX: (INDEXES, 1),
    sqlite3.SQLITE_UPDATE: (REWRITES, 0),
    sqlite3.SQLITE_DELETE: (REWRITES, 0),
    sqlite3.SQLITE_INSERT: (ADDS, 0),
    sqlite3.SQLITE_READ: (READS, 0),
}
"""What SQLite is asked to allow while it compiles a statement, and which of its two arguments is the table."""
STRONGEST_FIRST = (REWRITES, INDEXES, READS, ADDS, DROPS)


@dataclass(frozen=True)
class Effect:
    """What a migration does to a table; ``rows`` are those it has to go through, None where it goes through none."""

    verb: str
    table: str
    rows: int | None = None
    exact: bool = True


@dataclass(frozen=True)
class PlannedMigration:
    """A migration that would be applied, and what it is for in the first line of its docstring."""

    name: str
    meaning: str
    effects: tuple[Effect, ...]

    @property
    def rows(self) -> int:
        """The rows it has to go through."""
        return sum(effect.rows or 0 for effect in self.effects)


def plan(db: Session, folders: Mapping[str, Path]) -> list[PlannedMigration]:
    """Return what would be applied, in order; the database is only read.

    Raises MigrationError where migrating would: for a database that is ahead, or that belongs to another role.
    """
    done = applied(db)
    found = files(folders)
    missing = missing_of(found, done)
    touched = _touched([file for file in found if file.key in done], missing)
    _refuse_other_owner(db, {table for verbs in touched for table in verbs})
    sizes = _Sizes(db)
    return [
        PlannedMigration(str(file), _meaning(file), tuple(_effects(verbs, sizes)))
        for file, verbs in zip(missing, touched, strict=True)
    ]


def _touched(done: Iterable[MigrationFile], missing: Sequence[MigrationFile]) -> list[dict[str, set[str]]]:
    """Return what each of the missing migrations does to which table, by running all of them on empty tables in memory."""
    with closing(sqlite3.connect(":memory:", isolation_level=None, cached_statements=0)) as connection:
        schema = Schema(SqliteSession(connection, writable=True))
        lock(schema.db)
        for file in done:
            file.run(schema)
        return [_watched(connection, file, schema) for file in missing]


def _watched(connection: sqlite3.Connection, file: MigrationFile, schema: Schema) -> dict[str, set[str]]:
    verbs: dict[str, set[str]] = {}

    def note(action: int, *arguments: str | None) -> int:
        verb, position = ACTIONS.get(action, ("", 0))
        table = arguments[position]
        if verb and table and not table.startswith(OWN_TABLES):
            verbs.setdefault(table, set()).add(verb)
        return sqlite3.SQLITE_OK

    connection.set_authorizer(note)
    try:
        file.run(schema)
    finally:
        connection.set_authorizer(None)
    return {table: did for table, did in verbs.items() if not {MAKES, DROPS} <= did}


def _effects(verbs: Mapping[str, set[str]], sizes: _Sizes) -> Iterable[Effect]:
    """Yield the one thing that matters most about each table; one that is made has no rows to go through."""
    for table, did in verbs.items():
        if MAKES in did:
            yield Effect(MAKES, table)
            continue
        verb = next(verb for verb in STRONGEST_FIRST if verb in did)
        if verb in (ADDS, DROPS):
            yield Effect(verb, table)
        else:
            yield Effect(verb, table, *sizes.of(table))


class _Sizes:
    """How many rows tables have: exactly where that is quick, else as PostgreSQL estimates it."""

    def __init__(self, db: Session) -> None:
        self._db = db
        self._estimates: dict[str, int] = {}
        for table, pages, rows, size in db.raw_rows(SIZES) if db.dialect == "postgresql" else ():
            if size > SMALL_BYTES and rows > 0 and pages > 0:
                self._estimates[table] = round(rows / pages * (size / 8192))

    def of(self, table: str) -> tuple[int, bool]:
        """Return the rows of a table, and whether they were counted; one that an earlier migration makes has none."""
        if table in self._estimates:
            return self._estimates[table], False
        if not has_table(self._db, table):
            return 0, True
        return self._db.raw_rows(f"SELECT count(*) FROM {quoted(table)}")[0][0], True


def _refuse_other_owner(db: Session, touched: set[str]) -> None:
    if db.dialect != "postgresql" or not touched:
        return
    for table, owner in db.raw_rows(FOREIGN):
        if table in touched or table == HISTORY:
            raise MigrationError(not_the_owner(f"table {table} belongs to {owner}"))
    if db.raw_rows("SELECT has_schema_privilege(current_schema(), 'CREATE')") != [(True,)]:
        raise MigrationError(not_the_owner("it may make nothing in this schema"))


def _meaning(file: MigrationFile) -> str:
    text = ast.get_docstring(ast.parse(file.path.read_bytes())) or ""
    return text.partition("\n")[0].rstrip(".")
