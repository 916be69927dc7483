"""The tables of a backup: made anew by migrations where the other kind of database has the rows."""

from __future__ import annotations

from collections.abc import Mapping

from peewee import Table

from tracepro.backup.errors import BackupError
from tracepro.database import Session, migrating
from tracepro.database.migration_files import MigrationError
from tracepro.database.tables import tables
from tracepro.plugin.discovery import migration_folders
from tracepro.site import Site


def rebuild(site: Site, db: Session, history: Mapping[tuple[str, str], str]) -> None:
    """Make the tables that a history made elsewhere, those of plugins that are installed but not enabled too.

    Raises BackupError for a plugin or version that is not installed.
    """
    folders = {**migration_folders({plugin for plugin, _ in history}), **site.assembly.migrations}
    try:
        migrating.replay(db, folders, history)
    except MigrationError as error:
        raise BackupError(str(error)) from error
    for table in tables(db, history):
        db.run(Table(table.name).delete())  # what a migration put there comes with the rows


def lacking(site: Site, db: Session) -> list[str]:
    """Name the migrations that the plugins need and a database lacks. Raises BackupError for one that is ahead."""
    try:
        return migrating.pending_in(db, site.assembly.migrations)
    except MigrationError as error:
        raise BackupError(str(error)) from error
