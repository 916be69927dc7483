"""The writer's groups: waiting calls share one transaction, and none fails for another's fault."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from typing import Any

from tracepro.database.errors import spoils_transaction, sqlite_meaning
from tracepro.database.session import SqliteSession
from tracepro.database.store import Job, Limits

Ended = list[tuple[Job, Any, BaseException | None]]


class GroupWriter:
    """Writes jobs through the one connection that writes."""

    def __init__(self, connection: sqlite3.Connection, limits: Limits) -> None:
        self.connection = connection
        self.limits = limits
        self.cursor = connection.cursor()

    def write(self, first: Job, more: Callable[[], Job | None]) -> None:
        """Writes ``first`` and what waits behind it in one transaction, then answers them all.

        A group never waits: it closes when nothing is queued, when it is full, or after its time.
        """
        jobs, ended = [first], []
        try:
            self.cursor.execute("BEGIN IMMEDIATE")
            closes = time.monotonic() + self.limits.group_seconds
            self._run(first, ended)
            while not first.alone and len(jobs) < self.limits.group_calls and time.monotonic() < closes:
                job = more()
                if job is None:
                    break
                jobs.append(job)
                self._run(job, ended)
            self.cursor.execute("COMMIT")
        except Exception as error:
            self._roll_back()
            self._again(jobs, error)
            return
        answer(ended)

    def write_alone(self, job: Job) -> None:
        """Writes one job in a transaction of its own and answers it."""
        ended: Ended = []
        try:
            self.cursor.execute("BEGIN IMMEDIATE")
            self._run(job, ended)
            self.cursor.execute("COMMIT")
        except Exception as error:
            self._roll_back()
            job.answer(error=told(error))
            return
        answer(ended)

    def _run(self, job: Job, ended: Ended) -> None:
        """Runs one job in its own savepoint; what it raises is its own, a lost transaction is everybody's."""
        execute = self.cursor.execute
        execute("SAVEPOINT call")
        try:
            result = job.work(SqliteSession(self.connection.cursor(), writable=True))
        except BaseException as error:
            if not self.connection.in_transaction or spoils_transaction(error):
                raise
            execute("ROLLBACK TO call")
            execute("RELEASE call")
            ended.append((job, None, error))
        else:
            execute("RELEASE call")
            ended.append((job, result, None))

    def _again(self, jobs: list[Job], error: Exception) -> None:
        """Gives each call of a lost group one more try alone, so that a guilty one fails alone."""
        if len(jobs) == 1:
            jobs[0].answer(error=told(error))
            return
        for job in jobs:
            self.write_alone(job)

    def _roll_back(self) -> None:
        if self.connection.in_transaction:
            self.connection.rollback()


def answer(ended: Ended) -> None:
    """Answers calls whose transaction is durable."""
    for job, result, error in ended:
        job.answer(result, None if error is None else told(error))


def told(error: BaseException) -> BaseException:
    """Tells what an error means to a caller."""
    return sqlite_meaning(error) if isinstance(error, sqlite3.Error) else error
