"""A small write that leaves nothing, by which a database that could not be written shows that it can again."""

from __future__ import annotations

from peewee import Query

from tracepro.database.core_models import Idempotency
from tracepro.database.insert import Insert
from tracepro.database.session import Session
from tracepro.database.statement import statement

WRITE = Insert(Idempotency, ignore=True)
CALLER = ""
"""The caller of the row; no token has an empty name."""
SIZE = 64 * 1024
"""More than fits into a page, so that the file must grow as for a booking."""


@statement
def forget() -> Query:
    """The row, gone."""
    return Idempotency.delete().where(Idempotency.caller == CALLER)


def write_and_forget(db: Session) -> None:
    """Write a row and delete it."""
    db.run(forget)
    db.insert_or_ignore(WRITE, caller=CALLER, key="probe", fingerprint="", answer="x" * SIZE, created=0)
    db.run(forget)
