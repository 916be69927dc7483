"""Making a backup: one snapshot of the database, copied while the server goes on, and proven before it gets its name."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from tracepro.backup.errors import BackupError
from tracepro.backup.file import new_file, note_contents, opened, put, sqlite_errors, tables_in
from tracepro.backup.proof import (
    Contents,
    Progress,
    Proof,
    Steps,
    probed,
    read_contents,
    require_equal,
    require_whole,
)
from tracepro.backup.schema import rebuild
from tracepro.database import Session, migrating
from tracepro.database.sqlite import SqliteStore
from tracepro.database.sqlite_session import SqliteReading
from tracepro.database.tables import StoredTable, highest_ids, raise_ids
from tracepro.site import Site


def make_backup(site: Site, file: Path, *, overwrite: bool, progress: Progress) -> Proof:
    """Copy the site's database into a file and return what proves it. Raises BackupError; then there is no file."""
    place = file.resolve()
    _refuse_place(site, place, overwrite)
    with new_file(place) as copy:
        proof = site.store.snapshot(lambda db: _copied(site, db, copy, progress))
        _refuse_place(site, place, overwrite)
        with sqlite_errors(place):
            put(copy, place)
    return proof


def _refuse_place(site: Site, file: Path, overwrite: bool) -> None:
    store = site.store
    if not file.exists():
        return
    if isinstance(store, SqliteStore) and file.samefile(store.path):
        raise BackupError(f"{file} is the database itself; name another file.")
    if not file.is_file():
        raise BackupError(f"{file} is a folder or a device; name a file.")
    if not overwrite:
        raise BackupError(f"{file} is there already; name another file, or add --overwrite.")


def _copied(site: Site, db: Session, file: Path, progress: Progress) -> Proof:
    if db.dialect == "postgresql":
        migrating.keep_schema(db)
    made, found = site.clock(), tables_in(db)
    if not found:
        raise BackupError(
            "There is nothing to back up: the database has no tables; correct [database] url in parameters.ini or TRACEPRO_DATABASE."
        )
    rows = Steps(progress, "rows", 2 * sum(table.count(db) for table in found))
    if isinstance(db, SqliteReading):
        _copy_pages(db, file, progress)
        original = read_contents(db, found, rows)
    else:
        original = _copy_rows(site, db, file, found, rows)
    with opened(file) as copy:
        require_whole(copy, "The copy")
        require_equal(original, read_contents(copy, tables_in(copy), rows), "The copy is not the same")
        proof = Proof(original, probed(site, db, copy, progress), made)
        note_contents(copy, original, made)
    return proof


def _copy_pages(db: SqliteReading, file: Path, progress: Progress) -> None:
    with sqlite_errors(file):
        db.copy_file(file, partial(progress, "pages"))


def _copy_rows(
    site: Site, db: Session, file: Path, found: Sequence[StoredTable], rows: Steps
) -> dict[str, Contents]:
    """Copy the tables of PostgreSQL into a SQLite file whose own tables are made by the same migrations."""
    with opened(file) as copy:
        rebuild(site, copy, migrating.applied(db))
        contents = read_contents(
            db, found, rows, lambda table, page: copy.copy_in(table.name, table.columns, page)
        )
        raise_ids(copy, highest_ids(db))
    return contents
