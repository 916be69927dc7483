"""The order of commits: rows that readers go through for ever, so that none ever shows before one already read.

Ids follow the order of commits on SQLite, where one transaction writes at a time. On PostgreSQL a slow transaction
commits lower ids later, and ids of transactions say who began first, not who recorded first. A row therefore gets the
highest transaction that had ended when it was written, or its own if that is higher: what was committed before it was
written has no higher number, so rows of one unit, whose lock one of two calls waits for, stand as recorded. A row
shows once no transaction up to its number runs any more in this database; whatever shows later has a higher number.
"""

from __future__ import annotations

from typing import Any, cast

from peewee import SQL, Context, Expression, Field, Node, NodeList, Ordering, Tuple

from tracepro.database.fields import Integer, on_sqlite
from tracepro.database.session import Session as StoreSession
from tracepro.database.statement import p
from tracepro_hookspecs import Session

# Functions of PostgreSQL 13 and later; xid8 becomes a number by way of text only.
_NUMBER = (
    "GREATEST(pg_current_xact_id()::text::bigint, pg_snapshot_xmax(pg_current_snapshot())::text::bigint - 1)"
)
_NEXT = "pg_snapshot_xmax(pg_current_snapshot())::text::bigint"
# What runs in other databases of the server, or clears up in this one, writes nothing here. Who ended after the snapshot
# was taken is not in the list of activities; such a one of another database is known only if it ran before.
_ELSEWHERE = """other.backend_type = 'autovacuum worker' OR other.datid <> (
SELECT own.datid FROM pg_stat_get_activity(pg_backend_pid()) AS own)"""
_RUNNING_ELSEWHERE = f"""SELECT other.backend_xid::text::bigint FROM pg_stat_get_activity(NULL) AS other
WHERE other.backend_xid IS NOT NULL AND ({_ELSEWHERE})"""
_OLDEST_RUNNING = (
    f"""COALESCE((SELECT min(running::text::bigint) FROM pg_snapshot_xip(pg_current_snapshot()) AS running
WHERE NOT EXISTS (SELECT FROM pg_stat_get_activity(NULL) AS other
WHERE other.backend_xid = running::xid AND ({_ELSEWHERE})) AND (running::text::bigint & 4294967295""",
    " IN ",
    f") IS NOT TRUE), {_NEXT})",
)
_HIGHEST = str(2**63 - 1)


class CommitOrder(Integer):
    """A row's number in the order of commits, which the database gives it; with the id it is unique."""

    def ddl(self, ctx: Any) -> NodeList:
        """Write the column with its default."""
        kind = "INTEGER NOT NULL DEFAULT 0" if on_sqlite(ctx) else f"BIGINT NOT NULL DEFAULT {_NUMBER}"
        return NodeList((SQL(f'"{self.column_name}" {kind}'),))


class _Fixed(Node):
    """Text that differs by database and is the same in every query."""

    def __init__(self, sqlite: str, postgresql: str) -> None:
        super().__init__()
        self._sqlite = sqlite
        self._postgresql = postgresql

    def __sql__(self, ctx: Context) -> Context:
        return ctx.literal(self._sqlite if on_sqlite(ctx) else self._postgresql)


class _OldestRunning(Node):
    """The oldest transaction that runs and may write here; ``elsewhere`` are those that are known not to."""

    def __sql__(self, ctx: Context) -> Context:
        if on_sqlite(ctx):
            return ctx.literal(_HIGHEST)
        begin, word, end = _OLDEST_RUNNING
        ctx.literal(begin).literal(word)
        ctx.sql(p.integers("elsewhere"))  # type: ignore[no-untyped-call]
        return ctx.literal(end)


def running_elsewhere(db: Session) -> list[int]:
    """Return the transactions that can't hold rows back, to be asked in a transaction before the one that reads.

    With it every row that was committed by then shows, whatever else the server is busy with.
    """
    if db.dialect == "sqlite":
        return []
    return [number for (number,) in cast(StoreSession, db).raw_rows(_RUNNING_ELSEWHERE)]


def settled(number: Field[Any]) -> Expression:
    """Return the condition that no row can show before this one any more; the statement takes ``elsewhere``.

    A number that no transaction had yet comes from another server, whose dump was restored here.
    """
    condition: Expression = (number < _OldestRunning()) | (number >= _Fixed(_HIGHEST, _NEXT))
    return condition


def later(number: Field[Any], key: Field[Any]) -> Expression:
    """Return the condition that a row comes after the one with the values ``number`` and ``key``."""
    condition: Expression = Tuple(number, key) > Tuple(p("number"), p("key"))
    return condition


def in_order(number: Field[Any], key: Field[Any]) -> tuple[Ordering, Ordering]:
    """Return what to order by."""
    return number.asc(), key.asc()


def next_number(db: Session) -> int:
    """Return a number that no row of this database was given yet; on SQLite all are given 0."""
    return 1 if db.dialect == "sqlite" else int(cast(StoreSession, db).raw_rows(f"SELECT {_NEXT}")[0][0])
