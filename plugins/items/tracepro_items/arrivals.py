"""Which units came to some workplaces lately, in the order in which they came: read from what was recorded there.

Nothing is written down for it. Whatever is asked lies in a span of time, so that the history may be as long as it likes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from peewee import Expression, ModelAlias, Query, Select, fn

from tracepro import clock
from tracepro.database import list_rows, p, statement
from tracepro_hookspecs import Call
from tracepro_items import models as m
from tracepro_items import units
from tracepro_schemas import defs


class Arrival(NamedTuple):
    """A unit that came, as it was recorded (a panel or a board), and when: the server's time of the first operation."""

    item_id: int
    barcode: str
    order_id: int
    tm: int


def _at_workplaces(operation: type[m.Operation] | ModelAlias[m.Operation]) -> Expression:
    return operation.wp_id.in_(p.integers("wp_ids")) & (operation.cancelled == 0)


@statement
def arrivals_since() -> Query:
    """The units whose first operation at workplaces lies in a span of time, unless they were there shortly before."""
    operation, before = m.Operation, m.Operation.alias("before")
    columns = [
        fn.MIN(column).alias(name)
        for name, column in (
            ("item_id", operation.item_id),
            ("op_id", operation.id),
            ("tm", operation.recorded),
        )
    ]
    # Between two times, of which the later says nothing: of an open span PostgreSQL expects a third of the history.
    span = operation.recorded.between(p("since"), p("until"))
    recorded = operation.select(*columns).where(_at_workplaces(operation), span)
    # Not by the column itself: SQLite would read the whole history in the order of its index, to save a sort of some boards.
    first = recorded.group_by(operation.item_id + 0).alias("first")
    shortly = (before.recorded < p("since")) & (before.recorded >= first.c.tm - p("away"))
    bounded = before.recorded >= p(
        "before_since"
    )  # says no more, and keeps PostgreSQL from reading all the history
    there = before.select(before.id).where(
        before.item_id == first.c.item_id, _at_workplaces(before), shortly, bounded
    )
    return Select([first], [first.c.item_id, first.c.tm]).where(~fn.EXISTS(there)).order_by(first.c.op_id)


@statement
def steps_since() -> Query:
    """The steps that were recorded on units at workplaces in a span of time, in the order of their first records."""
    operation = m.Operation
    of_units = operation.item_id.in_(p.integers("item_ids")) & (operation.recorded >= p("since"))
    query = operation.select(operation.item_id, operation.op).where(of_units, _at_workplaces(operation))
    return query.group_by(operation.item_id, operation.op).order_by(fn.MIN(operation.id))


def arrivals(call: Call, wp_ids: Sequence[int], away: int) -> list[Arrival]:
    """Return the units that came to workplaces within the last ``away`` microseconds, in the order in which they came.

    A unit comes with its first operation at one of them; one on which nothing was recorded there for ``away`` has left,
    and comes anew with the next. Cancelled operations don't count, nor does non-charged work.
    """
    since = max(call.now - away, 0)
    values = {
        "wp_ids": wp_ids,
        "since": since,
        "until": call.now + clock.DAY,
        "before_since": max(since - away, 0),
        "away": away,
    }
    came = list_rows(call, arrivals_since, **values)
    found = units.units(call, [item_id for item_id, _ in came])
    return [
        Arrival(item_id, found[item_id].barcode, found[item_id].order_id, tm)
        for item_id, tm in came
        if found[item_id].tp != defs.ITEM_TP_NONCHARGED
    ]


def steps(call: Call, wp_ids: Sequence[int], away: int, item_ids: Sequence[int]) -> dict[int, list[int]]:
    """Return which steps were recorded on units at workplaces within the last ``away`` microseconds."""
    values = {"wp_ids": wp_ids, "item_ids": item_ids, "since": max(call.now - away, 0)}
    found: dict[int, list[int]] = {}
    for item_id, op in list_rows(call, steps_since, **values) if item_ids else ():
        found.setdefault(item_id, []).append(op)
    return found
