"""One held connection to PostgreSQL, and what its failures mean."""

from __future__ import annotations

import os
import socket
import threading
import time
from contextlib import suppress
from typing import Any

import psycopg
from psycopg import errors as pg
from psycopg.adapt import Loader
from psycopg.pq import TransactionStatus
from psycopg.types.numeric import Int8Dumper

from tracepro.database.errors import TransactionLost, busy, unavailable
from tracepro.database.store import Limits
from tracepro_hookspecs import CallError

_ROLLED_BACK = (pg.SerializationFailure, pg.DeadlockDetected)
RETRYABLE = (*_ROLLED_BACK, pg.IntegrityError)
"""What a race with another transaction can cause, so that the same work may well succeed the next time."""

_BUSY = (pg.LockNotAvailable, pg.QueryCanceled)
_AWAY = (psycopg.OperationalError, psycopg.InterfaceError, pg.ReadOnlySqlTransaction)
_UNAVAILABLE_CLASSES = ("08", "53", "57", "58", "XX")
BACKOFF_SECONDS = 1.0
IDLE_DEATH_SECONDS = 0.5
"""A connection that died while it was idle says so at once; what takes longer is an outage."""


class OutageBackoff:
    """Remembers for a moment that the server gave no answer at all, so that not every call waits for that again.

    Without it the calls of a batch, and those that wait for a thread, would each wait in turn.
    """

    def __init__(self) -> None:
        self._ends = 0.0

    @property
    def is_active(self) -> bool:
        """True for a moment after the last wait in vain."""
        return time.monotonic() < self._ends

    def start(self) -> None:
        """Begin it: somebody waited in vain."""
        self._ends = time.monotonic() + BACKOFF_SECONDS

    def stop(self) -> None:
        """End it: the server has answered."""
        self._ends = 0.0


class PgConnection:
    """A connection that is opened when first used, and again after it died.

    ``waiting_since`` is when the statement that runs now was sent, 0 when none runs; ``failure`` is the last
    error in the transaction; it commits while it holds ``gate``.
    """

    def __init__(
        self, url: str, limits: Limits, *, statement_seconds: float, backoff: OutageBackoff | None = None
    ) -> None:
        self._url = url
        self._backoff = backoff or OutageBackoff()
        self._settings = _settings(limits, statement_seconds)
        self._connection: psycopg.Connection[Any] | None = None
        self.gate = threading.Lock()
        self.waiting_since = 0.0
        self.failure: Exception | None = None
        self._writes = False

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
            self._connection = psycopg.connect(
                self._url, autocommit=True, prepare_threshold=1, **self._settings
            )
        except psycopg.OperationalError as error:
            if time.monotonic() - began > BACKOFF_SECONDS:
                self._backoff.start()
            raise unavailable(error) from error
        self._backoff.stop()
        self._connection.prepared_max = 1000
        self._connection.adapters.register_dumper(int, Int8Dumper)
        self._connection.adapters.register_loader("numeric", _WholeNumber)
        self.cursor = self._connection.cursor()

    def begin(self, sql: str) -> None:
        """Begin a transaction; a connection that died while it was idle is replaced."""
        self.failure = None
        self._writes = "READ ONLY" not in sql
        if not self.is_open or not self._begin_on_held(sql):
            self.open()
            self.execute(sql)

    def _begin_on_held(self, sql: str) -> bool:
        began = time.monotonic()
        try:
            self.execute(sql)
        except TransactionLost:
            if self.is_open or time.monotonic() - began > IDLE_DEATH_SECONDS:
                raise
            return False
        return True

    def execute(self, sql: str, values: Any = None) -> psycopg.Cursor[Any]:
        """Run a statement and return the cursor."""
        self.waiting_since = time.monotonic()
        try:
            return self.cursor.execute(sql, values)
        except psycopg.Error as error:
            raise self._failed(error) from error
        finally:
            self.waiting_since = 0.0

    def executemany(self, sql: str, rows: list[Any]) -> None:
        """Run a statement once for each row of values."""
        self.waiting_since = time.monotonic()
        try:
            self.cursor.executemany(sql, rows)
        except psycopg.Error as error:
            raise self._failed(error) from error
        finally:
            self.waiting_since = 0.0

    def commit(self) -> None:
        """Commit. Raises TransactionLost, or TryAgain when the answer to the COMMIT never came.

        PostgreSQL answers the COMMIT of a failed transaction with a quiet rollback; that is a failure here.
        """
        status = self._status
        if status != TransactionStatus.INTRANS:
            raise TransactionLost(self.failure or RuntimeError(f"The transaction is {status.name}."))
        try:
            with self.gate:
                self.execute("COMMIT")
        except TransactionLost as lost:
            if self.is_open:
                raise
            raise unavailable(lost.error, "unknown") from lost

    def roll_back(self) -> None:
        """End the transaction, or the connection if that fails."""
        if not self.is_open or self._status == TransactionStatus.IDLE:
            return
        try:
            self.execute("ROLLBACK")
        except BaseException:
            self.close()

    def abort(self) -> None:
        """End the wait for an answer that doesn't come; may be called from another thread."""
        if self._connection is None:
            return
        with (
            suppress(OSError, psycopg.Error),
            socket.socket(fileno=os.dup(self._connection.pgconn.socket)) as line,
        ):
            line.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()

    def _failed(self, error: psycopg.Error) -> BaseException:
        """Note an error and return what to raise; who swallowed that a statement was stopped can't go on."""
        if isinstance(error, pg.InFailedSqlTransaction) and isinstance(self.failure, _BUSY):
            return TransactionLost(self.failure)
        self.failure = error
        return self._translated(error)

    def _translated(self, error: psycopg.Error) -> BaseException:
        if isinstance(error, _BUSY):
            return busy()
        if (
            not self.is_open
            or isinstance(error, _ROLLED_BACK)
            or (error.sqlstate or "")[:2] in _UNAVAILABLE_CLASSES
            or (self._writes and isinstance(error, pg.ReadOnlySqlTransaction))
        ):
            return TransactionLost(error)
        return error


def error_for_caller(error: BaseException) -> BaseException:
    """Return what the end of a transaction means to a caller; a mistake in a statement stays what it is."""
    if isinstance(error, CallError) or not isinstance(error, TransactionLost):
        return error
    cause = error.error
    if isinstance(cause, _BUSY):
        return busy()
    if isinstance(cause, _ROLLED_BACK):
        return busy("Others kept changing the same rows; nothing was written. Send the call again.")
    return unavailable(cause) if isinstance(cause, _AWAY) else cause


def _settings(limits: Limits, statement_seconds: float) -> dict[str, Any]:
    timeouts = f"-c lock_timeout={_ms(limits.lock_seconds)} -c statement_timeout={_ms(statement_seconds)}"
    return {
        "application_name": "tracepro",
        "connect_timeout": 2,
        "tcp_user_timeout": _ms(limits.statement_seconds),
        "keepalives_idle": 10,
        "keepalives_interval": 2,
        "keepalives_count": 3,
        "options": f"{timeouts} -c idle_in_transaction_session_timeout=60000 -c timezone=UTC",
    }


def _ms(seconds: float) -> int:
    return int(seconds * 1000)


class _WholeNumber(Loader):
    """Sums of whole numbers come as NUMERIC; here they are what SQLite gives, whole numbers."""

    def load(self, data: Any) -> int | float:
        text = bytes(data)
        return float(text) if b"." in text else int(text)
