"""Backups: a SQLite file of the whole plant, whatever its database is, made while it works and put back all or nothing."""

from tracepro.backup.errors import BackupError
from tracepro.backup.making import make_backup
from tracepro.backup.proof import Proof
from tracepro.backup.restoring import Restored, restore

__all__ = ["BackupError", "Proof", "Restored", "make_backup", "restore"]
