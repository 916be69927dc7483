"""Trims codes that were stored before codes were trimmed; for migrations.

Where two rows would have the same code, both stay as they are, and ``tracepro check`` names them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from peewee import SQL, CompositeKey, Expression, Field, Select, Tuple, fn

from tracepro.codes import trim
from tracepro.database.core_models import CodeClash
from tracepro.database.fields import Integer, Json, Key, LongText, Model
from tracepro.database.insert import Insert
from tracepro.database.schema import Schema
from tracepro.database.session import Session
from tracepro.database.statement import Statement, p, statement
from tracepro_hookspecs import Row

__all__ = ["Trimming", "Values"]

PAGE = 1000
Values = dict[str, Any]
"""The columns of a row by their names."""
NEW_CLASH = Insert(CodeClash)


class _Dirty(Model):
    """A row whose code is to be trimmed; ``target`` is what must be unique, ``owner`` whose code it is."""

    id = Key()
    target = LongText()
    owner = Integer(null=True)
    row = Json()

    class Meta:
        table_name = "core_dirty_code"
        # With id, or PostgreSQL, which has no statistics of a table this new, walks through all rows by id for each one.
        indexes = ((("target", "id"), False),)


NEW_DIRTY = Insert(_Dirty)


@statement
def dirty_page() -> Select:
    """The next dirty rows."""
    return _Dirty.select(_Dirty.id, _Dirty.row).where(_Dirty.id > p("after")).order_by(_Dirty.id).limit(PAGE)


@statement
def dirty_with_target() -> Select:
    """The dirty rows that would have the same code, the oldest first."""
    same = _Dirty.target == p("target")
    return _Dirty.select(_Dirty.id, _Dirty.owner, _Dirty.row).where(same).order_by(_Dirty.id).limit(PAGE)


class Trimming:
    """The trimming of columns of one table.

    ``fields`` are the columns with codes, ``unique`` the columns that no two rows may share, ``owner`` the column that
    says whose code it is: two codes of one owner may become one. ``clean`` trims a value; ``where`` picks rows; a row
    for which ``stays(db, row)`` is true is left as it is. ``rivals(db, row)`` finds what else has the trimmed code.
    Values that have nothing left stay, too.
    """

    def __init__(
        self,
        plugin: str,
        model: type[Model],
        *fields: str,
        unique: Sequence[str] = (),
        owner: str | None = None,
        clean: Callable[[Any], Any] = trim,
        where: Expression | None = None,
        stays: Callable[[Session, Values], bool] = lambda db, row: False,
        rivals: Callable[[Session, Values], list[Values]] = lambda db, row: [],
    ) -> None:
        meta = model._meta
        self.plugin, self.model, self.fields, self.unique = plugin, model, fields, unique
        self.owner, self.clean, self.where, self.stays, self.rivals = owner, clean, where, stays, rivals
        key: Any = meta.primary_key
        self.keys: list[Field[Any]] = (
            [meta.fields[name] for name in key.field_names] if isinstance(key, CompositeKey) else [key]
        )
        named = [meta.fields[name] for name in (*fields, *unique, *([owner] if owner else []))]
        self.columns = list(dict.fromkeys([*self.keys, *named]))
        self._names = [column.name for column in self.columns]
        self._coded = [self._names.index(name) for name in fields]
        self._update, self._delete, self._same = self._statements()

    def run(self, schema: Schema) -> None:
        """Trim the stored codes, page by page, in the transaction of the migration."""
        db = schema.db
        if not self.unique:
            for page in self._dirty_pages(schema):
                db.many(self._update, [self._changed(row) for row in page])
            return
        schema.create(_Dirty)
        for page in self._dirty_pages(schema):
            db.insert_many(NEW_DIRTY, [self._as_dirty(row) for row in page])
        for row in _all_dirty(db):
            self._settle(db, row)
        schema.define("DROP TABLE core_dirty_code")

    def _statements(self) -> tuple[Statement, Statement, Statement]:
        fields = self.model._meta.fields
        this_row = [key == p(f"old_{key.name}") for key in self.keys]
        new = {fields[name]: p(f"new_{name}", fields[name]) for name in self.fields}
        same = [fields[name] == p(f"new_{name}") for name in self.unique]
        return (
            statement(lambda: self.model.update(new).where(*this_row)),
            statement(lambda: self.model.delete().where(*this_row)),
            statement(lambda: self.model.select(*self.columns).where(*same)),
        )

    def _dirty_pages(self, schema: Schema) -> Iterator[list[Values]]:
        db, done, total = schema.db, 0, schema.db.value(self._picked(fn.COUNT(SQL("1"))))
        after: Sequence[Any] | None = None
        while rows := db.rows(self._page(after)):
            dirty = [self._named(row) for row in rows if self._is_dirty(row)]
            after = rows[-1][: len(self.keys)]
            schema.progress(done := done + len(rows), total)
            if dirty:
                yield [row for row in dirty if not self.stays(db, row)]

    def _page(self, after: Sequence[Any] | None) -> Select:
        page = self._picked(*self.columns).order_by(*self.keys).limit(PAGE)
        return page if after is None else page.where(Tuple(*self.keys) > Tuple(*after))

    def _picked(self, *columns: Any) -> Select:
        rows = self.model.select(*columns)
        return rows if self.where is None else rows.where(self.where)

    def _new(self, row: Values, name: str) -> Any:
        """Return the value a column is to have; None and what has nothing left stay."""
        value = row[name]
        return value if value is None or name not in self.fields else self.clean(value) or value

    def _is_dirty(self, row: Row) -> bool:
        """Tell whether a row is to be trimmed, at little cost for the many that are clean."""
        for index in self._coded:
            value = row[index]
            if value and (self.clean(value) or value) != value:
                return True
        return False

    def _named(self, row: Row) -> Values:
        return dict(zip(self._names, row, strict=True))

    def _changed(self, row: Values) -> Values:
        old = {f"old_{key.name}": row[key.name] for key in self.keys}
        return old | {f"new_{name}": self._new(row, name) for name in (*self.fields, *self.unique)}

    def _target(self, row: Values) -> str:
        return str(Json().db_value([self._new(row, name) for name in self.unique]))

    def _as_dirty(self, row: Values) -> Values:
        return {"target": self._target(row), "owner": self.owner and row[self.owner], "row": row}

    def _settle(self, db: Session, row: Values) -> None:
        """Trim a row, unless another has or would have the same code."""
        changed = self._changed(row)
        there = [self._named(other) for other in db.rows(self._same, **changed)]
        there += self.rivals(db, {name: self._new(row, name) for name in row})
        rivals = [other for *_, other in db.rows(dirty_with_target, target=self._target(row))]
        owners = {other[self.owner] for other in (*there, *rivals)} if self.owner else set()
        if len(owners) == 1:
            db.run(self._delete if there else self._update, **changed)
        elif there or len(rivals) > 1:
            self._record_clash(db, row, (there or rivals)[0])
        else:
            db.run(self._update, **changed)

    def _record_clash(self, db: Session, row: Values, other: Values) -> None:
        if row != other:
            table = self.model._meta.table_name
            db.insert(NEW_CLASH, plugin=self.plugin, table_name=table, row=row, other=other)


def trim_each(texts: list[str]) -> list[str]:
    """Trim every code of a list."""
    return [trim(text) or text for text in texts]


def _all_dirty(db: Session) -> Iterator[Values]:
    after = 0
    while rows := db.rows(dirty_page, after=after):
        yield from (row for _, row in rows)
        after = rows[-1][0]
