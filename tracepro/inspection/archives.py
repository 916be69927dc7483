"""The files that old rows were moved into, as the database knows them."""

from __future__ import annotations

from typing import Any, NamedTuple

from peewee import Query

from tracepro.database import statement
from tracepro.database.core_models import ArchiveFile
from tracepro_hookspecs import Call

SHOWN = 20


class ArchivedRows(NamedTuple):
    """A file with rows of a table older than ``before``; ``cleared`` is None until all are deleted from the database."""

    table: str
    path: str
    rows: int
    before: int
    made: int
    cleared: int | None


@statement
def latest_files() -> Query:
    """The latest files of all tables."""
    file = ArchiveFile
    columns = file.select(file.table_name, file.path, file.manifest, file.before, file.tm, file.cleared)
    return columns.order_by(file.id.desc()).limit(SHOWN)


def archives(call: Call) -> list[ArchivedRows]:
    """Return the 20 files that were made last, the latest first; times are microseconds UTC."""
    return [_shown(*row) for row in call.db.rows(latest_files)]


def _shown(
    table: str, path: str, manifest: dict[str, Any], before: int, tm: int, cleared: int | None
) -> ArchivedRows:
    return ArchivedRows(table, path, manifest["rows"], before, tm, cleared)
