"""SQLite: held readers, and one writer that puts waiting calls into one durable transaction.

The shape (one writer, a savepoint a call, one commit for the group) was measured: naive concurrent
writers starve each other, a group shares one fsync.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from tracepro.database.errors import sqlite_meaning
from tracepro.database.group import GroupWriter
from tracepro.database.lock_file import LockFile
from tracepro.database.session import SqliteSession
from tracepro.database.store import Answer, Job, Limits
from tracepro.database.waiting import WaitingCalls

WRITER_CACHE_KIB = 64 * 1024
READER_CACHE_KIB = 4 * 1024
WAL_PAGES = 4000
WAL_BYTES = 64 * 1024 * 1024


class SqliteStore:
    """One SQLite file."""

    dialect = "sqlite"

    def __init__(self, path: str | Path, limits: Limits = Limits()) -> None:
        self.path = Path(path)
        self.limits = limits
        self.lock_file = LockFile(self.path.with_name(self.path.name + ".writer"))
        self._waiting = WaitingCalls(limits.queue_seconds)
        self._held = threading.local()
        self._open: list[sqlite3.Connection] = []
        self._threads: list[threading.Thread] = []
        self._inline = threading.Lock()
        self._inline_connection: sqlite3.Connection | None = None

    def start(self) -> None:
        """Starts the writer; it takes up calls when the lock file is free, reads go on at once."""
        for name, target in (("writer", self._write_waiting), ("writer's clock", self._waiting.watch)):
            thread = threading.Thread(target=target, name=name, daemon=True)
            self._threads.append(thread)
            thread.start()

    def read(self, work: Callable[[SqliteSession], Answer]) -> Answer:
        """Runs ``work`` on a snapshot, in this thread."""
        try:
            connection = self._reader()
            connection.execute("BEGIN")
            try:
                return work(SqliteSession(connection.cursor(), writable=False))
            finally:
                connection.rollback()
        except sqlite3.Error as error:
            raise sqlite_meaning(error) from error

    def write(self, work: Callable[[SqliteSession], Answer], *, alone: bool = False) -> Future[Answer]:
        """Queues ``work`` for the writer."""
        job = Job(work, alone)
        self._waiting.put(job)
        return job.future

    def write_inline(self, work: Callable[[SqliteSession], Answer]) -> Answer:
        """Runs ``work`` in a transaction of its own in this thread, beside a server that may be running."""
        with self._inline:
            if self._inline_connection is None:
                self._inline_connection = self._connect(WRITER_CACHE_KIB)
            job = Job(work, alone=True)
            GroupWriter(self._inline_connection, self.limits).write_alone(job)
            return job.future.result()

    def ping(self) -> None:
        """Asks the database for a sign of life. Raises TryAgain."""
        self.read(lambda db: db._execute("SELECT count(*) FROM sqlite_master"))

    def hand_over(self) -> None:
        """Answers what is queued and leaves writing to the next process."""
        self._waiting.close()
        for thread in self._threads:
            thread.join()
        self._threads.clear()

    def close(self) -> None:
        """Ends the writer and closes all connections."""
        self.lock_file.give_up()
        self.hand_over()
        for connection in self._open:
            connection.close()
        self._open.clear()
        self._inline_connection = None
        self._held = threading.local()

    def _write_waiting(self) -> None:
        """Writes until the queue is closed and empty."""
        if not self.lock_file.take():
            return
        try:
            writer = GroupWriter(self._connect(WRITER_CACHE_KIB), self.limits)
            self._waiting.open()
            while (job := self._waiting.take()) is not None:
                writer.write(job, self._waiting.take_if_any)
        finally:
            self.lock_file.release()

    def _reader(self) -> sqlite3.Connection:
        """Returns the connection this thread holds for reading."""
        connection = getattr(self._held, "connection", None)
        if connection is None:
            connection = self._connect(READER_CACHE_KIB, query_only=True)
            self._held.connection = connection
        return connection

    def _connect(self, cache_kib: int, *, query_only: bool = False) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False, cached_statements=512)
        self._open.append(connection)
        for name, value in self._pragmas(cache_kib, query_only).items():
            connection.execute(f"PRAGMA {name} = {value}")
        return connection

    def _pragmas(self, cache_kib: int, query_only: bool) -> dict[str, Any]:
        pragmas = {
            "busy_timeout": int(self.limits.queue_seconds * 1000), "journal_mode": "WAL", "synchronous": "FULL",
            "foreign_keys": "ON", "cache_size": -cache_kib, "wal_autocheckpoint": WAL_PAGES,
            "journal_size_limit": WAL_BYTES, "temp_store": "MEMORY",
        }  # fmt: skip
        if query_only:
            pragmas["query_only"] = "ON"
        elif self.limits.max_page_count is not None:
            pragmas["max_page_count"] = self.limits.max_page_count
        return pragmas
