"""SQLite: held readers, and one writer that puts waiting calls into one durable transaction.

The shape (one writer, a savepoint a call, one commit for the group) was measured: naive concurrent
writers starve each other, a group shares one fsync.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any
from weakref import WeakSet, ref

from tracepro.calls.inside import refuse_inside
from tracepro.database.errors import TransactionLost, sqlite_meaning
from tracepro.database.group import GroupWriter
from tracepro.database.lock_file import LockFile
from tracepro.database.session import SqliteSession
from tracepro.database.store import Answer, Job, Limits
from tracepro.database.waiting import WaitingCalls

WRITER_CACHE_KIB = 64 * 1024
READER_CACHE_KIB = 4 * 1024
WAL_PAGES = 4000
WAL_BYTES = 64 * 1024 * 1024
STEPS_BETWEEN_LOOKS = 100_000


class SqliteStore:
    """One SQLite file."""

    dialect = "sqlite"

    def __init__(self, path: str | Path, limits: Limits = Limits()) -> None:
        self.path = Path(path)
        self.limits = limits
        self.lock_file = LockFile(self.path.with_name(self.path.name + ".writer"))
        self._waiting = WaitingCalls(limits.queue_seconds, limits.opening_seconds)
        self._connections: WeakSet[_Connection] = WeakSet()
        self._held = threading.local()
        self._threads: list[threading.Thread] = []
        self._inline = threading.Lock()
        self._inline_writer = GroupWriter(self._beside_a_server, limits)

    def start(self) -> None:
        """Starts the writer; it takes up calls when the lock file is free, reads go on at once.

        Raises OSError when the lock file can't be made.
        """
        self.lock_file.is_free()
        for name, target in (("writer", self._write_waiting), ("writer's clock", self._waiting.watch)):
            thread = threading.Thread(target=target, name=name, daemon=True)
            self._threads.append(thread)
            thread.start()

    def read(self, work: Callable[[SqliteSession], Answer]) -> Answer:
        """Runs ``work`` on a snapshot, in this thread."""
        refuse_inside("open another transaction")
        try:
            connection = self._reader()
            connection.ends = time.monotonic() + self.limits.read_seconds
            connection.execute("BEGIN")
            try:
                return work(SqliteSession(connection, writable=False))
            finally:
                connection.rollback()
        except (sqlite3.Error, TransactionLost) as error:
            if (meaning := sqlite_meaning(error)) is error:
                raise
            raise meaning from error

    def write(self, work: Callable[[SqliteSession], Answer], *, alone: bool = False) -> Future[Answer]:
        """Queues ``work`` for the writer."""
        refuse_inside("open another transaction")
        job = Job(work, alone)
        self._waiting.put(job)
        return job.future

    def write_inline(self, work: Callable[[SqliteSession], Answer]) -> Answer:
        """Runs ``work`` in a transaction of its own in this thread, beside a server that may be running."""
        refuse_inside("open another transaction")
        with self._inline:
            return self._inline_writer.write_now(work)

    def ping(self) -> None:
        """Asks the database for a sign of life. Raises TryAgain."""
        self.read(lambda db: db.asked("SELECT count(*) FROM sqlite_master"))

    def hand_over(self) -> None:
        """Answers what is queued and leaves writing to the next process; a writer still waiting for it goes too."""
        self.lock_file.give_up()
        self._waiting.end(self._threads)

    def close(self) -> None:
        """Ends the writer and closes all connections."""
        self.hand_over()
        for connection in list(self._connections):
            connection.close()
        self._inline_writer = GroupWriter(self._beside_a_server, self.limits)
        self._held = threading.local()

    def _write_waiting(self) -> None:
        """Writes until the queue is closed and empty."""
        if not self.lock_file.take():
            return
        writer = GroupWriter(self._writer, self.limits)
        try:
            self._waiting.open()
            while (job := self._waiting.take()) is not None:
                writer.write(job, self._waiting.take_if_any)
        finally:
            writer.close()
            self.lock_file.release()

    def _writer(self) -> _Connection:
        return self._connect({"cache_size": -WRITER_CACHE_KIB, "max_page_count": self.limits.max_page_count})

    def _beside_a_server(self) -> _Connection:
        """Opens a connection for writing that leaves checkpoints to the server, if one runs."""
        connection = self._writer()
        if not self.lock_file.is_free():
            connection.execute("PRAGMA wal_autocheckpoint = 0")
        return connection

    def _reader(self) -> _Connection:
        """Returns the connection this thread holds for reading."""
        connection = getattr(self._held, "connection", None)
        if connection is None:
            connection = self._held.connection = self._connect(
                {"cache_size": -READER_CACHE_KIB, "query_only": "ON"}
            )
            connection.limit_time()
        return connection

    def _connect(self, pragmas: dict[str, Any]) -> _Connection:
        connection = sqlite3.connect(
            self.path,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=512,
            factory=_Connection,
        )
        self._connections.add(connection)
        pragmas = {"busy_timeout": int(self.limits.queue_seconds * 1000)} | _PRAGMAS | pragmas
        for name, value in pragmas.items():
            if value is not None:
                self._set(connection, f"PRAGMA {name} = {value}")
        return connection

    def _set(self, connection: _Connection, pragma: str) -> None:
        """Runs a pragma; two who open a new file at once collide in ``journal_mode`` without any busy timeout."""
        ends = time.monotonic() + self.limits.queue_seconds
        while True:
            try:
                connection.execute(pragma)
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > ends:
                    raise
            time.sleep(0.005)


class _Connection(sqlite3.Connection):
    """A connection that can be stopped when its time is over."""

    ends = 0.0

    def limit_time(self) -> None:
        """Stops every statement that is still running at ``ends``."""
        this = ref(self)
        self.set_progress_handler(lambda: time.monotonic() > this().ends, STEPS_BETWEEN_LOOKS)


_PRAGMAS = {
    "journal_mode": "WAL",
    "synchronous": "FULL",
    "foreign_keys": "ON",
    "wal_autocheckpoint": WAL_PAGES,
    "journal_size_limit": WAL_BYTES,
    "temp_store": "MEMORY",
}
