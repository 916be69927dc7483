"""Restoring into a SQLite file: a new one is made beside it, proven, and takes its place in one step."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from tracepro import clock
from tracepro.backup.errors import BackupError
from tracepro.backup.file import BESIDE, drop_contents, new_file, opened, put
from tracepro.backup.proof import Progress, Proof, require_whole
from tracepro.backup.source import Backup, finish, has_data
from tracepro.database.sqlite import SqliteStore
from tracepro.database.tables import highest_ids, raise_ids
from tracepro.site import Site

SQLITE = b"SQLite format 3\0"
"""What the files of SQLite begin with."""
CHUNK = 8 * 1024 * 1024


@dataclass(frozen=True)
class Former:
    """The file that is replaced: whether it has anything that must be kept, and the ids that it gave."""

    has_data: bool = False
    ids: Mapping[str, int] = field(default_factory=dict)


def restore_to_sqlite(
    site: Site, store: SqliteStore, backup: Backup, *, replace: bool, progress: Progress
) -> tuple[Proof, Path | None]:
    """Put a backup in the place of a file, and return the proof and where the former file is. Raises BackupError."""
    place = store.path
    with _without_server(store):
        former = _former(place)
        if former.has_data and not replace:
            raise BackupError(
                f"{place} has data; add --replace, which keeps it under another name, or restore into another file."
            )
        with new_file(place) as file:
            _copy(backup.file, file, partial(progress, "bytes"))
            proof = _finished(site, backup, file, former, progress)
            aside = _set_aside(
                place, _former(place)
            )  # whoever has opened it meanwhile would stay in the former file
            put(file, place)
    return proof, aside


@contextmanager
def _without_server(store: SqliteStore) -> Iterator[None]:
    try:
        claimed = store.claim_writer()
    except OSError as error:
        raise BackupError(
            f"Nothing can be written beside {store.path} ({error.strerror}); make the folder, or let this user write there."
        ) from error
    if not claimed:
        raise BackupError(f"A server runs on {store.path}; stop it first.")
    try:
        yield
    finally:
        store.release_writer()


def _former(place: Path) -> Former:
    """Make the file that is there one without others beside it, and look into it; one that can't be read is kept too."""
    if not place.exists() or not place.stat().st_size:
        return Former()
    with place.open("rb") as file:
        if file.read(len(SQLITE)) != SQLITE:
            return Former(has_data=True)  # SQLite would throw away what is beside it
    try:
        with closing(sqlite3.connect(place, timeout=1)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")
        with opened(place) as db:
            return Former(has_data(db), highest_ids(db))
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
            raise BackupError(f"{place} is open in another program; end that first.") from error
        return Former(has_data=True)
    except (sqlite3.DatabaseError, BackupError):
        return Former(has_data=True)


def _copy(source: Path, target: Path, progress: partial[object]) -> None:
    total = source.stat().st_size
    try:
        with source.open("rb") as reading, target.open("wb") as writing:
            while chunk := reading.read(CHUNK):
                writing.write(chunk)
                progress(writing.tell(), total)
    except OSError as error:
        raise BackupError(
            f"{source} can't be copied to {target.parent} ({error.strerror}); make room there."
        ) from error


def _finished(site: Site, backup: Backup, file: Path, former: Former, progress: Progress) -> Proof:
    with opened(file) as db:
        require_whole(db, str(backup.file))
        drop_contents(db)
        proof = finish(site, backup, db, progress)
        raise_ids(db, former.ids)
    return proof


def _set_aside(place: Path, former: Former) -> Path | None:
    """Give a former file that has data a second name, for it loses the first one when the new file takes that.

    Of what lies beside it nothing may stay: SQLite would take it for the new file's.
    """
    now = clock.text(clock.now_micros()).replace(":", "")
    aside = place.with_name(f"{place.name}.before-{now}")
    if former.has_data:
        os.link(place, aside)
    for ending in BESIDE[1:]:
        beside = place.with_name(place.name + ending)
        if beside.exists():
            beside.rename(aside.with_name(aside.name + ending))
    return aside if former.has_data else None
