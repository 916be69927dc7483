"""Whether migrations make the tables that models describe."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tracepro.database import migrating
from tracepro.database.fields import Model
from tracepro.database.schema import Schema
from tracepro.database.session import Session
from tracepro.database.sqlite import SqliteStore


def differences(folders: Mapping[str, Path], models: Iterable[type[Model]]) -> list[str]:
    """Tells in sentences where the tables that the migrations in ``folders`` make are not those of ``models``.

    ``folders`` are the plugins' by name, as for :func:`migrating.apply`; the core's tables are compared too.
    """
    from tracepro.database.core_models import CORE_MODELS

    models = [*CORE_MODELS, migrating.Migration, *models]
    with tempfile.TemporaryDirectory() as folder:
        made = _made(Path(folder, "migrated.db"), lambda store: migrating.apply(store, folders))
        meant = _made(Path(folder, "models.db"), lambda store: store.write_inline(_creating(models)))
    return [sentence for table in sorted({*made, *meant}) for sentence in _compared(table, made, meant)]


def _creating(models: list[type[Model]]) -> Any:
    return lambda db: Schema(db).create(*models)


def _made(file: Path, make: Any) -> dict[str, set[str]]:
    store = SqliteStore(file)
    try:
        make(store)
        return store.read(_tables)
    finally:
        store.close()


def _tables(db: Session) -> dict[str, set[str]]:
    names = db.asked("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    return {name: _parts(db, name) for (name,) in names}


def _parts(db: Session, table: str) -> set[str]:
    """Describes the columns, indexes and foreign keys of a table, one text each."""
    parts = set()
    for name, kind, required, key in db.asked(
        f"SELECT name, type, \"notnull\", pk FROM pragma_table_info('{table}')"
    ):
        parts.add(f"column {name} {kind}{' NOT NULL' if required else ''}{' KEY' if key else ''}")
    for index, unique in db.asked(f"SELECT name, \"unique\" FROM pragma_index_list('{table}')"):
        columns = ", ".join(name for (name,) in db.asked(f"SELECT name FROM pragma_index_info('{index}')"))
        parts.add(f"{'unique ' if unique else ''}index on {columns}")
    for column, other in db.asked(f'SELECT "from", "table" FROM pragma_foreign_key_list(\'{table}\')'):
        parts.add(f"foreign key {column} to {other}")
    return parts


def _compared(table: str, made: Mapping[str, set[str]], meant: Mapping[str, set[str]]) -> list[str]:
    if table not in made:
        return [f"No migration makes table {table}, which a model describes; add one."]
    if table not in meant:
        return [
            f"A migration makes table {table}, which no model describes; add the model or drop the table."
        ]
    return [
        *(f"No migration gives table {table} its {part}; add one." for part in sorted(meant[table] - made[table])),
        *(f"A migration gives table {table} a {part}, which its model lacks; make them agree."
          for part in sorted(made[table] - meant[table])),
    ]  # fmt: skip
