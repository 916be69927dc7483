"""What the database knows of the files: each is noted, with its audit row, before the first of its rows is deleted."""

from __future__ import annotations

from pathlib import Path

import msgspec
from peewee import Query

from tracepro.archive.files import Manifest
from tracepro.calls.command import run_command
from tracepro.calls.invocation import Endpoint
from tracepro.calls.site import Site
from tracepro.database import Insert, Session, Store, p, statement
from tracepro.database.core_models import ArchiveFile
from tracepro_hookspecs import Call

NEW = Insert(ArchiveFile, ignore=True)


class Noted(msgspec.Struct, frozen=True):
    """A file that the database knows."""

    id: int
    path: Path
    manifest: Manifest


@statement
def uncleared_of_table() -> Query:
    """The file into which rows of a table are being moved."""
    file = ArchiveFile
    here = (file.table_name == p("table")) & file.cleared.is_null()
    return file.select(file.id, file.path, file.manifest).where(here)


@statement
def latest_of_table() -> Query:
    """The latest files of a table."""
    file = ArchiveFile
    return file.select(file.id).where(file.table_name == p("table")).order_by(file.id.desc()).limit(2)


@statement
def mark_cleared() -> Query:
    """Note that all rows of a file are deleted."""
    return ArchiveFile.update(cleared=p("now")).where(ArchiveFile.id == p("id"))


def uncleared(store: Store, table: str) -> Noted | None:
    """Return the file whose rows are not all deleted, None when there is none."""
    row = store.read(lambda db: db.one(uncleared_of_table, table=table))
    return None if row is None else Noted(row[0], Path(row[1]), msgspec.convert(row[2], Manifest))


def latest(store: Store, table: str) -> int:
    """Return the id of the latest file of a table, 0 when there is none."""
    return int(store.read(lambda db: db.value(latest_of_table, table=table)) or 0)


def note(site: Site, path: Path, manifest: Manifest, before: int, seen: int) -> Noted:
    """Note a file; ``seen`` was the latest when its rows were read. Raises ValueError when another run has moved some since."""
    row = {"table_name": manifest.table, "path": str(path), "before": before}
    asked = {"table": manifest.table, "rows": manifest.rows, "file": str(path)}
    asked |= {"oldest": manifest.oldest, "newest": manifest.newest, "sha256": manifest.sha256}

    def insert(call: Call) -> None:
        values = {**row, "tm": call.now, "manifest": msgspec.to_builtins(manifest), "cleared": None}
        made = call.db.insert_or_ignore(NEW, **values)
        others = [file_id for (file_id,) in call.db.rows(latest_of_table, table=manifest.table)][made:]
        if not made or others[:1] != ([seen] if seen else []):
            raise ValueError(
                f"Another archive moves rows of {manifest.table}; archive again when it has ended."
            )

    endpoint = Endpoint("tracepro archive", plugin="core", handler=insert, access="write", scope="admin")
    run_command(site, endpoint, asked, insert)
    noted = uncleared(site.store, manifest.table)
    assert noted is not None and noted.path == path
    return noted


def clear(store: Store, noted: Noted, now: int) -> None:
    """Note that the rows of a file are deleted."""

    def update(db: Session) -> int:
        return db.run(mark_cleared, id=noted.id, now=now)

    store.write_inline(update)
