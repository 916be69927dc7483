"""Migrations: each plugin's own, in order, once; a database that is behind or ahead is refused by name."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from peewee import CompositeKey, Query

from tracepro.clock import now_micros
from tracepro.database.alone import MIGRATION_LOCK, is_alone
from tracepro.database.errors import busy
from tracepro.database.fields import Instant, Model, ShortText
from tracepro.database.insert import Insert
from tracepro.database.migration_files import (
    MigrationError,
    files,
    missing_of,
    refuse_changed,
)
from tracepro.database.schema import Schema
from tracepro.database.session import Session
from tracepro.database.statement import statement
from tracepro.database.store import Store
from tracepro.database.tables import has_table
from tracepro_hookspecs import TryAgain

HISTORY = "core_migration"
LONGEST_WAIT = 120.0
INSUFFICIENT_PRIVILEGE = "42501"
BESIDE_A_SERVER = (
    "A server, or another command, works with this database and would go on writing rows of the old kind; stop it first. "
    "Nothing was changed."
)
Progress = Callable[[str, int, int], object]
"""What is told of a migration that runs: its name, how many rows it has been through, and of how many; 0 of 0 when it begins."""


class Migration(Model):
    """A migration that was applied."""

    plugin = ShortText()
    name = ShortText()
    checksum = ShortText()
    applied = Instant()

    class Meta:
        table_name = HISTORY
        primary_key = CompositeKey("plugin", "name")


APPLY = Insert(Migration)


@statement
def migrations_applied() -> Query:
    """What ran, with its checksums."""
    return Migration.select(Migration.plugin, Migration.name, Migration.checksum)


def apply(
    store: Store, folders: Mapping[str, Path], progress: Progress = lambda name, done, total: None
) -> list[str]:
    """Apply what is missing, all or nothing, and return the names; of two who start at once one waits."""
    return _applied(store, folders, progress, alone=False)


def apply_alone(store: Store, folders: Mapping[str, Path], progress: Progress) -> list[str]:
    """Apply what is missing as :func:`apply` does, but change no tables that a running server works with.

    Raises MigrationError while one runs; it would go on writing rows of the old kind. Tables of plugins that are new here
    trouble nobody. ``store`` has no other connection than the one for this.
    """
    if not store.snapshot(partial(_changes_known_tables, folders=folders)):
        return apply(store, folders, progress)
    if not store.claim_writer():
        raise MigrationError(BESIDE_A_SERVER)
    try:
        return _applied(store, folders, progress, alone=True)
    finally:
        store.release_writer()


def _changes_known_tables(db: Session, folders: Mapping[str, Path]) -> bool:
    done = applied(db)
    plugins = {plugin for plugin, _ in done}
    return any(file.plugin in plugins for file in missing_of(files(folders), done))


def _applied(store: Store, folders: Mapping[str, Path], progress: Progress, *, alone: bool) -> list[str]:
    return _wait_for_others(
        lambda: store.write_inline(lambda db: _apply_missing(db, folders, progress, alone=alone))
    )


def _apply_missing(db: Session, folders: Mapping[str, Path], progress: Progress, *, alone: bool) -> list[str]:
    lock(db)
    if alone and not is_alone(db):
        raise MigrationError(BESIDE_A_SERVER)
    missing = missing_of(files(folders), applied(db))
    for file in missing:
        progress(str(file), 0, 0)
        file.run(Schema(db, partial(progress, str(file))))
        db.insert(APPLY, plugin=file.plugin, name=file.name, checksum=file.checksum, applied=now_micros())
    return [str(file) for file in missing]


def replay(db: Session, folders: Mapping[str, Path], history: Mapping[tuple[str, str], str]) -> None:
    """Make in an empty database the tables that a history of migrations made elsewhere; whose rows are not written.

    Raises MigrationError for one that goes beyond what is installed.
    """
    found = [file for file in files(folders) if file.key in history]
    unknown = history.keys() - {file.key for file in found}
    if unknown:
        names = ", ".join(sorted(f"{plugin}/{name}" for plugin, name in unknown))
        raise MigrationError(
            f"There are rows of the migrations {names}, which nothing that is installed here has; install those plugins, "
            "in the version that made them or a newer one."
        )
    refuse_changed(found, history)
    lock(db)
    for file in found:
        file.run(Schema(db))


def pending_in(db: Session, folders: Mapping[str, Path]) -> list[str]:
    """Name the migrations that a transaction's database lacks. Raises MigrationError when it is ahead."""
    return [str(file) for file in missing_of(files(folders), applied(db))]


def _pending_now(db: Session, folders: Mapping[str, Path]) -> list[str]:
    if db.dialect == "postgresql":
        keep_schema(db)
    return pending_in(db, folders)


def check(store: Store, folders: Mapping[str, Path]) -> None:
    """Refuse a database that is behind or ahead of the code. Raises MigrationError, and TryAgain while somebody migrates."""
    missing = store.read(lambda db: _pending_now(db, folders))
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
                raise MigrationError(not_the_owner(" ".join(str(error).split()))) from error
            raise


def not_the_owner(said: str) -> str:
    """Return the sentence for a role that may not change the tables; ``said`` is why."""
    return f"This database role may not change tables ({said}); run `tracepro migrate` as the role that owns them."


def applied(db: Session) -> dict[tuple[str, str], str]:
    """Read which migrations ran, with their checksums; none in an empty database."""
    if not has_table(db, HISTORY):
        return {}
    return {(plugin, name): checksum for plugin, name, checksum in db.rows(migrations_applied)}


def lock(db: Session) -> None:
    """Let one starter at a time migrate, and make the history. SQLite's write transaction is a lock already."""
    if db.dialect == "postgresql":
        db.define("SET LOCAL lock_timeout = 0")
        db.define(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")
    if not has_table(db, HISTORY):
        Schema(db).create(Migration)


def keep_schema(db: Session) -> None:
    """Keep migrations off as long as a transaction on PostgreSQL reads. Raises TryAgain while one runs."""
    if db.raw_rows(f"SELECT pg_try_advisory_xact_lock_shared({MIGRATION_LOCK})") != [(True,)]:
        raise busy("A migration is under way; try again when it has ended.")
