"""One kind of editable object: read and written by its fields, changed only as it was last seen, every change in the audit.

Who changes or deletes an object locks it; who refers to another keeps that one from being deleted. Referred objects are locked
before those that refer to them: process, then assembly, then tool.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from peewee import Field as Column
from peewee import Query, Select

from tracepro.database import Insert, Model, Statement, list_rows, p, statement
from tracepro.rest import check_if_match, etag_of
from tracepro_hookspecs import Call, NotFound, Reply, Request, Row
from tracepro_tooling import reasons
from tracepro_tooling.fields import ID, INT64_MAX, Field

Stored = dict[str, Any]
"""A row: every column of the table by name, as it is stored."""
Shown = dict[str, Any]
"""An object as it is answered."""


class Resource:
    """A kind of object: its rows in ``model``, what clients see and write of them in ``fields``.

    ``what`` is the word for it in sentences and in the audit, ``id_name`` its id in paths. The handlers are ``list_all``,
    ``show``, ``create``, ``change`` and ``delete``. A kind with virtual fields, or with more to do when one is written, is a subclass.
    """

    what: ClassVar[str]
    title: ClassVar[str]
    id_name: ClassVar[str]
    model: ClassVar[type[Model]]
    fields: ClassVar[Sequence[Field]]
    not_found: ClassVar[Callable[[int], NotFound]]

    def __init__(self) -> None:
        columns = self.model._meta.sorted_fields
        self.key = key_of(self.model)
        self._columns = [column.name for column in columns]
        self._values = {column: p(column.name) for column in columns if column is not self.key}
        self.new = Insert(self.model)
        self.all = statement(self.select)
        self.by_id = statement(self._one)
        self.by_ids = statement(lambda: self.select().where(self.key.in_(p.integers("ids"))))
        self.locked = statement(lambda: self._one().for_update())
        self.kept = statement(lambda: shared(self.model.select(self.key).where(self.key == p("id"))))
        self.update = statement(lambda: self.model.update(self._values).where(self.key == p("id")))
        self.gone = statement(lambda: self.model.delete().where(self.key == p("id")))

    def select(self) -> Select:
        """Return a query of whole rows in order of id, to be narrowed."""
        return self.model.select().order_by(self.key)

    def _one(self) -> Select:
        return self.select().where(self.key == p("id"))

    # What a kind may have of its own.

    def virtual(self, call: Call, rows: Sequence[Stored]) -> dict[int, Shown]:
        """Return the virtual fields of each of the rows by its id."""
        return {row["id"]: {} for row in rows}

    def prepare(self, call: Call, before: Stored | None, after: Stored, body: Mapping[str, Any]) -> None:
        """Fill in columns that follow from others before a row is written; ``before`` is None for a new one."""

    def written(self, call: Call, before: Stored | None, after: Stored, body: Mapping[str, Any]) -> None:
        """Write what belongs to a row that was written."""

    def detach(self, call: Call, row: Stored) -> None:
        """Delete what belongs to a row that is deleted, and have whatever refers to it refer to nothing."""

    # Looking up.

    def rows(self, call: Call, query: Statement, **values: Any) -> list[Stored]:
        """Return the rows that a statement made of :meth:`select` finds, as many as a list may have."""
        return [self.named(row) for row in list_rows(call, query, **values)]

    def find(self, call: Call, id: int) -> Stored | None:
        """Return a row, or None."""
        row = call.db.one(self.by_id, id=id)
        return None if row is None else self.named(row)

    def get(self, call: Call, id: int) -> Stored:
        """Return a row. Raises the kind's not-found error."""
        return self._found(id, call.db.one(self.by_id, id=id))

    def lock(self, call: Call, id: int) -> Stored:
        """Return a row, locked until the call ends. Raises the kind's not-found error."""
        return self._found(id, call.db.one(self.locked, id=id))

    def keep(self, call: Call, id: int) -> bool:
        """Tell whether an object exists; in a write it then does until the call ends."""
        return 0 <= id <= INT64_MAX and call.db.value(self.kept, id=id) is not None

    def require(self, call: Call, member: str, id: int) -> None:
        """Refuse a body or a query whose ``member`` names an object that doesn't exist. Raises HttpProblem 424."""
        if not self.keep(call, id):
            raise reasons.unknown_reference(member, self.what, id)

    def _found(self, id: int, row: Row | None) -> Stored:
        if row is None:
            raise type(self).not_found(id)
        return self.named(row)

    def named(self, row: Row) -> Stored:
        return dict(zip(self._columns, row, strict=True))

    # Showing.

    def shown(self, call: Call, rows: Sequence[Stored]) -> list[Shown]:
        """Return rows as they are answered, in the order given."""
        more = self.virtual(call, rows)
        own = [field for field in self.fields if not field.virtual]
        return [
            {
                "id": row["id"],
                **{field.name: field.shown(row[field.name]) for field in own},
                **more[row["id"]],
            }
            for row in rows
        ]

    def shown_one(self, call: Call, row: Stored) -> Shown:
        """Return a row as it is answered."""
        return self.shown(call, [row])[0]

    def state(self, row: Stored, shown: Shown) -> Shown:
        """Return all that an object is, for its ETag and the audit: what is answered, and its picture by a digest."""
        digest = row.get("image_sha256")
        return shown if digest is None else {**shown, "image": digest}

    def state_of(self, call: Call, row: Stored) -> Shown:
        """Return all that a row is."""
        return self.state(row, self.shown_one(call, row))

    def reply(self, call: Call, row: Stored) -> Reply:
        """Return the answer that shows one object, with its ETag."""
        shown = self.shown_one(call, row)
        return Reply(shown, headers={"ETag": etag_of(self.state(row, shown))})

    def by_key(self, call: Call, rows: Sequence[Stored]) -> dict[str, Shown]:
        """Return rows as lists are answered: an object keyed by id."""
        return {str(shown["id"]): shown for shown in self.shown(call, rows)}

    # The handlers.

    def list_all(self, call: Call, request: Request) -> dict[str, Shown]:
        """Return all objects."""
        return self.by_key(call, self.rows(call, self.all))

    def show(self, call: Call, request: Request) -> Reply:
        """Return one object."""
        return self.reply(call, self.get(call, request.path[self.id_name]))

    def create(self, call: Call, request: Request) -> Reply:
        """Make an object; what is left out gets the column's default."""
        return self.reply(call, self.make(call, request.body))

    def change(self, call: Call, request: Request) -> Reply:
        """Change the fields that are given, unless the object changed since the client read it (412)."""
        new = self.stored(call, request.body)
        before = self.lock(call, request.path[self.id_name])
        state = self.state_of(call, before)
        check_if_match(request, state)
        return self.note_changes(call, state, self.save(call, before, new, request.body))

    def make(self, call: Call, body: Mapping[str, Any]) -> Stored:
        """Make an object of the fields in a body and return it."""
        row = self.stored(call, body)
        self.prepare(call, None, row, body)
        made = self.get(call, call.db.insert(self.new, **row))
        self.written(call, None, made, body)
        return made

    def save(self, call: Call, before: Stored, new: Stored, body: Mapping[str, Any]) -> Stored:
        """Write the columns ``new`` of a locked object, which are those of a body, and return it as it then is."""
        after = {**before, **new}
        self.prepare(call, before, after, body)
        call.db.run(self.update, **after)
        self.written(call, before, after, body)
        return after

    def note_changes(self, call: Call, before: Shown, row: Stored) -> Reply:
        """Note for the audit what differs from the state ``before``, and answer the object as it now is."""
        shown = self.shown_one(call, row)
        after = self.state(row, shown)
        for name in {**after, **before}:
            call.changed(f"{self.what} {row['id']}", name, before.get(name), after.get(name))
        return Reply(shown, headers={"ETag": etag_of(after)})

    def delete(self, call: Call, request: Request) -> Reply:
        """Delete an object, unless it changed since the client read it (412)."""
        row = self.lock(call, request.path[self.id_name])
        state = self.state_of(call, row)
        check_if_match(request, state)
        self.detach(call, row)
        call.db.run(self.gone, id=row["id"])
        call.changed(f"{self.what} {row['id']}", "deleted", state, None)
        return Reply(status=204)

    def stored(self, call: Call, body: Mapping[str, Any]) -> Stored:
        """Return what is stored of a body. Raises InvalidParams, or HttpProblem 424 for a reference to nothing."""
        stored = {}
        for field in self.fields:
            if field.name in body and not field.virtual:
                stored[field.name] = value = stored_value(field, body[field.name])
                if field.reference is not None and value is not None:
                    _require(call, field, value)
        return stored

    # What the routes say.

    def body(self, *, new: bool) -> dict[str, Any]:
        """Return the schema of what clients send: of a new object, or of a change."""
        written = [field for field in self.fields if not field.read_only]
        required = {"required": [field.name for field in written if field.required]} if new else {}
        return {"type": "object", **required, "properties": {field.name: field.schema for field in written}}

    def answer(self, more: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return the schema of an object as it is answered; ``more`` are members that it may have beside."""
        shown = {field.name: field.answer or field.schema for field in self.fields}
        return {
            "title": self.title,
            "type": "object",
            "required": ["id", *shown],
            "properties": {"id": ID, **shown, **(more or {})},
            "additionalProperties": False,
        }

    def list_answer(self, more: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return the schema of a list: objects by id."""
        return {"type": "object", "additionalProperties": self.answer(more)}


class Referrers:
    """The objects that refer to another kind by a column; ``what`` is the word for one in the audit.

    They outlive what they refer to, and then refer to nothing.
    """

    def __init__(self, what: str, model: type[Model], column: str) -> None:
        key = key_of(model)
        refers: Column[Any] = model._meta.fields[column]
        self._what, self._column = what, column
        self.found = statement(lambda: model.select(key).where(refers == p("id")).order_by(key).for_update())
        self.cleared = statement(lambda: model.update({refers: None}).where(refers == p("id")))

    def detach(self, call: Call, id: int) -> None:
        """Have those that refer to an object refer to nothing, which the audit tells."""
        for (own_id,) in call.db.rows(self.found, id=id):
            call.changed(f"{self._what} {own_id}", self._column, id, None)
        call.db.run(self.cleared, id=id)


def key_of(model: type[Model]) -> Column[Any]:
    """Return the column of a table's ids."""
    key: Column[Any] = model._meta.fields["id"]
    return key


def stored_value(field: Field, value: Any) -> Any:
    """Return what is stored of a sent value of a field. Raises InvalidParams."""
    try:
        return field.stored(value)
    except ValueError as fault:
        raise reasons.bad_value(field.name, str(fault)) from None


def _require(call: Call, field: Field, id: int) -> None:
    if field.reference is not None and not field.reference.exists(call, id):
        raise reasons.unknown_reference(field.name, field.reference.what, id)


def shared(query: Select) -> Query:
    """Return a query whose rows are kept from being deleted until the call ends."""
    return query.for_update("FOR KEY SHARE")  # type: ignore[arg-type]  # peewee's stubs know the default only
