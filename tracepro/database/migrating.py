"""Migrations: each plugin's own, in order, once; a database that is behind or ahead is refused by name."""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

from peewee import CompositeKey, Query

from tracepro.clock import now_micros
from tracepro.database.errors import busy
from tracepro.database.fields import Instant, Model, ShortText
from tracepro.database.insert import Insert
from tracepro.database.schema import Schema
from tracepro.database.session import Session
from tracepro.database.statement import statement
from tracepro.database.store import Store
from tracepro_hookspecs import TryAgain

CORE = "core"
LONGEST_WAIT = 120.0
INSUFFICIENT_PRIVILEGE = "42501"
CORE_FOLDER = Path(__file__).with_name("migrations")


class MigrationError(Exception):
    """The database does not fit the code; the sentence says what is missing or too much, and the fix."""


class Migration(Model):
    """A migration that was applied."""

    plugin = ShortText()
    name = ShortText()
    checksum = ShortText()
    applied = Instant()

    class Meta:
        table_name = "core_migration"
        primary_key = CompositeKey("plugin", "name")


APPLY = Insert(Migration)


@statement
def migrations_applied() -> Query:
    """What ran, with its checksums."""
    return Migration.select(Migration.plugin, Migration.name, Migration.checksum)


@dataclass(frozen=True)
class MigrationFile:
    """One migration as it lies in a plugin's folder."""

    plugin: str
    path: Path

    @property
    def name(self) -> str:
        """Its name, by which it is sorted."""
        return self.path.stem

    @cached_property
    def checksum(self) -> str:
        """The hash by which a change after it ran is noticed; line ends don't count."""
        return sha256(self.path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()

    def run(self, schema: Schema) -> None:
        """Run its ``migrate(schema)``."""
        spec = importlib.util.spec_from_file_location(f"_migration_{self.plugin}_{self.name}", self.path)
        assert spec is not None and spec.loader is not None, "a file that ends in .py has a loader"
        module: Any = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        module.migrate(schema)


def files(folders: Mapping[str, Path]) -> list[MigrationFile]:
    """List the core's migrations and those of plugins, in order."""
    all_folders = {CORE: CORE_FOLDER, **folders}
    return [
        MigrationFile(plugin, path)
        for plugin, folder in all_folders.items()
        for path in sorted(folder.glob("[0-9]*.py"))
    ]


def apply(store: Store, folders: Mapping[str, Path]) -> list[str]:
    """Apply what is missing, all or nothing, and return the names; of two who start at once one waits."""

    def apply_missing(db: Session) -> list[str]:
        lock(db)
        done = applied(db)
        missing = _missing(files(folders), done)
        for file in missing:
            file.run(Schema(db))
            db.insert(APPLY, plugin=file.plugin, name=file.name, checksum=file.checksum, applied=now_micros())
        return [f"{file.plugin}/{file.name}" for file in missing]

    return _wait_for_others(lambda: store.write_inline(apply_missing))


def replay(db: Session, folders: Mapping[str, Path], history: Mapping[tuple[str, str], str]) -> None:
    """Make in an empty database the tables that a history of migrations made elsewhere; whose rows are not written.

    Raises MigrationError for one that goes beyond what is installed.
    """
    found = [file for file in files(folders) if (file.plugin, file.name) in history]
    unknown = history.keys() - {(file.plugin, file.name) for file in found}
    if unknown:
        names = ", ".join(sorted(f"{plugin}/{name}" for plugin, name in unknown))
        raise MigrationError(
            f"There are rows of the migrations {names}, which nothing that is installed here has; install those plugins, "
            "in the version that made them or a newer one."
        )
    _refuse_changed(found, history)
    lock(db)
    for file in found:
        file.run(Schema(db))


def pending_in(db: Session, folders: Mapping[str, Path]) -> list[str]:
    """Name the migrations that a transaction's database lacks. Raises MigrationError when it is ahead."""
    return [f"{file.plugin}/{file.name}" for file in _missing(files(folders), applied(db))]


def pending(store: Store, folders: Mapping[str, Path]) -> list[str]:
    """Name the migrations that are not applied yet. Raises MigrationError when the database is ahead."""
    return store.read(lambda db: pending_in(db, folders))


def check(store: Store, folders: Mapping[str, Path]) -> None:
    """Refuse a database that is behind or ahead of the code. Raises MigrationError."""
    missing = pending(store, folders)
    if missing:
        raise MigrationError(
            f"The database lacks the migrations {', '.join(missing)}; run `tracepro migrate`."
        )


def _wait_for_others(migrate: Callable[[], list[str]]) -> list[str]:
    """Wait as long as another process migrates, which on SQLite looks like a busy database."""
    ends = time.monotonic() + LONGEST_WAIT
    while True:
        try:
            return migrate()
        except TryAgain as error:
            if error.code != "busy" or time.monotonic() > ends:
                raise
        except Exception as error:
            if getattr(error, "sqlstate", None) == INSUFFICIENT_PRIVILEGE:
                raise MigrationError(_not_the_owner(error)) from error
            raise


def _not_the_owner(error: Exception) -> str:
    said = " ".join(str(error).split())
    return f"This database role may not change tables ({said}); run `tracepro migrate` as the role that owns them."


def applied(db: Session) -> dict[tuple[str, str], str]:
    """Read which migrations ran, with their checksums; none in an empty database."""
    if not _has_history(db):
        return {}
    return {(plugin, name): checksum for plugin, name, checksum in db.rows(migrations_applied)}


def lock(db: Session) -> None:
    """Let one starter at a time migrate, and make the history. SQLite's write transaction is a lock already."""
    if db.dialect == "postgresql":
        db.define("SET LOCAL lock_timeout = 0")
        db.define("SELECT pg_advisory_xact_lock(7208217)")
    if not _has_history(db):
        Schema(db).create(Migration)


def keep_schema(db: Session) -> None:
    """Keep migrations off as long as a transaction on PostgreSQL reads. Raises TryAgain while one runs."""
    if db.raw_rows("SELECT pg_try_advisory_xact_lock_shared(7208217)") != [(True,)]:
        raise busy("A migration is under way; try again when it has ended.")


def _has_history(db: Session) -> bool:
    if db.dialect == "postgresql":
        return db.raw_rows("SELECT to_regclass('core_migration')") != [(None,)]
    return bool(db.raw_rows("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'core_migration'"))


def _missing(found: list[MigrationFile], done: Mapping[tuple[str, str], str]) -> list[MigrationFile]:
    """Pick what has not run yet. Raises MigrationError for what ran and is gone or another now."""
    _refuse_ahead(found, done)
    _refuse_changed(found, done)
    return [file for file in found if (file.plugin, file.name) not in done]


def _refuse_changed(found: list[MigrationFile], done: Mapping[tuple[str, str], str]) -> None:
    for file in found:
        ran = done.get((file.plugin, file.name))
        if ran is not None and ran != file.checksum:
            raise MigrationError(
                f"Migration {file.plugin}/{file.name} was changed after it had run; restore it and add a new one."
            )


def _refuse_ahead(found: list[MigrationFile], done: Mapping[tuple[str, str], str]) -> None:
    known = {(file.plugin, file.name) for file in found}
    plugins = {file.plugin for file in found}
    ahead = sorted(
        f"{plugin}/{name}" for plugin, name in done if plugin in plugins and (plugin, name) not in known
    )
    if ahead:
        raise MigrationError(
            f"The database has the migrations {', '.join(ahead)}, which this version does not know; install the newer one."
        )
