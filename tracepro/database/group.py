"""The writer's groups: waiting calls share one transaction, and none fails for another's fault."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable
from typing import Any, NamedTuple, NoReturn

from tracepro.database.errors import TransactionLost, sqlite_error_for_caller, unavailable, unwritable
from tracepro.database.sqlite_session import SqliteSession
from tracepro.database.store import Answer, Limits, QueuedWrite, TransactionFn
from tracepro.database.write_queue import WriteQueue
from tracepro.floor import OPEN_FLOOR, Floor

NextWrite = Callable[[], QueuedWrite | None]


class Outcome(NamedTuple):
    """How a write ended; its caller learns it once the transaction is durable."""

    write: QueuedWrite
    result: Any = None
    error: BaseException | None = None


class GroupWriter:
    """Writes through the one connection that writes; ``connect`` opens it, and again when it broke.

    It has the ``floor`` until it commits, commits while it holds ``gate``, and tells ``queue`` how that went.
    """

    def __init__(
        self,
        connect: Callable[[], sqlite3.Connection],
        limits: Limits,
        gate: threading.Lock | None = None,
        queue: WriteQueue | None = None,
        floor: Floor = OPEN_FLOOR,
    ) -> None:
        self._connect = connect
        self._limits = limits
        self._gate = gate or threading.Lock()
        self._queue = queue or WriteQueue(limits)
        self._floor = floor
        self._connection: sqlite3.Connection | None = None

    def write(self, first: QueuedWrite, next_write: NextWrite) -> None:
        """Write ``first`` and what waits behind it in one transaction, then answer them all.

        A group never waits: it closes when nothing is queued, when it is full, or after its time.
        """
        group = [first]
        try:
            outcomes = self._commit(first, None if first.alone else next_write, group)
        except BaseException as error:
            self._retry_each_alone(group, error)
        else:
            self._answer_all(outcomes)

    def write_alone(self, write: QueuedWrite) -> None:
        """Write in a transaction of its own and answer."""
        try:
            outcomes = self._commit(write, None, [write])
        except BaseException as error:
            self._answer(write, error=error)
        else:
            self._answer_all(outcomes)

    def write_now(self, function: TransactionFn[Answer]) -> Answer:
        """Run a function in a transaction of its own."""
        committing = False
        try:
            connection = self._begin()
            result = function(SqliteSession(connection, writable=True))
            committing = True
            began = time.monotonic()
            with self._gate:
                connection.execute("COMMIT")
            self._queue.committed(1, time.monotonic() - began)
        except BaseException as error:
            self._fail(error, committing)
        return result

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _commit(
        self, first: QueuedWrite, next_write: NextWrite | None, group: list[QueuedWrite]
    ) -> list[Outcome]:
        """Run the writes, each noted in ``group``, and commit. Raises what it means to a caller that none was written."""
        committing = False
        try:
            self._floor.take()
            try:
                connection = self._begin()
                outcomes = [run_in_savepoint(connection, first)]
                if next_write is not None:
                    self._run_more(connection, next_write, group, outcomes)
            finally:
                self._floor.leave()
            committing = True
            began = time.monotonic()
            with self._gate:
                connection.execute("COMMIT")
            self._queue.committed(len(group), time.monotonic() - began)
        except BaseException as error:
            self._fail(error, committing)
        return outcomes

    def _run_more(
        self,
        connection: sqlite3.Connection,
        next_write: NextWrite,
        group: list[QueuedWrite],
        outcomes: list[Outcome],
    ) -> None:
        closes = time.monotonic() + self._limits.group_seconds
        while len(group) < self._limits.group_calls and time.monotonic() < closes:
            write = next_write()
            if write is None:
                break
            group.append(write)
            outcomes.append(run_in_savepoint(connection, write))

    def _retry_each_alone(self, group: list[QueuedWrite], error: BaseException) -> None:
        """Give each call of a lost group one more try alone, so that a guilty one fails alone."""
        if len(group) == 1:
            self._answer(group[0], error=error)
            return
        self._queue.figures.retries += len(group)
        for write in group:
            self.write_alone(write)

    def _answer_all(self, outcomes: list[Outcome]) -> None:
        """Answer calls whose transaction is durable."""
        for outcome in outcomes:
            self._answer(*outcome)

    def _answer(self, write: QueuedWrite, result: Any = None, error: BaseException | None = None) -> None:
        write.answer(result, error)
        self._queue.ended(write, error)

    def _begin(self) -> sqlite3.Connection:
        connection = self._connection = self._connection or self._connect()
        connection.execute("BEGIN IMMEDIATE")
        return connection

    def _fail(self, error: BaseException, committing: bool) -> NoReturn:
        """Roll back and raise what that means to a caller."""
        self._roll_back()
        if (said := unwritable(error)) is not None:
            self._queue.commit_failed(said)
            if not committing:
                raise unavailable(said) from error
        if (meaning := sqlite_error_for_caller(error, committing=committing)) is error:
            raise error
        raise meaning from error

    def _roll_back(self) -> None:
        try:
            if self._connection is not None and self._connection.in_transaction:
                self._connection.rollback()
        except sqlite3.Error:
            self.close()


def run_in_savepoint(connection: sqlite3.Connection, write: QueuedWrite) -> Outcome:
    """Run one write in its own savepoint; what it raises is its own, a lost transaction is everybody's."""
    connection.execute("SAVEPOINT call")
    try:
        result = write.function(SqliteSession(connection, writable=True))
    except TransactionLost:
        raise
    except BaseException as error:
        if not connection.in_transaction:
            raise TransactionLost(error) from error
        connection.execute("ROLLBACK TO call")
        connection.execute("RELEASE call")
        return Outcome(write, error=sqlite_error_for_caller(error))
    connection.execute("RELEASE call")
    return Outcome(write, result)
