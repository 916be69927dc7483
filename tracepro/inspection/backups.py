"""The backups that were made, as the database knows them."""

from __future__ import annotations

from tracepro.database.backups import NotedBackup, latest_backup_or_first_migration, noted_backups
from tracepro.forgotten import missing_backup as missing
from tracepro.inspection.site import site_of
from tracepro_hookspecs import Call


def backups(call: Call) -> list[NotedBackup]:
    """Return the 20 backups that were made last, the latest first."""
    return noted_backups(call.db)


def missing_backup(call: Call) -> str:
    """Return the sentence that says that the last backup is too old, "" where it isn't."""
    return missing(site_of(call), latest_backup_or_first_migration(call.db))
