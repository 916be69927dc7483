"""Restoring a backup, all or nothing, into either kind of database, whichever it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tracepro.backup.proof import Progress, Proof
from tracepro.backup.source import opened_source
from tracepro.backup.to_postgresql import restore_to_postgresql
from tracepro.backup.to_sqlite import restore_to_sqlite
from tracepro.database.sqlite import SqliteStore
from tracepro.site import Site


@dataclass(frozen=True)
class Restored:
    """What was restored: the proof, when the backup was made, the migrations it lacks, and where the former file is."""

    proof: Proof
    made: int
    lacking: list[str]
    aside: Path | None = None


def restore(site: Site, file: Path, *, replace: bool, progress: Progress) -> Restored:
    """Put a backup in the place of the site's database. Raises BackupError; then all is as it was."""
    store = site.store
    with opened_source(site, file) as backup:
        if isinstance(store, SqliteStore):
            proof, aside = restore_to_sqlite(site, store, backup, replace=replace, progress=progress)
            return Restored(proof, backup.made, backup.lacking, aside)
        proof = restore_to_postgresql(site, backup, replace=replace, progress=progress)
        return Restored(proof, backup.made, backup.lacking)
