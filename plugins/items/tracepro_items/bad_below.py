"""How many bad units are built in below each unit: kept when it changes, so that no scan walks a tree.

Units are bad when they are scrapped or marked bad. What is built into a panel is below the panel, not below its
boards; what is built into a board is below the board, not below its panel.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from peewee import Query

from tracepro.database import p, statement
from tracepro_hookspecs import Call
from tracepro_items import genealogy, units
from tracepro_items import models as m
from tracepro_items.units import Unit
from tracepro_schemas import defs


@statement
def add_to_bad_below() -> Query:
    """Add to how many bad units are below each of the units."""
    more = m.Unit.bad_below + p("number", m.Unit.bad_below)
    return m.Unit.update(bad_below=more).where(m.Unit.id.in_(p.integers("ids")))


def with_unit(unit: Unit) -> int:
    """Return how many bad units there are in a unit, itself included."""
    return unit.bad_below + (unit.bad != defs.ITEM_BAD_GOOD)


def add_above(call: Call, changes: Mapping[int, int]) -> None:
    """Add to the numbers of all that units are built into, up to the outermost; ``changes`` are by unit.

    The units are locked by the caller; before one is taken out, or after it is built in.
    """
    moved = {item_id: number for item_id, number in changes.items() if number}
    if not moved:
        return
    by_host: Counter[int] = Counter()
    for item_id, hosts in _locked_hosts(call, moved).items():
        for host_id in hosts:
            by_host[host_id] += moved[item_id]
    for number in sorted({*by_host.values()} - {0}):
        ids = sorted(host_id for host_id, of_host in by_host.items() if of_host == number)
        call.db.defer(add_to_bad_below, number=number, ids=ids)


def _locked_hosts(call: Call, item_ids: Iterable[int]) -> dict[int, list[int]]:
    """What units are built into, locked in order of id; read again until nothing was moved meanwhile."""
    wanted, locked = list(item_ids), set[int]()
    while True:
        hosts = genealogy.hosts(call, wanted)
        missing = {host_id for of_unit in hosts.values() for host_id in of_unit} - locked
        if not missing:
            return hosts
        units.units(call, sorted(missing), lock=True)
        locked |= missing
