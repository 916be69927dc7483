"""Objects of the plant file, found again by their names: made where none has the name, else changed where something differs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from peewee import Field as Column

from tracepro.database import p, statement
from tracepro_hookspecs import Call, InvalidParams
from tracepro_tooling.resource import Resource, Stored, stored_value

Key = tuple[int | None, str]
"""The id of what an object belongs to, and its name."""


class Place(NamedTuple):
    """Where something stands in the file: the section, the number of the row, and the way into it."""

    section: str
    row: int
    inside: str = ""

    def within(self, member: str, index: int) -> Place:
        """Return the place of one of a member's list."""
        return self._replace(inside=f"{self.inside}{'.' if self.inside else ''}{member}[{index}]")

    def wrong(self, name: str, info: str, rule: str = "value") -> InvalidParams:
        """Return the refusal of what stands there."""
        where = f"Row {self.row} of {self.section}{', ' if self.inside else ''}{self.inside}"
        member = f"{self.section}[{self.row - 1}]{'.' if self.inside else ''}{self.inside}"
        return InvalidParams(member, f"{where} ({name[:100]}): {info}", rule=rule, row=self.row)


class Entry(NamedTuple):
    """An object of the file: the place where it stands, the id of what it belongs to, and what is said of it."""

    place: Place
    owner: int | None
    said: Mapping[str, Any]

    @property
    def key(self) -> Key:
        """What it is found by."""
        return self.owner, self.said["name"]

    def without(self, *names: str, **more: Any) -> Entry:
        """Return it without what stands in its own place, and with what is known of it."""
        said = {name: value for name, value in self.said.items() if name not in names}
        return self._replace(said={**said, **more})


def listed(section: str, rows: Sequence[Mapping[str, Any]], owner: str = "") -> list[Entry]:
    """Return the rows of a section; ``owner`` is the member that has the id of what a row belongs to."""
    return [
        Entry(Place(section, number), row.get(owner), row).without(owner)
        for number, row in enumerate(rows, 1)
    ]


def within(owners: Sequence[Entry], ids: Sequence[int], member: str) -> Iterator[Entry]:
    """Yield the objects that stand in a member of others, which have these ids."""
    for owner, id in zip(owners, ids, strict=True):
        for index, said in enumerate(owner.said.get(member, ())):
            yield Entry(owner.place.within(member, index), id, said)


class Named:
    """A kind of object that has one of a name in what it belongs to, whose id is in the column ``owner``.

    What is ``opening`` is taken for a new object only, and its owner never changes.
    """

    def __init__(self, kind: Resource, owner: str = "", opening: Sequence[str] = ()) -> None:
        self._kind, self._owner, self._opening = kind, owner, frozenset(opening)
        columns: Mapping[str, Column[Any]] = kind.model._meta.fields
        asked = columns[owner].in_(p.integers("asked")) if owner else columns["name"].in_(p.texts("asked"))
        self._asked = statement(lambda: kind.select().where(asked))

    def put_all(
        self, call: Call, entries: Sequence[Entry], elsewhere: Mapping[Key, Stored] | None = None
    ) -> list[int]:
        """Make objects or change what differs of them, and return the id of each.

        ``elsewhere`` are some that stand now in another place than the file says, and stay there. Raises InvalidParams.
        """
        known = self._known(call, [each.key for each in entries])
        moved = elsewhere or {}
        return [
            self._put(call, each, self._meant(each.place, known.get(each.key, ())) or moved.get(each.key))
            for each in entries
        ]

    def ids(self, call: Call, names: Sequence[tuple[Place, str]]) -> dict[str, int]:
        """Return the ids of objects that belong to nothing by the names that stand at places. Raises InvalidParams."""
        known = self._known(call, [(None, name) for _, name in names])
        found = {}
        for place, name in names:
            row = self._meant(place, known.get((None, name), ()))
            if row is None:
                info = f"there is no {self._kind.what} of that name; add it to the file, or correct the name."
                raise place.wrong(name, info)
            found[name] = row["id"]
        return found

    def _known(self, call: Call, keys: Iterable[Key]) -> dict[Key, list[Stored]]:
        """Return what is stored beside or under these keys, by its own."""
        asked = {owner if self._owner else name for owner, name in keys}
        known: dict[Key, list[Stored]] = {}
        for row in self._kind.rows(call, self._asked, asked=list(asked)):
            known.setdefault((row[self._owner] if self._owner else None, row["name"]), []).append(row)
        return known

    def _meant(self, place: Place, found: Sequence[Stored]) -> Stored | None:
        """Return the one of a name, one that is archived only where no other has it. Raises InvalidParams for several."""
        meant = [row for row in found if not row.get("archived")] or found
        if len(meant) > 1:
            ids = " and ".join(str(row["id"]) for row in meant)
            raise place.wrong(
                meant[0]["name"], f"{self._kind.what} {ids} have that name; rename one of them."
            )
        return meant[0] if meant else None

    def _put(self, call: Call, entry: Entry, row: Stored | None) -> int:
        try:
            return self._make(call, entry) if row is None else self._change(call, entry, row)
        except InvalidParams as error:
            raise entry.place.wrong(entry.said["name"], error.info) from error

    def _make(self, call: Call, entry: Entry) -> int:
        body = {**entry.said, self._owner: entry.owner} if self._owner else entry.said
        made = self._kind.make(call, body)
        for name, value in body.items():
            call.changed(f"{self._kind.what} {made['id']}", name, None, value)
        id: int = made["id"]
        return id

    def _change(self, call: Call, entry: Entry, row: Stored) -> int:
        body = self._differing(entry, row)
        if body:
            new = self._kind.stored(call, body)
            before = self._kind.lock(call, row["id"])
            state = self._kind.state_of(call, before)
            self._kind.note_changes(call, state, self._kind.save(call, before, new, body))
        id: int = row["id"]
        return id

    def _differing(self, entry: Entry, row: Stored) -> dict[str, Any]:
        return {
            field.name: entry.said[field.name]
            for field in self._kind.fields
            if field.name in entry.said and field.name not in self._opening
            if stored_value(field, entry.said[field.name]) != row[field.name]
        }
