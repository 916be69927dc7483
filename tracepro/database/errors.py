"""What a database failure means to a caller: nothing was written, or nobody knows."""

from __future__ import annotations

import sqlite3

from tracepro_hookspecs import TryAgain


class TransactionLost(BaseException):
    """The database has thrown the whole transaction away; ``error`` is what it said.

    It is not an Exception, so that nobody in between (a plugin, a relay) takes it for a failure of their own and
    goes on without a transaction.
    """

    def __init__(self, error: BaseException) -> None:
        super().__init__(str(error))
        self.error = error


def busy(info: str = "The server is busy; nothing was written. Send the call again.") -> TryAgain:
    """Return the answer to a call that had to wait too long."""
    return TryAgain("busy", info)


def unavailable(reason: BaseException | None, outcome: str = "none") -> TryAgain:
    """Return the answer to a call that the database failed; ``outcome`` is ``none`` or ``unknown``."""
    known = "nothing was written" if outcome == "none" else "it is not known whether it was written"
    advice = "send the call again" + (" with the same idempotency key" if outcome == "unknown" else "")
    error = TryAgain(
        "database-unavailable", f"The database is not available, {known}; {advice}.", outcome=outcome
    )
    error.__cause__ = reason
    return error


_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_LOST = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_CORRUPT)
_UNAVAILABLE = (
    *_LOST,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_PERM,
)
_UNWRITABLE = (*_UNAVAILABLE, sqlite3.SQLITE_READONLY)


def sqlite_error_for_caller(error: BaseException, *, committing: bool = False) -> BaseException:
    """Return what an error of SQLite means to a caller; a mistake in a statement stays what it is."""
    if isinstance(error, TransactionLost):
        error = error.error
    code = _primary_code(error)
    if code in _BUSY:
        return busy()
    if code == sqlite3.SQLITE_INTERRUPT:
        return busy("A query took too long and was stopped; nothing was written. Ask for less at a time.")
    if code in _UNAVAILABLE:
        return unavailable(error, "unknown" if committing and code == sqlite3.SQLITE_IOERR else "none")
    return error


def unwritable(error: BaseException) -> BaseException | None:
    """Return what a database said that can't be written or reached; None for every other error."""
    if isinstance(error, TransactionLost):
        error = error.error
    return error if _primary_code(error) in _UNWRITABLE else None


def loses_transaction(error: sqlite3.Error) -> bool:
    """Tell whether an error of SQLite takes the whole transaction with it: a full disk, a failed read or write, a stop."""
    return _primary_code(error) in (*_LOST, sqlite3.SQLITE_INTERRUPT)


def lost_a_race(error: BaseException) -> bool:
    """Tell whether an error may come of another transaction on PostgreSQL, so that the next try may succeed."""
    return str(getattr(error, "sqlstate", None))[:2] == "23"


def _primary_code(error: BaseException) -> int:
    return (getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF if isinstance(error, sqlite3.Error) else 0
