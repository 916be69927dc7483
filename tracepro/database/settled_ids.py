"""Up to which id a table has every row that it ever will: ids follow the order of commits on SQLite, not on PostgreSQL.

On PostgreSQL a slow transaction commits a lower id later. Whoever inserts locks the table, in a way that disturbs nobody, before it
draws an id, and lets go when others see its row. So once all have let go that held such a lock after an id was seen, no lower
one comes any more. That costs those who insert nothing; a column in the order of commits would be written with each row.
"""

from __future__ import annotations

from typing import cast

from peewee import Select, Table

from tracepro.database.fields import Model
from tracepro.database.session import Session as StoreSession
from tracepro_hookspecs import Session, Store

# A transaction's number here is its connection's own, for one that has written nothing yet has no other. One that was prepared
# and waits for a second phase has it too.
_INSERTING = """SELECT held.virtualtransaction FROM pg_locks AS held
WHERE held.locktype = 'relation' AND held.mode = 'RowExclusiveLock' AND held.granted AND held.relation = %s::regclass
AND held.database = (SELECT own.oid FROM pg_database AS own WHERE own.datname = current_database())"""


class SettledIds:
    """Finds the highest settled id of a model's table, whose ids the database gives; one object serves one reader."""

    def __init__(self, model: type[Model]) -> None:
        self._table = str(model._meta.table_name)
        table = Table(self._table)
        self._newest: Select = table.select(table.c.id).order_by(table.c.id.desc()).limit(1)
        self._settled = self._seen = 0
        self._inserting: frozenset[str] = frozenset()

    def upto(self, store: Store) -> int:
        """Return an id up to which nothing comes any more, as far as a snapshot shows that is begun after this; 0 while none is known.

        It never waits: what is not settled yet is by one of the next times. What it knew is forgotten when the store fails.
        """
        try:
            if self._inserting:
                self._inserting &= store.read(self._look)[1]
            if not self._inserting:
                self._settled = self._seen
                self._seen, self._inserting = store.read(self._look)
                if not self._inserting:
                    self._settled = self._seen
        except BaseException:
            self._settled, self._seen, self._inserting = 0, 0, frozenset()
            raise
        return self._settled

    def _look(self, db: Session) -> tuple[int, frozenset[str]]:
        """Return the newest id, and then who inserts."""
        newest: int = db.value(self._newest) or 0
        if db.dialect == "sqlite":
            return newest, frozenset()
        rows = cast(StoreSession, db).raw_rows(_INSERTING, self._table)
        return newest, frozenset(name for (name,) in rows)
