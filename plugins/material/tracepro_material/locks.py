"""The lock of a workplace's material."""

from __future__ import annotations

from peewee import Query

from tracepro.database import Insert, p, statement
from tracepro_hookspecs import Call
from tracepro_material import models as m

NEW = Insert(m.WorkplaceLock, ignore=True)


@statement
def lock_of_workplace() -> Query:
    """The row of a workplace, locked."""
    return m.WorkplaceLock.select(m.WorkplaceLock.id).where(m.WorkplaceLock.wp_id == p("wp_id")).for_update()


def lock_workplace(call: Call, wp_id: int, *, create: bool = False) -> None:
    """Keep others from loading or taking at this workplace until the call ends.

    SQLite writes one call at a time anyway. On PostgreSQL the row of the workplace is locked before its
    reels are read: locking the reels themselves would miss one that is loaded while waiting. A workplace
    without a row has nothing loaded; ``create`` makes it.
    """
    if create:
        call.db.insert_or_ignore(NEW, wp_id=wp_id)
    if call.db.writable and call.db.dialect != "sqlite":
        call.db.one(lock_of_workplace, wp_id=wp_id)
