"""Restoring into PostgreSQL: one transaction, so that a restore that fails or is killed leaves what was there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from tracepro.backup.errors import BackupError
from tracepro.backup.file import tables_in
from tracepro.backup.proof import Progress, Proof, Steps, read_contents, require_equal, require_whole
from tracepro.backup.schema import rebuild
from tracepro.backup.source import Backup, finish, has_data
from tracepro.database import Session, migrating
from tracepro.database.alone import is_alone
from tracepro.database.tables import StoredTable, highest_ids, quoted, raise_ids
from tracepro.site import Site

INSUFFICIENT_PRIVILEGE = "42501"


def restore_to_postgresql(site: Site, backup: Backup, *, replace: bool, progress: Progress) -> Proof:
    """Put the rows of a backup in the place of those of the site's database. Raises BackupError."""
    require_whole(backup.db, str(backup.file))
    try:
        return site.store.write_inline(lambda db: _restored(site, backup, db, replace, progress))
    except Exception as error:
        state = getattr(error, "sqlstate", None)
        if state is None:
            raise
        said = " ".join(str(error).split())
        fix = (
            "restore as the role that owns the tables"
            if state == INSUFFICIENT_PRIVILEGE
            else "nothing was changed"
        )
        raise BackupError(f"PostgreSQL refuses what the restore does ({said}); {fix}.") from error


def _restored(site: Site, backup: Backup, db: Session, replace: bool, progress: Progress) -> Proof:
    db.define("SET LOCAL idle_in_transaction_session_timeout = 0")
    if not is_alone(db):
        raise BackupError("A server, or another command, is connected to this database; stop it first.")
    migrating.lock(db)
    _make_tables(site, backup, db)
    if has_data(db) and not replace:
        raise BackupError(
            "The database has data; add --replace, which puts the backup in its place, or restore into another one."
        )
    found = tables_in(db, migrating.applied(backup.db))
    with _emptied(db, found):
        rows = Steps(progress, "rows", backup.rows)
        copied = read_contents(
            backup.db, found, rows, lambda table, page: db.copy_in(table.name, table.columns, page)
        )
    require_equal(backup.contents, copied, f"{backup.file} is damaged")
    raise_ids(db, highest_ids(backup.db))
    return finish(site, backup, db, progress)


def _make_tables(site: Site, backup: Backup, db: Session) -> None:
    """Make the tables in an empty database; those that are there must be of the same version. Raises BackupError."""
    there, here = migrating.applied(backup.db), migrating.applied(db)
    if not here:
        rebuild(site, db, there)
        return
    differing = sorted(f"{plugin}/{name}" for plugin, name in there.keys() ^ here.keys())
    if differing:
        raise BackupError(
            f"The tables of the database are not of the backup's version (migrations {', '.join(differing)} are in one of the "
            "two only); make an empty database, restore into that, and then run `tracepro migrate`."
        )


@contextmanager
def _emptied(db: Session, found: Sequence[StoredTable]) -> Iterator[None]:
    """Empty tables and keep their triggers off, which let nobody empty the audit record; only their owner can."""
    names = [quoted(table.name) for table in found]
    for name in names:
        db.define(f"ALTER TABLE {name} DISABLE TRIGGER USER")
    db.define(f"TRUNCATE {', '.join(names)}")
    yield
    for name in names:
        db.define(f"ALTER TABLE {name} ENABLE TRIGGER USER")
