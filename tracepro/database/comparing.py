"""Whether migrations make the tables that models describe."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from tracepro.database import migrating
from tracepro.database.core_models import CORE_MODELS
from tracepro.database.fields import Model
from tracepro.database.schema import Schema
from tracepro.database.session import Session
from tracepro.database.sqlite import SqliteStore

Tables = Mapping[str, set[str]]
"""The columns, indexes and foreign keys of each table, one text each."""


def differences(folders: Mapping[str, Path], models: Iterable[type[Model]]) -> list[str]:
    """Return in sentences where the tables that the migrations in ``folders`` make are not those of ``models``.

    ``folders`` are the plugins' by name, as for :func:`migrating.apply`; the core's tables are compared too.
    """
    described: list[type[Model]] = [*CORE_MODELS, migrating.Migration, *models]
    with tempfile.TemporaryDirectory() as folder:
        by_migrations = _tables_after(
            Path(folder, "migrated.db"), lambda store: migrating.apply(store, folders)
        )
        by_models = _tables_after(
            Path(folder, "models.db"),
            lambda store: store.write_inline(lambda db: Schema(db).create(*described)),
        )
    tables = sorted({*by_migrations, *by_models})
    return [sentence for table in tables for sentence in _compared(table, by_migrations, by_models)]


def _tables_after(file: Path, fill: Callable[[SqliteStore], object]) -> Tables:
    store = SqliteStore(file)
    try:
        fill(store)
        return store.read(_tables)
    finally:
        store.close()


def _tables(db: Session) -> Tables:
    names = db.raw_rows("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    return {name: _parts(db, name) for (name,) in names}


def _parts(db: Session, table: str) -> set[str]:
    parts = set()
    for name, kind, required, key in db.raw_rows(
        'SELECT name, type, "notnull", pk FROM pragma_table_info(?)', table
    ):
        parts.add(f"column {name} {kind}{' NOT NULL' if required else ''}{' KEY' if key else ''}")
    for index, unique in db.raw_rows('SELECT name, "unique" FROM pragma_index_list(?)', table):
        columns = ", ".join(name for (name,) in db.raw_rows("SELECT name FROM pragma_index_info(?)", index))
        parts.add(f"{'unique ' if unique else ''}index on {columns}")
    for column, other in db.raw_rows('SELECT "from", "table" FROM pragma_foreign_key_list(?)', table):
        parts.add(f"foreign key {column} to {other}")
    return parts


def _compared(table: str, by_migrations: Tables, by_models: Tables) -> list[str]:
    if table not in by_migrations:
        return [f"No migration makes table {table}, which a model describes; add one."]
    if table not in by_models:
        return [
            f"A migration makes table {table}, which no model describes; add the model or drop the table."
        ]
    missing = sorted(by_models[table] - by_migrations[table])
    extra = sorted(by_migrations[table] - by_models[table])
    return [
        *(f"No migration gives table {table} its {part}; add one." for part in missing),
        *(
            f"A migration gives table {table} a {part}, which its model lacks; make them agree."
            for part in extra
        ),
    ]
