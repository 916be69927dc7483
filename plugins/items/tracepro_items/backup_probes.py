"""What a backup is tried with: all that is known of units picked at random, the units around and in them included."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from peewee import Query, Select

from tracepro.database import p, statement
from tracepro_hookspecs import BackupProbe, Call
from tracepro_items import data, genealogy, units
from tracepro_items import models as m
from tracepro_schemas import defs

DEPTH = 10


def _units_from() -> Select:
    visible = m.Unit.tp != defs.ITEM_TP_NONCHARGED
    return m.Unit.select(m.Unit.id).where(m.Unit.id >= p("id"), visible).limit(1)


@statement
def unit_from() -> Query:
    """The first unit from an id on, without those of non-charged work."""
    return _units_from().order_by(m.Unit.id)


@statement
def last_unit_from() -> Query:
    """The last unit from an id on."""
    return _units_from().order_by(m.Unit.id.desc())


def pick(call: Call, count: int) -> Sequence[int]:
    """Return the ids of so many units, or of fewer where there are no more."""
    first, last = call.db.value(unit_from, id=0), call.db.value(last_unit_from, id=0)
    among = range(first, last + 1) if first is not None else range(0)
    starts = among if len(among) <= count else random.sample(among, count)
    return sorted({call.db.value(unit_from, id=start) for start in starts})


def read(call: Call, item_id: int) -> dict[str, Any]:
    """Return a unit with operations, slots, relations, its trees with the lots in them, and what the plugins know of it."""
    item = units.item(call, item_id)
    return {
        "details": genealogy.details(call, item_id),
        "slots": data.slots_of(call, item_id),
        "down": genealogy.trace_tree(call, item_id, "down", DEPTH),
        "up": genealogy.trace_tree(call, item_id, "up", DEPTH),
        "extra": call.hooks.collect_each("tracepro_item_extra", item=item),
        "whereabouts": call.hooks.collect("tracepro_item_whereabouts", item_ids=(item_id,)).get(item_id),
    }


PROBES = [BackupProbe("genealogies", pick, read)]
