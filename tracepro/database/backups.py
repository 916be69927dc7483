"""The backups that were made and proven: noted in the database, so that somebody notices when none are made any more."""

from __future__ import annotations

from typing import NamedTuple

from peewee import Query, fn

from tracepro.database.core_models import BackupFile
from tracepro.database.insert import Insert
from tracepro.database.migrating import Migration
from tracepro.database.statement import statement
from tracepro_hookspecs import Session

SHOWN = 20
NEW = Insert(BackupFile)


class NotedBackup(NamedTuple):
    """A backup: the moment it shows (microseconds UTC), its file, and how many rows and bytes it has."""

    tm: int
    path: str
    rows: int
    size: int


@statement
def latest_backups() -> Query:
    """The backups that were made last, the latest first."""
    file = BackupFile
    return file.select(file.tm, file.path, file.rows, file.size).order_by(file.id.desc()).limit(SHOWN)


@statement
def first_migration() -> Query:
    """When the database was made."""
    return Migration.select(fn.MIN(Migration.applied))


def note_backup(db: Session, backup: NotedBackup) -> None:
    """Note a backup that was made and proven."""
    db.insert(NEW, tm=backup.tm, path=backup.path, rows=backup.rows, size=backup.size)


def noted_backups(db: Session) -> list[NotedBackup]:
    """Return the 20 backups that were made last, the latest first."""
    return [NotedBackup(*row) for row in db.rows(latest_backups)]


def latest_backup_or_first_migration(db: Session) -> int | None:
    """Return the moment (microseconds UTC) of the latest backup, that of the first migration before there is any."""
    backups = noted_backups(db)
    moment: int | None = backups[0].tm if backups else db.value(first_migration)
    return moment
