"""Genealogy: which units are in which unit, by panel and by component, read level by level for sets of units.

One level of it are a unit's relations, all levels one inside the other its trace tree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from typing import Any

import msgspec
from peewee import Query

from tracepro.database import Statement, check_length, list_rows, p, statement
from tracepro_hookspecs import Call
from tracepro_hookspecs.records import Item, Operation, OpMat
from tracepro_items import history, units
from tracepro_items import models as m
from tracepro_items.units import Unit

PANEL, COMPONENT = "panel", "component"
Queries = Sequence[tuple[Statement, str]]
"""Statements that read relations, each with the kind of those it reads."""
DEEPEST = 100


class Relation(msgspec.Struct, frozen=True, gc=False):
    """A unit next to another: ``ref`` is the position on a panel or the reference designator of a component."""

    item_id: int
    kind: str
    ref: str


Relations = Mapping[int, Sequence[Relation]]
"""What is next to units in one direction, by unit."""
ReadLevel = Callable[[Call, Iterable[int]], dict[int, list[Relation]]]


@statement
def panels_above() -> Query:
    """The panel that each board is on, with its position."""
    query = m.Unit.select(m.Unit.id, m.Unit.panel_id, m.Unit.position)
    return query.where(m.Unit.id.in_(p.integers("ids")), m.Unit.panel_id.is_null(False))


@statement
def boards_below() -> Query:
    """The boards of panels, with their position."""
    query = m.Unit.select(m.Unit.panel_id, m.Unit.id, m.Unit.position)
    return query.where(m.Unit.panel_id.in_(p.integers("ids"))).order_by(m.Unit.position)


@statement
def hosts_above() -> Query:
    """The unit that each component is built into, with its reference designator."""
    query = m.Component.select(m.Component.child_id, m.Component.parent_id, m.Component.ref)
    return query.where(m.Component.child_id.in_(p.integers("ids")))


@statement
def components_below() -> Query:
    """The components of units as built in, with their reference designator."""
    query = m.Component.select(m.Component.parent_id, m.Component.child_id, m.Component.ref)
    return query.where(m.Component.parent_id.in_(p.integers("ids"))).order_by(m.Component.id)


@statement
def active_operations() -> Query:
    """The operations on units that are not cancelled, with the boards they don't count for."""
    query = m.Operation.select(m.Operation.id, m.Operation.item_id, m.Operation.skipped)
    on_units = m.Operation.item_id.in_(p.integers("ids"))
    return query.where(on_units, m.Operation.cancelled == 0).order_by(m.Operation.id)


def parents(call: Call, item_ids: Iterable[int]) -> dict[int, list[Relation]]:
    """Return what units are directly part of: their panel first, then the unit they are built into."""
    return _relations(call, item_ids, ((panels_above, PANEL), (hosts_above, COMPONENT)))


def children(call: Call, item_ids: Iterable[int]) -> dict[int, list[Relation]]:
    """Return what is directly part of units: boards in order of position, then components as built in."""
    return _relations(call, item_ids, ((boards_below, PANEL), (components_below, COMPONENT)))


def _direct_hosts(call: Call, item_ids: Iterable[int]) -> dict[int, list[Relation]]:
    return _relations(call, item_ids, ((hosts_above, COMPONENT),))


def _relations(call: Call, item_ids: Iterable[int], queries: Queries) -> dict[int, list[Relation]]:
    wanted = list(item_ids)
    found: dict[int, list[Relation]] = {}
    for query, kind in queries if wanted else ():
        for item_id, other_id, ref in list_rows(call, query, ids=wanted):
            found.setdefault(item_id, []).append(Relation(other_id, kind, str(ref)))
    return found


def levels(
    call: Call, item_ids: Iterable[int], read_level: ReadLevel, depth: int
) -> dict[int, list[Relation]]:
    """Return the relations of units and of all that is found behind them, at most ``depth`` levels far.

    Two statements a level, however many units; a unit that is met again is not asked again.
    """
    relations: dict[int, list[Relation]] = {}
    asked: set[int] = set()
    level = set(item_ids)
    while level and depth:
        found = read_level(call, sorted(level))
        relations.update(found)
        asked |= level
        level = {relation.item_id for near in found.values() for relation in near} - asked
        depth -= 1
    return relations


def ancestors(call: Call, item_ids: Iterable[int]) -> dict[int, list[tuple[int, str]]]:
    """Return for each unit what it is part of, up to the outermost, as (unit id, ref), the nearest first."""
    wanted = list(item_ids)
    relations = levels(call, wanted, parents, DEEPEST)
    return {item_id: _all_behind(item_id, relations) for item_id in wanted}


def hosts(call: Call, item_ids: Iterable[int]) -> dict[int, list[int]]:
    """Return for each unit what it is built into, by components alone, up to the outermost, the nearest first."""
    wanted = list(item_ids)
    relations = levels(call, wanted, _direct_hosts, DEEPEST)
    return {item_id: [host_id for host_id, _ in _all_behind(item_id, relations)] for item_id in wanted}


def descendants(call: Call, item_ids: Iterable[int]) -> dict[int, list[tuple[int, str]]]:
    """Return for each unit all that is part of it, as (unit id, ref), the nearest first."""
    wanted = list(item_ids)
    relations = levels(call, wanted, children, DEEPEST)
    return {item_id: _all_behind(item_id, relations) for item_id in wanted}


def _all_behind(item_id: int, relations: Relations) -> list[tuple[int, str]]:
    found: dict[int, str] = {}
    level = [item_id]
    while level:
        near = [relation for unit_id in level for relation in relations.get(unit_id, ())]
        new = [relation for relation in near if relation.item_id not in found]
        found.update((relation.item_id, relation.ref) for relation in new)
        level = [relation.item_id for relation in new]
    return list(found.items())


def related(call: Call, item_id: int) -> list[dict[str, Any]]:
    """Return what a unit is part of and what is part of it: ``rel``, ``kind``, ``ref`` and the other ``item``."""
    found = [("parent", relation) for relation in parents(call, [item_id]).get(item_id, ())]
    found += [("child", relation) for relation in children(call, [item_id]).get(item_id, ())]
    check_length(call, len(found))
    items = {item.id: item for item in units.items(call, [relation.item_id for _, relation in found])}
    return [
        {"rel": rel, "kind": relation.kind, "ref": relation.ref, "item": items[relation.item_id]}
        for rel, relation in found
    ]


def details(call: Call, item_id: int) -> dict[str, Any]:
    """Return a unit with its operations, and the units next to it with theirs."""
    item = units.item(call, item_id)
    near = related(call, item_id)
    done = _operations_by_unit(call, [item_id, *(row["item"].id for row in near)])
    with_operations = [{**row, "operations": done[row["item"].id]} for row in near]
    return {"item": item, "operations": done[item_id], "related": with_operations}


def _operations_by_unit(call: Call, item_ids: Sequence[int]) -> dict[int, list[Operation]]:
    """The operations of units by unit, those of their panels that count for them included."""
    rows = history.rows_of(call, list(units.units(call, item_ids).values()))
    by_id = {row.id: row for of_unit in rows.values() for row in of_unit}
    operations = {
        operation.id: operation
        for operation in history.to_operations(call, [by_id[op_id] for op_id in sorted(by_id)])
    }
    return {unit_id: [operations[row.id] for row in of_unit] for unit_id, of_unit in rows.items()}


READ_LEVEL: Mapping[str, ReadLevel] = {"down": children, "up": parents}


class TraceTree:
    """All that a tree is made of, read level by level before the first node is made."""

    def __init__(self, call: Call, root: Unit, direction: str, depth: int) -> None:
        self.relations: Relations = levels(call, [root.id], READ_LEVEL[direction], depth + 1)
        near = {relation.item_id for relations in self.relations.values() for relation in relations}
        ids = near | {root.id}
        check_length(call, len(ids))
        self.items: dict[int, Item] = {item.id: item for item in units.items(call, sorted(ids))}
        self.mat = lots_of(call, root, ids)
        self._call = call
        self._nodes = 0

    def node(self, at: Relation, depth: int, above: frozenset[int] = frozenset()) -> dict[str, Any]:
        """Return a unit with its lots and the units behind it; ``more`` tells that the depth cut some off."""
        self._nodes += 1  # a unit that is reached on two ways is two nodes
        check_length(self._call, self._nodes)
        near = self.relations.get(at.item_id, ())
        behind = [relation for relation in near if relation.item_id not in above]
        within = above | {at.item_id}
        return {
            "item": self.items[at.item_id],
            "kind": at.kind or None,
            "ref": at.ref,
            "mat": self.mat.get(at.item_id, []),
            "units": [self.node(relation, depth - 1, within) for relation in behind] if depth else [],
            "more": bool(behind) and not depth,
        }


def trace_tree(call: Call, item_id: int, direction: str, depth: int) -> dict[str, Any]:
    """Return the units in a unit (``down``) or around it (``up``), nested at most ``depth`` levels deep."""
    root = units.unit(call, item_id)
    return TraceTree(call, root, direction, depth).node(Relation(item_id, "", ""), depth)


def lots_of(call: Call, root: Unit, item_ids: Set[int]) -> dict[int, list[OpMat]]:
    """Return what was taken for each unit; a board has what its panel took, unless the panel is there itself."""
    if not call.hooks.has(history.MATERIAL):
        return {}
    asked = item_ids | ({root.panel_id} if root.panel_id is not None else set())
    owners: dict[int, int] = {}
    for op_id, item_id, skipped in list_rows(call, active_operations, ids=sorted(asked)):
        if item_id in item_ids:
            owners[op_id] = item_id
        elif root.id not in (skipped or ()):
            owners[op_id] = root.id
    taken = call.hooks.collect(history.MATERIAL, op_ids=tuple(owners))
    found: dict[int, list[OpMat]] = {}
    for op_id in sorted(taken):
        found.setdefault(owners[op_id], []).extend(taken[op_id])
    return found
