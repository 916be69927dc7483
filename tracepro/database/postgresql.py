"""PostgreSQL: threads that write, each with a held connection, and held readers; other servers may share it."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Any
from weakref import WeakSet

from tracepro.calls.inside import refuse_inside
from tracepro.database.errors import TransactionLost
from tracepro.database.insert import Insert
from tracepro.database.link import Again, Link, Silence, told
from tracepro.database.session import Session
from tracepro.database.store import Answer, Job, Limits
from tracepro.database.waiting import WaitingCalls

WRITE = "BEGIN ISOLATION LEVEL READ COMMITTED"
READ = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
TRIES = 6


class PostgresqlSession(Session):
    """A transaction that writes on PostgreSQL."""

    dialect = "postgresql"
    form = "postgresql"
    __slots__ = ("_many",)

    def __init__(self, link: Link, *, writable: bool) -> None:
        super().__init__(link.cursor, link.execute, writable=writable)
        self._many = link.executemany

    def insert(self, insert: Insert, /, **values: Any) -> int:
        """Return the id of the row that is inserted; 0 where the table numbers no rows."""
        if insert.key is None:
            self.run(insert.plain, **insert.row(values))
            return 0
        return self.value(insert.returning, **insert.row(values))

    def insert_many(self, insert: Insert, rows: Sequence[dict[str, Any]]) -> list[int]:
        """Inserts rows and returns their ids in the order given.

        One statement takes the columns as arrays; ids are drawn from the sequence first, for no order is
        promised of what RETURNING gives.
        """
        if not rows:
            return []
        columns = insert.columns([insert.row(row) for row in rows])
        if insert.key is None or insert.conflicts:
            self.run(insert.bulk, **columns)
            return []
        ids = [row[0] for row in self.rows(insert.fresh_ids, count=len(rows))]
        self.run(insert.bulk, **columns, **{insert.key.name: ids})
        return ids

    def _execute_many(self, sql: str, rows: list[Any]) -> None:
        if len(rows) == 1:
            self._execute(sql, rows[0])
        elif rows:
            self._many(sql, rows)


class ReadingSession(PostgresqlSession):
    """A transaction that only reads on PostgreSQL; it can't lock rows."""

    form = "reading"
    __slots__ = ()


class PostgresqlStore:
    """One database of a PostgreSQL server."""

    dialect = "postgresql"

    def __init__(self, url: str, limits: Limits = Limits()) -> None:
        self.url = url
        self.limits = limits
        self._waiting = WaitingCalls(limits.queue_seconds, limits.opening_seconds)
        self._links: WeakSet[Link] = WeakSet()
        self._silence = Silence()
        self._held = threading.local()
        self._threads: list[threading.Thread] = []
        self._ended = threading.Event()
        self._inline = threading.Lock()
        self._inline_link: Link | None = None

    def start(self) -> None:
        """Starts the threads that write."""
        self._waiting.open()
        targets = [self._write_waiting] * self.limits.write_threads + [self._waiting.watch, self._watch_links]
        for number, target in enumerate(targets):
            thread = threading.Thread(target=target, name=f"store-{number}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def read(self, work: Callable[[Session], Answer]) -> Answer:
        """Runs ``work`` on a snapshot, in this thread."""
        refuse_inside("open another transaction")
        link = getattr(self._held, "link", None)
        if link is None:
            link = self._held.link = self._link(self.limits.statement_seconds)
        try:
            link.begin(READ)
            return work(ReadingSession(link, writable=False))
        except TransactionLost as error:
            raise told(error) from error
        finally:
            link.roll_back()

    def write(self, work: Callable[[Session], Answer], *, alone: bool = False) -> Future[Answer]:
        """Queues ``work`` for one of the threads that write; ``alone`` is what every call is here."""
        refuse_inside("open another transaction")
        job = Job(work, alone)
        self._waiting.put(job)
        return job.future

    def write_inline(self, work: Callable[[Session], Answer]) -> Answer:
        """Runs ``work`` in a transaction of its own in this thread; its statements may take their time."""
        refuse_inside("open another transaction")
        with self._inline:
            if self._inline_link is None:
                self._inline_link = self._link(0)
            return transaction(self._inline_link, work)

    def ping(self) -> None:
        """Asks the database for a sign of life. Raises TryAgain."""
        self.read(lambda db: db.asked("SELECT 1"))

    def hand_over(self) -> None:
        """Answers what is queued and stops writing; other processes write all the time."""
        self._ended.set()
        self._waiting.end(self._threads)

    def close(self) -> None:
        """Ends the threads and closes all connections."""
        self.hand_over()
        for link in list(self._links):
            link.close()
        self._inline_link = None
        self._held = threading.local()

    def _link(self, statement_seconds: float) -> Link:
        link = Link(self.url, self.limits, statement_seconds=statement_seconds, silence=self._silence)
        self._links.add(link)
        return link

    def _write_waiting(self) -> None:
        """Writes until the queue is closed and empty."""
        link = self._link(self.limits.statement_seconds)
        while (job := self._waiting.take()) is not None:
            try:
                result = transaction(link, job.work)
            except BaseException as error:
                job.answer(error=error)
            else:
                job.answer(result)
        link.close()

    def _watch_links(self) -> None:
        """Cuts connections on which the server has not even answered that a statement took too long."""
        limit = self.limits.statement_seconds + 0.3
        while not self._ended.wait(0.1):
            latest = time.monotonic() - limit
            for link in list(self._links):
                if link is not self._inline_link and 0 < link.asked < latest:
                    link.cut()
                    self._silence.noted()


def transaction(link: Link, work: Callable[[Session], Answer]) -> Answer:
    """Runs ``work`` in a transaction; what a race with others causes is tried again from the start."""
    for last in range(TRIES):
        try:
            return _once(link, work)
        except TransactionLost as lost:
            if last == TRIES - 1 or not isinstance(lost.error, Again):
                raise told(lost) from lost
        time.sleep(random.uniform(0.002, 0.01) * (last + 1))
    raise AssertionError("unreachable")


def _once(link: Link, work: Callable[[Session], Answer]) -> Answer:
    try:
        link.begin(WRITE)
        result = work(PostgresqlSession(link, writable=True))
        link.commit()
    except BaseException as error:
        # What a plugin made of a failed statement matters less than that it may succeed the next time.
        overlooked = link.failure if link.has_failed else None
        link.roll_back()
        if isinstance(overlooked, Again) and not isinstance(error, TransactionLost):
            raise TransactionLost(overlooked) from error
        raise
    return result
