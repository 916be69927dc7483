"""Whether somebody else of TracePRO is connected to a PostgreSQL database, whose tables are about to change."""

from __future__ import annotations

import time

from tracepro.database.session import Session

MIGRATION_LOCK = 7208217
"""The advisory lock of who migrates."""
OTHERS = f"""
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND application_name = 'tracepro' AND pid <> pg_backend_pid()
AND pid NOT IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = {MIGRATION_LOCK} AND NOT granted)
"""
LEAVING_SECONDS = 3.0


def is_alone(db: Session) -> bool:
    """Tell whether nobody else is connected, but for who waits to migrate; who is just leaving is waited for.

    On SQLite who writes is alone by the lock file: always True.
    """
    deadline = time.monotonic() + LEAVING_SECONDS
    while db.dialect == "postgresql" and db.raw_rows(OTHERS) != [(0,)]:
        if time.monotonic() >= deadline:
            return False
        time.sleep(0.05)
        db.raw_rows("SELECT pg_stat_clear_snapshot()")
    return True
