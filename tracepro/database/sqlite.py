"""SQLite: held readers, and one writer that puts waiting calls into one durable transaction.

The shape (one writer, a savepoint a call, one commit for the group) was measured: naive concurrent
writers starve each other, a group shares one fsync.
"""

from __future__ import annotations

import shutil
import sqlite3
import threading
from concurrent.futures import Future
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from typing import NoReturn

from tracepro.database.errors import TransactionLost, sqlite_error_for_caller, unavailable, unwritable
from tracepro.database.group import GroupWriter
from tracepro.database.inside import refuse_inside
from tracepro.database.lock_file import LockFile
from tracepro.database.sqlite_pool import SqlitePool
from tracepro.database.sqlite_session import SqliteReading
from tracepro.database.sqlite_time import StatementClock, TimedConnection
from tracepro.database.store import Answer, Limits, QueuedWrite, TransactionFn
from tracepro.database.write_queue import WriteQueue
from tracepro.floor import SharedFloor


class SqliteStore:
    """One SQLite file."""

    dialect = "sqlite"

    def __init__(self, path: str | Path, limits: Limits = Limits()) -> None:
        self.path = Path(path).resolve()  # by whatever link it is called, there is one lock file
        self.limits = limits
        self.lock_file = LockFile(self.path.with_name(self.path.name + ".writer"))
        self.floor = SharedFloor()
        self._queue = WriteQueue(limits)
        self._pool = SqlitePool(self.path, limits)
        self._threads: list[threading.Thread] = []
        self._inline = threading.Lock()
        self._gate = threading.Lock()
        self._inline_writer = GroupWriter(self._beside_a_server, limits, self._gate, self._queue)

    def start(self) -> None:
        """Start the writer; it takes up calls when the lock file is free, reads go on at once.

        Raises OSError when the lock file can't be made.
        """
        self.lock_file.is_free()
        for name, target in (("writer", self._write_queued), ("writer's clock", self._queue.expire_late)):
            thread = threading.Thread(target=target, name=name, daemon=True)
            self._threads.append(thread)
            thread.start()

    def read(self, function: TransactionFn[Answer]) -> Answer:
        """Run a function on a snapshot, in this thread."""
        refuse_inside("open another transaction")
        free = self._pool.readers  # those of now: who closes the store begins anew
        try:
            connection = self._pool.take_reader()
            try:
                return _read(connection, function)
            finally:
                free.append(connection)
        except (sqlite3.Error, TransactionLost) as error:
            _raise_for_caller(error)

    def snapshot(self, function: TransactionFn[Answer]) -> Answer:
        """Run a function on a snapshot, in this thread; it may take as long as it likes.

        Meanwhile what others write stays in the file's ``-wal``.
        """
        refuse_inside("open another transaction")
        try:
            with closing(self._pool.open_reader()) as connection:
                return _read(connection, function)
        except (sqlite3.Error, TransactionLost) as error:
            _raise_for_caller(error)

    def write(self, function: TransactionFn[Answer], *, alone: bool = False) -> Future[Answer]:
        """Queue a function for the writer."""
        refuse_inside("open another transaction")
        write = QueuedWrite(function, alone)
        self._queue.put(write)
        return write.future

    def write_inline(self, function: TransactionFn[Answer]) -> Answer:
        """Run a function in a transaction of its own in this thread, beside a server that may be running."""
        refuse_inside("open another transaction")
        with self._inline:
            return self._inline_writer.write_now(function)

    def write_aside(self, function: TransactionFn[Answer]) -> bool:
        """Return False: who hangs holds the only way to write."""
        return False

    def checkpoint(self) -> None:
        """Have the log written into the file, as far as nobody reads or writes what is in it; nobody waits for it.

        For many writes beside a server: it would do all at its next commit, and the call with that commit would wait.
        """
        connection = self._beside_a_server()
        try:
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
        finally:
            connection.close()

    def bar(self) -> None:
        """Let no transaction commit from now on; one whose COMMIT has begun is waited for."""
        self._gate.acquire()

    def lift_bar(self) -> None:
        """Let transactions commit again."""
        self._gate.release()

    def give_up(self) -> None:
        """Answer every write that is queued or under way ``busy``, and every later one; only while barred."""
        self._queue.give_up()

    def trouble(self) -> str | None:
        """Return why no write gets through at this moment; None when writes do, or nobody writes."""
        return self._queue.trouble()

    @property
    def writes(self) -> WriteQueue:
        """The writes that wait for their turn, and what is known of them."""
        return self._queue

    def sizes(self) -> dict[str, int]:
        """Return the bytes of the file and of its ``-wal``, and what is free on its disk."""
        found = {"free": shutil.disk_usage(self.path.parent).free, "wal": 0}
        for name, path in (("database", self.path), ("wal", Path(f"{self.path}-wal"))):
            with suppress(FileNotFoundError):
                found[name] = path.stat().st_size
        return found

    def ping(self) -> None:
        """Ask the database for a sign of life. Raises TryAgain, also for a file that this user may not write."""
        try:
            self.read(lambda db: db.raw_rows("SELECT count(*) FROM sqlite_master"))
        except sqlite3.OperationalError as error:
            if unwritable(error) is None:
                raise
            raise unavailable(error) from error

    def writer_is_free(self) -> bool:
        """Tell whether no server writes now; a file nobody wrote to yet has no lock, and gets none."""
        return not self.lock_file.path.is_file() or self.lock_file.is_free()

    def claim_writer(self) -> bool:
        """Keep servers from writing until :meth:`release_writer`; False when one writes now."""
        return self.lock_file.try_take()

    def release_writer(self) -> None:
        """Let servers write again."""
        self.lock_file.release()

    def hand_over(self) -> None:
        """Answer what is queued and leave writing to the next process; a writer still waiting for it goes too."""
        self.lock_file.give_up()
        self._queue.drain(self._threads)

    def close(self) -> None:
        """End the writer and close all connections."""
        self.hand_over()
        self._pool.close()
        self._inline_writer = GroupWriter(self._beside_a_server, self.limits, self._gate, self._queue)

    def _write_queued(self) -> None:
        """Write until the queue is closed and empty."""
        if not self.lock_file.take():
            return
        clock = StatementClock(self.limits.statement_seconds)
        writer = GroupWriter(
            partial(self._pool.open_writer, clock), self.limits, self._gate, self._queue, self.floor
        )
        try:
            self._queue.writer_ready()
            while (write := self._queue.take()) is not None:
                writer.write(write, self._queue.take_if_any)
                clock.forget()
        finally:
            writer.close()
            self.lock_file.release()

    def _beside_a_server(self) -> TimedConnection:
        """Open a connection for writing that leaves checkpoints to the server, if one runs."""
        connection = self._pool.open_writer()
        if not self.lock_file.is_free():
            connection.execute("PRAGMA wal_autocheckpoint = 0")
        return connection


def _read(connection: TimedConnection, function: TransactionFn[Answer]) -> Answer:
    session = SqliteReading(connection)
    try:
        return function(session)
    finally:
        session.end()


def _raise_for_caller(error: sqlite3.Error | TransactionLost) -> NoReturn:
    """Raise what an error of the database means to who called."""
    meaning = sqlite_error_for_caller(error)
    if meaning is error:
        raise error
    raise meaning from error
