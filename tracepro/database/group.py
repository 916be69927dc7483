"""The writer's groups: waiting calls share one transaction, and none fails for another's fault."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from typing import Any, NoReturn

from tracepro.database.errors import TransactionLost, sqlite_meaning
from tracepro.database.session import SqliteSession
from tracepro.database.store import Answer, Job, Limits

Ended = list[tuple[Job, Any, BaseException | None]]


class GroupWriter:
    """Writes jobs through the one connection that writes; ``connect`` opens it, and again when it broke."""

    def __init__(self, connect: Callable[[], sqlite3.Connection], limits: Limits) -> None:
        self._connect = connect
        self._limits = limits
        self._connection: sqlite3.Connection | None = None

    def write(self, first: Job, more: Callable[[], Job | None]) -> None:
        """Writes ``first`` and what waits behind it in one transaction, then answers them all.

        A group never waits: it closes when nothing is queued, when it is full, or after its time.
        """
        jobs: list[Job] = [first]
        try:
            ended = self._commit(first, None if first.alone else more, jobs)
        except BaseException as error:
            self._again(jobs, error)
        else:
            answer(ended)

    def write_alone(self, job: Job) -> None:
        """Writes one job in a transaction of its own and answers it."""
        try:
            ended = self._commit(job, None, [job])
        except BaseException as error:
            job.answer(error=error)
        else:
            answer(ended)

    def write_now(self, work: Callable[[SqliteSession], Answer]) -> Answer:
        """Runs ``work`` in a transaction of its own."""
        committing = False
        try:
            connection = self._begin()
            result = work(SqliteSession(connection, writable=True))
            committing = True
            connection.execute("COMMIT")
        except BaseException as error:
            self._fail(error, committing)
        return result

    def close(self) -> None:
        """Closes the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _commit(self, first: Job, more: Callable[[], Job | None] | None, jobs: list[Job]) -> Ended:
        """Runs the jobs and commits them. Raises what it means to a caller that none of it was written."""
        committing = False
        try:
            connection = self._begin()
            ended = [run(connection, first)]
            if more is not None:
                self._run_more(connection, more, jobs, ended)
            committing = True
            connection.execute("COMMIT")
        except BaseException as error:
            self._fail(error, committing)
        return ended

    def _run_more(
        self, connection: sqlite3.Connection, more: Callable[[], Job | None], jobs: list[Job], ended: Ended
    ) -> None:
        closes = time.monotonic() + self._limits.group_seconds
        while len(jobs) < self._limits.group_calls and time.monotonic() < closes:
            job = more()
            if job is None:
                break
            jobs.append(job)
            ended.append(run(connection, job))

    def _again(self, jobs: list[Job], error: BaseException) -> None:
        """Gives each call of a lost group one more try alone, so that a guilty one fails alone."""
        if len(jobs) == 1:
            jobs[0].answer(error=error)
            return
        for job in jobs:
            self.write_alone(job)

    def _begin(self) -> sqlite3.Connection:
        connection = self._connection = self._connection or self._connect()
        connection.execute("BEGIN IMMEDIATE")
        return connection

    def _fail(self, error: BaseException, committing: bool) -> NoReturn:
        """Rolls back and raises what that means to a caller."""
        self._roll_back()
        if (meaning := sqlite_meaning(error, committing=committing)) is error:
            raise error
        raise meaning from error

    def _roll_back(self) -> None:
        try:
            if self._connection is not None and self._connection.in_transaction:
                self._connection.rollback()
        except sqlite3.Error:
            self.close()


def run(connection: sqlite3.Connection, job: Job) -> tuple[Job, Any, BaseException | None]:
    """Runs one job in its own savepoint; what it raises is its own, a lost transaction is everybody's."""
    connection.execute("SAVEPOINT call")
    try:
        result = job.work(SqliteSession(connection, writable=True))
    except Exception as error:
        if not connection.in_transaction:
            raise TransactionLost(error) from error
        connection.execute("ROLLBACK TO call")
        connection.execute("RELEASE call")
        return job, None, sqlite_meaning(error)
    connection.execute("RELEASE call")
    return job, result, None


def answer(ended: Ended) -> None:
    """Answers calls whose transaction is durable."""
    for job, result, error in ended:
        job.answer(result, error)
