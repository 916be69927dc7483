"""The queue: rows are written with what they tell of, read in the order of commits, and done when the ERP has them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from peewee import Query

from tracepro import clock
from tracepro.database import Insert, in_order, later, p, settled, statement
from tracepro_erp import models as m
from tracepro_hookspecs import Call, Row, Session

NEW = Insert(m.Entry)
PURGED_AT_ONCE = 1000
Body = dict[str, Any]
Entries = Sequence[tuple[int | None, Body]]
"""Each with the id of the operation or unit that it is about, None for what nobody takes back, and its body."""


@statement
def page_after() -> Query:
    """What waits after a row and can be shown, in the order of commits."""
    entry = m.Entry
    columns = entry.select(entry.id, entry.kind, entry.tm, entry.body)
    waiting = columns.where(entry.done.is_null(), later(entry.place, entry.id), settled(entry.place))
    return waiting.order_by(*in_order(entry.place, entry.id)).limit(p("limit"))


@statement
def place_of() -> Query:
    """Where a row stands in the order; of one that is not kept any more, where the one before it does."""
    query = m.Entry.select(m.Entry.place, m.Entry.id).where(m.Entry.id <= p("id"))
    return query.order_by(m.Entry.id.desc()).limit(1)


@statement
def lock_entries() -> Query:
    """When rows were done, locked in order of id."""
    query = m.Entry.select(m.Entry.id, m.Entry.done).where(m.Entry.id.in_(p.integers("ids")))
    return query.order_by(m.Entry.id).for_update()


@statement
def update_done() -> Query:
    """Mark rows as done."""
    return m.Entry.update(done=p("done")).where(m.Entry.id.in_(p.integers("ids")))


@statement
def done_before() -> Query:
    """Some of the rows that were done before a moment, the oldest first."""
    old = m.Entry.select(m.Entry.id).where(m.Entry.done.is_null(False), m.Entry.done < p("before"))
    return old.order_by(m.Entry.done).limit(PURGED_AT_ONCE)


@statement
def delete_entries() -> Query:
    """Delete rows."""
    return m.Entry.delete().where(m.Entry.id.in_(p.integers("ids")))


@statement
def entries_about() -> Query:
    """Rows of some kinds about operations or units, as written."""
    entry = m.Entry
    query = entry.select(entry.id, entry.kind, entry.subject, entry.body).order_by(entry.id)
    return query.where(entry.subject.in_(p.integers("subjects")), entry.kind.in_(p.texts("kinds")))


def write(call: Call, kind: str, entries: Entries) -> list[int]:
    """Write rows of one kind, in a number of statements that doesn't grow with theirs, and return their ids."""
    return call.db.insert_many(NEW, _rows(call, kind, entries))


def tell(call: Call, kind: str, entries: Entries) -> None:
    """Write rows of one kind whose ids nobody needs."""
    call.db.defer_insert_many(NEW, _rows(call, kind, entries))


def _rows(call: Call, kind: str, entries: Entries) -> list[dict[str, Any]]:
    return [
        {"kind": kind, "tm": call.now, "subject": subject, "body": body, "done": None}
        for subject, body in entries
    ]


def is_told(call: Call, kind: str) -> bool:
    """Tell whether the ERP is to hear of a kind of rows here."""
    return kind in call.option("erp", "kinds")


def take_back(call: Call, kinds: Sequence[str], subjects: Sequence[int]) -> None:
    """Write the counter-entries of what was told about operations or units; what was never told needs none.

    Whatever is told now: what the ERP has heard it must also hear the end of.
    """
    told: dict[tuple[str, int], dict[int, Body]] = {}
    rows = call.db.rows(entries_about, subjects=list(subjects), kinds=list(kinds))
    for entry_id, kind, subject, body in rows:
        standing = told.setdefault((kind, subject), {})
        if "cancels" in body:
            standing.pop(body["cancels"], None)
        else:
            standing[entry_id] = body
    for kind in kinds:
        counter_entries = [
            (subject, {**body, "cancels": entry_id})
            for (told_kind, subject), standing in told.items()
            for entry_id, body in standing.items()
            if told_kind == kind
        ]
        tell(call, kind, counter_entries)


def page(db: Session, after: int, limit: int, elsewhere: Sequence[int]) -> list[dict[str, Any]]:
    """Return what waits after a row, at most ``limit`` rows; an ``after`` of 0 begins with the first that waits.

    ``elsewhere`` is what ``running_elsewhere`` of ``tracepro.database`` said just before.
    """
    number, key = (db.one(place_of, id=after) if after else None) or (-1, 0)
    rows = db.rows(page_after, number=number, key=key, limit=limit, elsewhere=list(elsewhere))
    return [_shown(row) for row in rows]


def _shown(row: Row) -> dict[str, Any]:
    entry_id, kind, tm, body = row
    return {"id": entry_id, "kind": kind, "tm": clock.text(tm), "body": body}


def mark_done(db: Session, ids: Sequence[int], now: int) -> list[int]:
    """Mark rows as done and return those that were not; unknown ids are left out."""
    waiting = [entry_id for entry_id, done in db.rows(lock_entries, ids=list(ids)) if done is None]
    if waiting:
        db.run(update_done, ids=waiting, done=now)
    return waiting


def purge(db: Session, keep_days: int, now: int) -> int:
    """Delete some of the rows that have been done for longer than ``keep_days`` (0: none); return how many."""
    if not keep_days:
        return 0
    old = [entry_id for (entry_id,) in db.rows(done_before, before=now - keep_days * clock.DAY)]
    return db.run(delete_entries, ids=old) if old else 0
