"""Which rows of a table are old enough to go, read page by page in order of id."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any

import msgspec
from peewee import JOIN, SQL, Case, Query

from tracepro.database import Instant, Session, Statement, Store, p, statement
from tracepro_hookspecs import Archive, Row

PAGE_ROWS = 1000


class OldRow(msgspec.Struct, frozen=True, gc=False):
    """A row that goes: its id, when it is from, and its line in the file as JSON."""

    id: int
    tm: int
    line: bytes


class Selection:
    """The rows of an archive that are older than ``before``."""

    def __init__(self, archive: Archive, before: int) -> None:
        own = archive.model._meta
        fields = {field.column_name: field for field in own.sorted_fields} | dict(archive.beside)
        self.archive = archive
        self.before = before
        self.columns = tuple(fields)
        self._fields = tuple(fields.values())
        self._instants = {name for name, field in fields.items() if isinstance(field, Instant)}
        self._page: Statement = statement(self._rows_after)

    def pages(self, store: Store, after: int = 0) -> Iterator[list[OldRow]]:
        """Yield what goes, behind an id, each page from a snapshot of its own.

        It ends at the first page that is young throughout, for ids follow time; what was written late about something old is
        behind it perhaps, and goes another time.
        """
        while True:
            rows = store.read(partial(self._read, after))
            times = [tm for _, _, tm, *_ in rows if tm is not None]
            yield [self._old(row) for row in rows if row[1] and row[2] is not None and row[2] < self.before]
            if len(rows) < PAGE_ROWS or (times and min(times) >= self.before):
                return
            after = rows[-1][0]

    def _read(self, after: int, db: Session) -> list[Row]:
        return db.rows(self._page, after=after)

    def _rows_after(self) -> Query:
        """All rows, so that a page is short however few of them go."""
        archive, key = self.archive, self.archive.key
        goes = SQL("1") if archive.only is None else Case(None, [(archive.only, SQL("1"))], SQL("0"))
        query = archive.model.select(key, goes, archive.tm, *self._fields)
        for table, condition in archive.joins:
            query = query.join_from(archive.model, table, JOIN.LEFT_OUTER, on=condition)
        return query.where(key > p("after")).order_by(key).limit(PAGE_ROWS)

    def _old(self, row: Row) -> OldRow:
        key, _, tm, *values = row
        shown = {name: self._shown(name, value) for name, value in zip(self.columns, values, strict=True)}
        return OldRow(key, tm, msgspec.json.encode(shown))

    def _shown(self, name: str, value: Any) -> Any:
        return instant(value) if name in self._instants and value is not None else value


def instant(micros: int) -> str:
    """Write a time as RFC 3339 in UTC to the microsecond, so that nothing of it is lost."""
    return (
        datetime.fromtimestamp(micros // 1_000_000, UTC)
        .replace(microsecond=micros % 1_000_000)
        .isoformat(timespec="microseconds")
        .replace("+00:00", "Z")
    )
