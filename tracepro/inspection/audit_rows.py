"""The audit as it stands: whole rows in order of id, for whoever copies it or proves it, without an end in sight of memory."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any, NamedTuple

from peewee import Query, fn

from tracepro.database import p, statement
from tracepro.database.core_models import Audit
from tracepro.database.settled_ids import SettledIds
from tracepro_hookspecs import Session, Store

PAGE_ROWS = 1000
FIRST = -(2**63)
"""Before every id."""


class WholeAuditRow(NamedTuple):
    """A row with all its columns; ``params`` and ``changes`` are JSON as it is stored, ``tm`` microseconds UTC."""

    id: int
    tm: int
    caller: str
    worker: str | None
    wp_id: int | None
    line: str | None
    method: str
    params: str
    changes: str
    idempotency_key: str | None
    request_id: str
    address: str
    client_request_id: str | None

    def by_column(self) -> dict[str, Any]:
        """Return the values by the names of their columns."""
        return dict(zip(WholeAuditRow.__annotations__, self, strict=True))


COLUMNS = tuple(getattr(Audit, name) for name in WholeAuditRow.__annotations__)


@statement
def rows_between() -> Query:
    """Rows behind an id up to another, in order of id."""
    ids = (Audit.id > p("after")) & (Audit.id <= p("upto"))
    return Audit.select(*COLUMNS).where(ids).order_by(Audit.id).limit(p("limit"))


@statement
def newest_id() -> Query:
    """The highest id."""
    return Audit.select(Audit.id).order_by(Audit.id.desc()).limit(1)


@statement
def first_behind() -> Query:
    """When the first row behind an id was written."""
    return Audit.select(Audit.tm).where(Audit.id > p("after")).order_by(Audit.id).limit(1)


@statement
def count_behind() -> Query:
    """How many rows there are behind an id, no further than a limit."""
    some = Audit.select(Audit.id).where(Audit.id > p("after")).limit(p("limit"))
    return some.select_from(fn.COUNT(1))


@statement
def first_at() -> Query:
    """The first row of a moment."""
    return Audit.select(Audit.id).where(Audit.tm == p("tm")).order_by(Audit.id).limit(1)


def audit_rows(db: Session, after: int, limit: int, upto: int = 2**63 - 1) -> list[WholeAuditRow]:
    """Return the next rows behind an id, at most ``limit``, and none with an id above ``upto``."""
    return [WholeAuditRow(*row) for row in db.rows(rows_between, after=after, upto=upto, limit=limit)]


def audit_pages(store: Store, after: int) -> Iterator[list[WholeAuditRow]]:
    """Yield all rows behind an id page by page, each on a snapshot of its own, so that no transaction is open for long."""
    while page := store.read(partial(_page, after)):
        yield page
        after = page[-1].id


def _page(after: int, db: Session) -> list[WholeAuditRow]:
    return audit_rows(db, after, PAGE_ROWS)


def newest_audit_id(db: Session) -> int:
    """Return the highest id, 0 where nothing was ever recorded."""
    newest: int | None = db.value(newest_id)
    return newest or 0


def count_audit_rows(db: Session, after: int, limit: int) -> int:
    """Return how many rows there are behind an id, counted up to a limit."""
    rows: int = db.value(count_behind, after=after, limit=limit)
    return rows


def next_audit_tm(db: Session, after: int) -> int | None:
    """Return when the first row behind an id was written; None where there is none."""
    tm: int | None = db.value(first_behind, after=after)
    return tm


def audit_id_at(db: Session, tm: int) -> int | None:
    """Return the id of the first row that was written at a moment, which is that of its call; None where there is none."""
    found: int | None = db.value(first_at, tm=tm)
    return found


def settled_audit() -> SettledIds:
    """Return what tells up to which id of the audit no further row comes: ``upto(site.store)``, asked again and again."""
    return SettledIds(Audit)
