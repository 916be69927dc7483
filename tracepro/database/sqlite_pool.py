"""The connections to a SQLite file: how each is opened, those that read and are free, and all that there are."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from weakref import WeakSet

from tracepro.database.file_modes import make_own
from tracepro.database.sqlite_time import STEPS_BETWEEN_LOOKS, StatementClock, TimedConnection
from tracepro.database.store import Limits

WRITER_CACHE_KIB = 2 * 1024
"""More isn't faster (docs/decisions.md), and takes long to fill, in which a server seems to grow."""
READER_CACHE_KIB = 4 * 1024
WAL_PAGES = 4000
WAL_BYTES = 64 * 1024 * 1024
PRAGMAS: Mapping[str, str | int] = {
    "journal_mode": "WAL",
    "synchronous": "FULL",
    "foreign_keys": "ON",
    "wal_autocheckpoint": WAL_PAGES,
    "journal_size_limit": WAL_BYTES,
    "temp_store": "MEMORY",
}
"""What every connection sets, unless ``Limits.pragmas`` says otherwise."""
WRITER_PRAGMAS: Mapping[str, str | int] = {"cache_size": -WRITER_CACHE_KIB}
READER_PRAGMAS: Mapping[str, str | int] = {"cache_size": -READER_CACHE_KIB, "query_only": "ON"}
IDLE_SECONDS = 60.0
"""A reader that nobody needed for so long is closed: what it has prepared takes 0.8 MB."""


class SqlitePool:
    """Connections of one file, made when first needed.

    Whoever reads takes the one of the free ``readers`` that was used last, which still has what it cached and prepared; the
    first of them was idle longest.
    """

    def __init__(self, path: Path, limits: Limits) -> None:
        self.readers: list[TimedConnection] = []
        self._path = path
        self._limits = limits
        self._all: WeakSet[TimedConnection] = WeakSet()

    def take_reader(self) -> TimedConnection:
        """Take a connection whose time to read begins now; who took it appends it to ``readers`` when done."""
        try:
            connection = self.readers.pop()
        except IndexError:
            connection = self.open_reader()
            connection.limit_time()
        connection.ends = ends = time.monotonic() + self._limits.read_seconds
        for oldest in self.readers[:1]:  # which another thread may take meanwhile
            if oldest.ends < ends - IDLE_SECONDS:
                self._close_reader(oldest)
        return connection

    def open_reader(self) -> TimedConnection:
        """Open a connection that can't write and may take its time."""
        return self._open(READER_PRAGMAS)

    def open_writer(self, clock: StatementClock | None = None) -> TimedConnection:
        """Open a connection for writing; with a clock its statements may take no longer than those of PostgreSQL."""
        most = self._limits.max_page_count
        connection = self._open(
            WRITER_PRAGMAS if most is None else {**WRITER_PRAGMAS, "max_page_count": most}
        )
        if clock is not None:
            connection.set_progress_handler(clock, STEPS_BETWEEN_LOOKS)
        return connection

    def close(self) -> None:
        """Close all."""
        for connection in list(self._all):
            connection.close()
        self.readers = []

    def _close_reader(self, connection: TimedConnection) -> None:
        """Close a free reader, unless somebody has taken it meanwhile."""
        with suppress(ValueError):
            self.readers.remove(connection)
            connection.close()

    def _open(self, pragmas: Mapping[str, str | int]) -> TimedConnection:
        make_own(self._path)
        connection = sqlite3.connect(
            self._path,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=512,
            factory=TimedConnection,
        )
        self._all.add(connection)
        busy_timeout = int(self._limits.queue_seconds * 1000)
        settings = {"busy_timeout": busy_timeout, **PRAGMAS, **pragmas, **self._limits.pragmas}
        for name, value in settings.items():
            self._set(connection, f"PRAGMA {name} = {value}")
        return connection

    def _set(self, connection: TimedConnection, pragma: str) -> None:
        """Run a pragma; two who open a new file at once collide in ``journal_mode`` without any busy timeout."""
        ends = time.monotonic() + self._limits.queue_seconds
        while True:
            try:
                connection.execute(pragma)
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > ends:
                    raise
            time.sleep(0.005)
