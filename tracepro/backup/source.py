"""A backup that is restored, and what is done at the end wherever it goes: proof, order of commits, audit."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from peewee import fn

import tracepro_hookspecs
from tracepro import clock
from tracepro.access.caller import SYSTEM
from tracepro.backup.file import noted_contents, opened_backup, tables_in
from tracepro.backup.proof import (
    Contents,
    Progress,
    Proof,
    Steps,
    probed,
    read_contents,
    require_equal,
    rows_in,
)
from tracepro.backup.schema import lacking
from tracepro.calls.call import Call
from tracepro.calls.command import record_command
from tracepro.calls.invocation import Endpoint
from tracepro.database import CommitOrder, Session
from tracepro.database.commit_order import next_number
from tracepro.database.migration_files import CORE
from tracepro.database.sqlite_session import SqliteSession
from tracepro.database.tables import StoredTable
from tracepro.site import Site

EMPTY_PLANT = ("core_backup_file", "core_migration", "core_secret")
"""The tables that have rows before the plant knows anything."""


@dataclass(frozen=True)
class Backup:
    """A backup that is open: its rows, when it was made, what was noted of its tables, and the migrations it lacks."""

    file: Path
    db: SqliteSession
    made: int
    contents: Mapping[str, Contents]
    lacking: list[str]

    @property
    def rows(self) -> int:
        """The rows of all tables."""
        return rows_in(self.contents)


@contextmanager
def opened_source(site: Site, file: Path) -> Iterator[Backup]:
    """Open a backup. Raises BackupError for another file, or for one of a newer version."""
    with opened_backup(file) as db:
        made, contents = noted_contents(db, file)
        yield Backup(file, db, made, contents, lacking(site, db))


def has_data(db: Session) -> bool:
    """Tell whether a database knows anything of a plant."""
    return any(table.count(db) for table in tables_in(db) if table.name not in EMPTY_PLANT)


def finish(site: Site, backup: Backup, db: Session, progress: Progress) -> Proof:
    """Prove what was restored, and make it fit to be worked with. Raises BackupError."""
    rows, found = Steps(progress, "rows", backup.rows), tables_in(db)
    require_equal(backup.contents, read_contents(db, found, rows), f"{backup.file} is damaged")
    proof = Proof(backup.contents, probed(site, backup.db, db, progress), backup.made)
    _restart_order(site, db, found)
    if not any(name.startswith(f"{CORE}/") for name in backup.lacking):
        call = Call(site, db, SYSTEM, request_id=secrets.token_hex(8))
        _note(call, backup)
        record_command(call, RESTORE, {"file": str(backup.file)})
    return proof


def _restart_order(site: Site, db: Session, found: Sequence[StoredTable]) -> None:
    """Let what comes stand behind what was restored, whose numbers may be higher than any that this database gives yet."""
    columns = {table.name: table.columns for table in found}
    for name, registered in site.contributions.models.items():
        model = registered.declaration
        for field in model._meta.sorted_fields:
            if isinstance(field, CommitOrder) and field.column_name in columns.get(name, ()):
                highest = db.value(model.select(fn.MAX(field)))
                if highest and highest >= next_number(db):
                    db.run(model.update({field: 0}))


def _note(call: tracepro_hookspecs.Call, backup: Backup) -> None:
    """Note in the audit which moment the database shows from now on."""
    call.changed("database", "moment", None, clock.text(backup.made))


RESTORE = Endpoint("tracepro restore", plugin="core", handler=_note, access="write", scope="admin")
