"""One held connection to PostgreSQL, its transactions and savepoints."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any

import psycopg
from psycopg import errors as pg
from psycopg.pq import TransactionStatus
from psycopg.sql import Composed

from tracepro.database.errors import TransactionLost, unavailable
from tracepro.database.pg_connecting import connected, settings_of
from tracepro.database.pg_errors import BACKOFF_SECONDS, STOPPED, OutageBackoff, meaning_inside
from tracepro.database.pg_line import Line
from tracepro.database.pg_wire import Answer, Asked, Wire
from tracepro.database.store import Limits
from tracepro_hookspecs import Row, TryAgain

IDLE_DEATH_SECONDS = 0.5
"""A connection that died while it was idle says so at once; what takes longer is an outage."""

ROWS_AT_ONCE = 500
"""How often a statement for many rows is sent before the answers are waited for."""


class PgConnection:
    """A connection that is opened when first used, and again after it died.

    What nobody waits for, BEGIN and savepoints among it, stands in line until a statement is waited for, and is sent with
    that one. ``waiting_since`` is when the server was sent what is waited for now, 0 when nothing is; ``failure`` is the
    last error in the transaction; it commits while it holds ``gate``, and the last COMMIT took ``commit_seconds``.
    """

    _wire: Wire

    def __init__(
        self, url: str, limits: Limits, *, statement_seconds: float, backoff: OutageBackoff | None = None
    ) -> None:
        self._url = url
        self._backoff = backoff or OutageBackoff()
        self._settings = settings_of(limits, statement_seconds)
        self._connection: psycopg.Connection[Any] | None = None
        self._line = Line()
        self._begun = self._answered = self._writes = self._aborted = False
        self.gate = threading.Lock()
        self.waiting_since = 0.0
        self.commit_seconds = 0.0
        self.failure: Exception | None = None

    @property
    def is_open(self) -> bool:
        """True when it was connected and nothing is known against it."""
        return self._connection is not None and not self._connection.closed

    @property
    def has_failed(self) -> bool:
        """True when the transaction can only be rolled back."""
        return self._status == TransactionStatus.INERROR

    @property
    def _status(self) -> TransactionStatus:
        if self._connection is None:
            return TransactionStatus.UNKNOWN
        return TransactionStatus(self._connection.pgconn.transaction_status)

    def open(self) -> None:
        """Connect. Raises TryAgain when the database is away, at once when it gave no answer just now."""
        if self._backoff.is_active:
            raise unavailable(None)
        began = time.monotonic()
        try:
            self._connection = connected(self._url, self._settings)
        except psycopg.OperationalError as error:
            if time.monotonic() - began > BACKOFF_SECONDS:
                self._backoff.start()
            raise unavailable(error) from error
        self._backoff.stop()
        self._aborted = False
        self._wire = Wire(self._connection)

    def begin(self, sql: str) -> None:
        """Begin a transaction: BEGIN is the first to stand in line. Raises TryAgain when it can't connect."""
        self.failure = None
        self._writes = "READ ONLY" not in sql
        self._begun = self._answered = False
        self.commit_seconds = 0.0
        if not self.is_open:
            self.open()
        self._line = Line([Asked(sql)])

    def execute(self, sql: str, values: Sequence[Any] | None = None) -> Answer:
        """Run a statement after those that stand in line, and return its answer. Raises the first error of them all."""
        asked = self._ask(sql, values)
        self._line.put(asked)
        self._send(self._line.take())
        assert asked.answer is not None
        return asked.answer

    def executemany(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """Run a statement once for each row of values."""
        for start in range(0, len(rows), ROWS_AT_ONCE):
            for row in rows[start : start + ROWS_AT_ONCE]:
                self._line.put(self._ask(sql, row))
            self._send(self._line.take())

    def defer(self, sql: str, values: Sequence[Any] | None = None) -> None:
        """Put a statement in line; whoever sends the line hears its error."""
        self._line.defer(self._ask(sql, values))

    def ask_behind(self, sql: str, values: Sequence[Any] | None = None) -> Asked:
        """Have a question sent right behind the next statement that is waited for; :meth:`answer_to` gives its answer."""
        asked = self._ask(sql, values)
        self._line.put_behind(asked)
        return asked

    def answer_to(self, asked: Asked) -> Answer | None:
        """Return the answer to a question of this transaction; None if it was left out behind an error."""
        if asked.answer is None:
            self._send(self._line.take())
        return asked.answer

    def settle(self) -> None:
        """Wait for what was deferred. Raises its error."""
        if self._line.has_deferred:
            self._send(self._line.take())

    def run_script(self, sql: str) -> None:
        """Run a text without values, which may be several statements."""
        self._send(self._line.take())
        self.waiting_since = time.monotonic()
        try:
            self._wire.run_script(sql)
        except psycopg.Error as error:
            raise self._failed(error) from error
        finally:
            self.waiting_since = 0.0

    def copy_in(self, sql: Composed, rows: Iterable[Row]) -> None:
        """Send rows by COPY, after what stands in line."""
        self._send(self._line.take())
        try:
            self._wire.copy_in(sql, rows)
        except psycopg.Error as error:
            raise self._failed(error) from error

    def savepoint(self, name: str) -> Asked:
        """Put a savepoint in line and return it; what was deferred before is waited for, so that it fails outside."""
        self.settle()
        savepoint = Asked(f"SAVEPOINT {name}")
        self._line.put(savepoint)
        return savepoint

    def release(self, name: str, savepoint: Asked) -> None:
        """Let go of a savepoint inside which all went well and is settled; one that was never sent is just left out."""
        if self._line.leave_out(savepoint):
            return
        if self.has_failed:
            self.execute(f"RELEASE {name}")
        self._line.put(Asked(f"RELEASE {name}"))

    def take_back(self, name: str, savepoint: Asked) -> None:
        """Undo what happened since a savepoint; what still stands in line is not sent at all."""
        if not self._line.leave_out_from(savepoint):
            self.execute(f"ROLLBACK TO {name}")
            self._line.put(Asked(f"RELEASE {name}"))

    def commit(self) -> None:
        """Commit, with what stands in line. Raises TransactionLost, or TryAgain when the answer to the COMMIT never came.

        PostgreSQL answers the COMMIT of a failed transaction with a quiet rollback; that is a failure here.
        """
        if not self._begun:
            if not self._line.has_deferred:
                return  # nothing was asked
            self._send(self._line.take())  # the answer to BEGIN tells whether the connection was alive
        status = self._status
        if status != TransactionStatus.INTRANS:
            raise TransactionLost(self.failure or RuntimeError(f"The transaction is {status.name}."))
        began = time.monotonic()
        with self.gate:
            before = self._line.take_without_questions()
            try:
                self._send([*before, Asked("COMMIT")])
            except TransactionLost as lost:
                if self.is_open or any(asked.error and asked.error.sqlstate for asked in before):
                    raise
                raise unavailable(lost.error, "unknown") from lost
        self.commit_seconds = time.monotonic() - began
        self._begun = False

    def end_reading(self) -> None:
        """End a transaction that only read; nobody waits for the answer."""
        if self._begun and self._status == TransactionStatus.INTRANS:
            self._begun = False
            try:
                self._wire.send([Asked("COMMIT")])
            except BaseException:
                self.close()
        else:
            self.roll_back()

    def roll_back(self) -> None:
        """End the transaction, or the connection if that fails."""
        self._line = Line()
        if not self._begun or not self.is_open or self._status == TransactionStatus.IDLE:
            return
        try:
            self.execute("ROLLBACK")
        except BaseException:
            self.close()

    def abort(self) -> None:
        """End the wait for an answer that doesn't come; may be called from another thread."""
        if self._connection is None:
            return
        self._aborted = True
        with (
            suppress(OSError, psycopg.Error),
            socket.socket(fileno=os.dup(self._connection.pgconn.socket)) as line,
        ):
            line.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()

    def _ask(self, sql: str, values: Sequence[Any] | None) -> Asked:
        try:
            return self._wire.ask(sql, values)
        except psycopg.Error as error:
            raise self._failed(error) from error

    def _send(self, line: list[Asked]) -> None:
        """Send what stood in line and wait for the answers; on a new connection if this one died while it was idle."""
        if not line:
            return
        self._begun = True
        began = self.waiting_since = time.monotonic()
        try:
            self._wire.send(line)
            self._wire.receive()
        except psycopg.Error as error:
            late = self._aborted or time.monotonic() - began > IDLE_DEATH_SECONDS
            if late or self._answered or line[0].answer is not None or self.is_open:
                raise self._failed(error) from error
            self._send_on_new_connection(line, error)
        finally:
            self.waiting_since = 0.0
        self._answered = True

    def _send_on_new_connection(self, line: list[Asked], error: psycopg.Error) -> None:
        self.waiting_since = 0.0
        try:
            self.open()
        except TryAgain as away:
            raise TransactionLost(away.__cause__ or error) from error
        self.waiting_since = time.monotonic()
        try:
            self._wire.send(line)
            self._wire.receive()
        except psycopg.Error as another:
            raise self._failed(another) from another

    def _failed(self, error: psycopg.Error) -> BaseException:
        """Note an error and return what to raise; who swallowed that a statement was stopped can't go on."""
        if isinstance(error, pg.InFailedSqlTransaction) and isinstance(self.failure, STOPPED):
            return TransactionLost(self.failure)
        self.failure = error
        return meaning_inside(error, is_open=self.is_open, writes=self._writes)
