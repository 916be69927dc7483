"""What failures on PostgreSQL mean: a race that may be tried again, a wait that was too long, a server that is away."""

from __future__ import annotations

import time

import psycopg
from psycopg import errors as pg

from tracepro.database.errors import TransactionLost, busy, unavailable
from tracepro_hookspecs import CallError

_ROLLED_BACK = (pg.SerializationFailure, pg.DeadlockDetected)
RETRYABLE = (*_ROLLED_BACK, pg.IntegrityError)
"""What a race with another transaction can cause, so that the same work may well succeed the next time."""

STOPPED = (pg.LockNotAvailable, pg.QueryCanceled)
"""What the server says of a statement that took too long."""

_AWAY = (psycopg.OperationalError, psycopg.InterfaceError, pg.ReadOnlySqlTransaction)
_UNAVAILABLE_CLASSES = ("08", "53", "57", "58", "XX")
BACKOFF_SECONDS = 1.0


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


def meaning_inside(error: psycopg.Error, *, is_open: bool, writes: bool) -> BaseException:
    """Return what to raise inside a transaction for an error of a statement."""
    if isinstance(error, STOPPED):
        return busy()
    if (
        not is_open
        or isinstance(error, _ROLLED_BACK)
        or (error.sqlstate or "")[:2] in _UNAVAILABLE_CLASSES
        or (writes and isinstance(error, pg.ReadOnlySqlTransaction))
    ):
        return TransactionLost(error)
    return error


def error_for_caller(error: BaseException) -> BaseException:
    """Return what the end of a transaction means to a caller; a mistake in a statement stays what it is."""
    if isinstance(error, CallError) or not isinstance(error, TransactionLost):
        return error
    cause = error.error
    if isinstance(cause, STOPPED):
        return busy()
    if isinstance(cause, _ROLLED_BACK):
        return busy("Others kept changing the same rows; nothing was written. Send the call again.")
    return unavailable(cause) if isinstance(cause, _AWAY) else cause
