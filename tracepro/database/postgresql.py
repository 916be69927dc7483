"""PostgreSQL: threads that write and read on held connections; other servers may share it."""

from __future__ import annotations

import math
import random
import threading
import time
from concurrent.futures import Future
from contextlib import suppress

from tracepro.database.errors import TransactionLost
from tracepro.database.inside import refuse_inside
from tracepro.database.pg_connection import PgConnection
from tracepro.database.pg_errors import RETRYABLE, error_for_caller
from tracepro.database.pg_pool import PgPool
from tracepro.database.pg_session import PostgresqlSession, ReadingSession
from tracepro.database.store import Answer, Limits, QueuedWrite, TransactionFn
from tracepro.database.write_figures import WriteFigures
from tracepro.database.write_queue import WriteQueue
from tracepro.floor import OPEN_FLOOR, Floor
from tracepro_hookspecs import CallError, TryAgain

WRITE = "BEGIN ISOLATION LEVEL READ COMMITTED"
READ = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
SIZE = "SELECT pg_database_size(current_database())"
TRIES = 6
MEASURED_SECONDS = 60.0


class PostgresqlStore:
    """One database of a PostgreSQL server."""

    dialect = "postgresql"
    floor: Floor = OPEN_FLOOR

    def __init__(self, url: str, limits: Limits = Limits(), pool: PgPool | None = None) -> None:
        self.limits = limits
        self._queue = WriteQueue(limits)
        self._pool = pool or PgPool(url, limits)
        self._threads: list[threading.Thread] = []
        self._ended = threading.Event()
        self._barred: list[PgConnection] = []
        self._inline = threading.Lock()
        self._size: dict[str, int] = {}
        self._measured_at = -math.inf

    @property
    def url(self) -> str:
        """Where the database is."""
        return self._pool.url

    def start(self) -> None:
        """Start the threads that write."""
        self._queue.writer_ready()
        targets = [self._write_queued] * self.limits.write_threads
        for number, target in enumerate([*targets, self._queue.expire_late, self._abort_hung]):
            thread = threading.Thread(target=target, name=f"store-{number}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def read(self, function: TransactionFn[Answer]) -> Answer:
        """Run a function on a snapshot, in this thread."""
        refuse_inside("open another transaction")
        connection = self._pool.take_from(self._pool.readers)
        try:
            connection.begin(READ)
            return function(ReadingSession(connection, writable=False))
        except TransactionLost as error:
            raise error_for_caller(error) from error
        finally:
            connection.end_reading()
            self._pool.readers.append(connection)

    def snapshot(self, function: TransactionFn[Answer]) -> Answer:
        """Run a function on a snapshot, in this thread; it may take as long as it likes."""
        refuse_inside("open another transaction")
        connection = PgConnection(self.url, self.limits, statement_seconds=0)
        try:
            connection.begin(READ)
            session = ReadingSession(connection, writable=False)
            session.define("SET LOCAL idle_in_transaction_session_timeout = 0")
            return function(session)
        except TransactionLost as error:
            raise error_for_caller(error) from error
        finally:
            connection.roll_back()
            connection.close()

    def write(self, function: TransactionFn[Answer], *, alone: bool = False) -> Future[Answer]:
        """Queue a function for one of the threads that write; ``alone`` is what every call is here."""
        refuse_inside("open another transaction")
        write = QueuedWrite(function, alone)
        self._queue.put(write)
        return write.future

    def write_inline(self, function: TransactionFn[Answer]) -> Answer:
        """Run a function in a transaction of its own in this thread; its statements may take their time."""
        refuse_inside("open another transaction")
        with self._inline:
            return run_transaction(self._pool.made_inline(), function)

    def write_aside(self, function: TransactionFn[Answer]) -> bool:
        """Run a function on a new connection while the writers hang, and return True. Raises TryAgain."""
        connection = PgConnection(self.url, self.limits, statement_seconds=self.limits.statement_seconds)
        try:
            run_transaction(connection, function)
        finally:
            connection.close()
        return True

    def checkpoint(self) -> None:
        """Do nothing: the server does so by itself."""

    def bar(self) -> None:
        """Let no transaction commit from now on; those whose COMMIT has begun are waited for."""
        self._barred = list(self._pool.all)
        for connection in self._barred:
            connection.gate.acquire()

    def lift_bar(self) -> None:
        """Let transactions commit again."""
        for connection in self._barred:
            connection.gate.release()
        self._barred = []

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
        """Return the bytes of the database; asked at most once a minute, for the server looks at every file of it."""
        if time.monotonic() - self._measured_at > MEASURED_SECONDS:
            with suppress(TryAgain):
                ((size,),) = self.read(lambda db: db.raw_rows(SIZE))
                self._size, self._measured_at = {"database": int(size)}, time.monotonic()
        return self._size

    def ping(self) -> None:
        """Ask the database for a sign of life. Raises TryAgain."""
        self.read(lambda db: db.raw_rows("SELECT 1"))

    def writer_is_free(self) -> bool:
        """Return True: any number of servers may write."""
        return True

    def claim_writer(self) -> bool:
        """Return True: nobody has to be kept off."""
        return True

    def release_writer(self) -> None:
        """Do nothing: nobody was kept off."""

    def hand_over(self) -> None:
        """Answer what is queued and stop writing; other processes write all the time."""
        self._ended.set()
        self._queue.drain(self._threads)
        self._pool.close_writers()

    def close(self) -> None:
        """End the threads and close all connections."""
        self.hand_over()
        self._pool.close()

    def _write_queued(self) -> None:
        """Write until the queue is closed and empty."""
        while (write := self._queue.take()) is not None:
            connection = self._pool.take_from(self._pool.writers)
            try:
                try:
                    result = run_transaction(connection, write.function, self._queue.figures)
                finally:
                    self._pool.writers.append(connection)
            except BaseException as error:
                if isinstance(error, TryAgain) and error.code == "database-unavailable":
                    self._queue.commit_failed(error.__cause__ or error)
                write.answer(error=error)
                self._queue.ended(write, error)
            else:
                self._queue.committed(1, connection.commit_seconds)
                write.answer(result)
                self._queue.ended(write)

    def _abort_hung(self) -> None:
        """Abort connections on which the server has not even answered that a statement took too long."""
        limit = self.limits.statement_seconds + 0.3
        while not self._ended.wait(0.1):
            latest = time.monotonic() - limit
            for connection in list(self._pool.all):
                if connection is not self._pool.inline and 0 < connection.waiting_since < latest:
                    connection.abort()
                    self._pool.backoff.start()


def run_transaction(
    connection: PgConnection, function: TransactionFn[Answer], figures: WriteFigures | None = None
) -> Answer:
    """Run a function in a transaction; what a race with others causes is tried again from the start, and noted in ``figures``."""
    attempt = 1
    while True:
        try:
            return _run_once(connection, function)
        except TransactionLost as lost:
            if attempt == TRIES or not isinstance(lost.error, RETRYABLE):
                refusal = lost.__cause__  # what a plugin made of it, if it was caught on its way
                raise refusal if isinstance(refusal, CallError) else error_for_caller(lost) from lost
        if figures is not None:
            figures.retries += 1
        time.sleep(random.uniform(0.002, 0.01) * attempt)
        attempt += 1


def _run_once(connection: PgConnection, function: TransactionFn[Answer]) -> Answer:
    try:
        connection.begin(WRITE)
        result = function(PostgresqlSession(connection, writable=True))
        connection.commit()
    except BaseException as error:
        # What a plugin made of a failed statement matters less than that it may succeed the next time.
        swallowed = connection.failure if connection.has_failed else None
        connection.roll_back()
        if isinstance(swallowed, RETRYABLE) and not isinstance(error, TransactionLost):
            raise TransactionLost(swallowed) from error
        raise
    return result
