"""Whole numbers that an object has by another's id: a tool's parts by program, a point's stock by inventory item."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from peewee import Field as Column

from tracepro.database import Insert, Model, list_rows, p, statement
from tracepro_hookspecs import Call
from tracepro_tooling.resource import Resource

Counts = dict[str, int]
"""Numbers by id; ids are texts, as in JSON."""


class CountsById:
    """A table with a row for each number; ``owner``, ``key`` and ``number`` are its columns, ``kind`` is what the keys are ids of."""

    def __init__(self, kind: Resource, model: type[Model], owner: str, key: str, number: str) -> None:
        owned, keyed, counted = (_column(model, name) for name in (owner, key, number))
        self._kind, self._names = kind, (owner, key, number)
        mine = owned == p("owner")
        self.of = statement(
            lambda: (
                model.select(owned, keyed, counted).where(owned.in_(p.integers("ids"))).order_by(owned, keyed)
            )
        )
        self.removed = statement(lambda: model.delete().where(mine, keyed == p("key")))
        self.cleared = statement(lambda: model.delete().where(mine))
        self.put = Insert(model, keys=(owned, keyed), update=(counted,))

    def read(self, call: Call, owners: Sequence[int]) -> dict[int, Counts]:
        """Return the numbers of each owner by its id."""
        found: dict[int, Counts] = {owner: {} for owner in owners}
        for owner, key, number in list_rows(call, self.of, ids=list(owners)):
            found[owner][str(key)] = number
        return found

    def merge(self, call: Call, member: str, owner: int, sent: Mapping[str, int | None]) -> None:
        """Set the numbers that were sent, null takes one away. Raises HttpProblem 424 for an id that doesn't exist."""
        for text, number in sorted(sent.items(), key=lambda each: int(each[0])):
            self._kind.require(call, member, int(text))
            if number is None:
                call.db.run(self.removed, owner=owner, key=int(text))
            else:
                row = dict(zip(self._names, (owner, int(text), number), strict=True))
                call.db.insert_many(self.put, [row])

    def set_all(self, call: Call, owner: int, numbers: Mapping[int, int]) -> None:
        """Set the numbers of ids that exist, in one statement."""
        rows = [dict(zip(self._names, (owner, *each), strict=True)) for each in sorted(numbers.items())]
        call.db.insert_many(self.put, rows)

    def clear(self, call: Call, owner: int) -> None:
        """Take all numbers of an owner away."""
        call.db.run(self.cleared, owner=owner)


def _column(model: type[Model], name: str) -> Column[Any]:
    found: Column[Any] = model._meta.fields[name]
    return found
