"""The file of a backup: made beside its place under another name, opened without a server, with what is in it."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from peewee import Query

from tracepro.backup.errors import BackupError
from tracepro.backup.proof import Contents
from tracepro.database import Insert, Instant, Integer, Model, Session, ShortText, migrating, statement
from tracepro.database.errors import TransactionLost
from tracepro.database.schema import creation
from tracepro.database.sqlite_session import SqliteSession
from tracepro.database.tables import StoredTable, tables
from tracepro.durable import sync

NAME = "core_backup"
BESIDE = ("", "-journal", "-wal", "-shm")
"""The endings of the file and of those that SQLite makes beside it."""


class BackedUp(Model):
    """What a table had when the backup was made; only a backup has this table."""

    name = ShortText(primary_key=True)
    rows = Integer()
    digest = ShortText()
    made = Instant()

    class Meta:
        table_name = NAME


NEW = Insert(BackedUp)


@statement
def backed_up() -> Query:
    """What was noted of each table."""
    return BackedUp.select(BackedUp.name, BackedUp.rows, BackedUp.digest, BackedUp.made)


@contextmanager
def new_file(place: Path) -> Iterator[Path]:
    """Give an empty file of the owner's alone beside a place; it is gone afterwards, unless it was put there."""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{place.name}.", suffix=".part", dir=place.parent)
    except OSError as error:
        raise BackupError(
            f"Nothing can be written in {place.parent} ({error.strerror}); make the folder, or let this user write there."
        ) from error
    os.close(handle)
    file = Path(name)
    try:
        yield file
    finally:
        for ending in BESIDE:
            file.with_name(file.name + ending).unlink(missing_ok=True)


def put(file: Path, place: Path) -> None:
    """Give a file its name, when all that is in it lies on the disk; whatever had the name is replaced in one step."""
    sync(file)
    os.replace(file, place)
    sync(place.parent)


@contextmanager
def opened(file: Path) -> Iterator[SqliteSession]:
    """Open a SQLite file that nobody else uses in one transaction, and leave nothing beside it.

    Raises BackupError with SQLite's own words.
    """
    with sqlite_errors(file), closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("PRAGMA synchronous = OFF")  # put() flushes it
        connection.execute("BEGIN")
        yield SqliteSession(connection, writable=True)
        connection.execute("COMMIT")


@contextmanager
def opened_backup(file: Path) -> Iterator[SqliteSession]:
    """Open a backup only to read, and leave it and its folder untouched. Raises BackupError when it is none."""
    address = f"file:{quote(str(file.absolute()))}?mode=ro&immutable=1"
    try:
        connection = sqlite3.connect(address, uri=True, isolation_level=None)
    except sqlite3.Error as error:
        raise BackupError(f"{file} can't be opened: {error}; correct the path or its permissions.") from error
    with sqlite_errors(file), closing(connection):
        connection.execute("BEGIN")
        yield SqliteSession(connection, writable=False)


@contextmanager
def sqlite_errors(file: Path) -> Iterator[None]:
    """Tell what SQLite says of a file in a sentence."""
    try:
        yield
    except (sqlite3.Error, TransactionLost, UnicodeDecodeError) as error:
        raise BackupError(
            f"{file} can't be written or read: {error}; look whether its disk is full or broken."
        ) from error


def tables_in(db: Session, history: Iterable[tuple[str, str]] | None = None) -> list[StoredTable]:
    """List the tables that hold what the plant knows; ``history`` are the migrations that ran where it isn't filled yet."""
    found = tables(db, migrating.applied(db) if history is None else history)
    return [table for table in found if table.name != NAME]


def note_contents(db: SqliteSession, found: Mapping[str, Contents], made: int) -> None:
    """Note in a backup what is in it, by which damage is found later."""
    drop_contents(db)
    for sql in creation(BackedUp, db.dialect):
        db.define(sql)
    for name, table in found.items():
        db.insert(NEW, name=name, rows=table.rows, digest=table.digest, made=made)


def noted_contents(db: SqliteSession, file: Path) -> tuple[int, dict[str, Contents]]:
    """Return when a backup was made and what was in it then. Raises BackupError for another file."""
    rows = []
    with suppress(sqlite3.DatabaseError):
        rows = db.rows(backed_up)
    if not rows:
        raise BackupError(f"{file} is not a whole file of `tracepro backup`; take another one.")
    return rows[0][3], {name: Contents(count, digest) for name, count, digest, _ in rows}


def drop_contents(db: SqliteSession) -> None:
    """Take the note out: the file is a plant's database then."""
    db.define(f"DROP TABLE IF EXISTS {NAME}")
