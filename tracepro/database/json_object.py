"""Rows of a query as one JSON text, so that a look-up brings what belongs to its row without a statement more."""

from __future__ import annotations

from typing import Any

from peewee import Context, Field, Node, fn

from tracepro.database.fields import on_sqlite


class JsonObject(Node):
    """What a query selects to have its rows as one JSON object: a member of each, ``key`` with the list of its ``values``.

    The columns are as they are stored: a Flag is 1 or 0. No rows are null or an empty object.
    """

    def __init__(self, key: Field[Any], *values: Field[Any]) -> None:
        super().__init__()
        self.key = key
        self.values = values

    def __sql__(self, ctx: Context) -> Context:
        if on_sqlite(ctx):
            rows: Node = fn.json_group_object(self.key, fn.json_array(*self.values))
        else:
            rows = fn.json_object_agg(self.key, fn.json_build_array(*self.values)).cast("text")
        return ctx.sql(rows)  # type: ignore[no-untyped-call, no-any-return]
