"""What was moved out of the database into files: how far back a table goes still."""

from __future__ import annotations

from peewee import Query, fn

from tracepro.database.core_models import ArchiveFile
from tracepro.database.fields import Model
from tracepro.database.statement import p, statement
from tracepro_hookspecs import Session


@statement
def moved_before() -> Query:
    """The latest moment before which rows of a table were moved."""
    return ArchiveFile.select(fn.MAX(ArchiveFile.before)).where(ArchiveFile.table_name == p("table"))


def archived_before(db: Session, model: type[Model]) -> int | None:
    """Return the moment (microseconds UTC) up to which older rows of a table may be in files; None when none are."""
    moment: int | None = db.value(moved_before, table=model._meta.table_name)
    return moment
