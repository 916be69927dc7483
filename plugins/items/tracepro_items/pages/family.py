"""What is around a unit, as the boxes of a picture: what it is part of, its parts and lots; long lists are cut and say so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set

import msgspec
from peewee import Field, Query, Select, fn

from tracepro.database import ListTooLong, p, statement
from tracepro_hookspecs import Call, Row, segment
from tracepro_hookspecs.records import Item, OpMat
from tracepro_items import genealogy, units
from tracepro_items import models as m
from tracepro_items.genealogy import COMPONENT, PANEL, Relation
from tracepro_items.pages.tree import Node
from tracepro_items.reasons import WORDS_FOR_BAD
from tracepro_items.units import Unit

UP = 4
"""Levels that are shown upwards."""
PARTS = (30, 6, 6, 0)
"""How many parts a unit shows, by level; of those on the last only the number is told."""
UNITS = 60
"""Parts of all levels in one picture."""
LOTS, LOTS_OF_PART, PARTS_WITH_LOTS = 12, 4, 8
Units = Mapping[int, Item]
Lots = Mapping[int, Sequence[OpMat]]


class Parts(msgspec.Struct):
    """The parts of units that are shown, by unit, and how many each has."""

    shown: dict[int, list[Relation]] = {}
    number: dict[int, int] = {}


def _first_parts(host: Field, part: Field, ref: Field, order: Field) -> Select:
    """Return the first parts of each unit with how many it has."""
    number = fn.ROW_NUMBER().over(partition_by=[host], order_by=[order])
    whole = fn.COUNT(part).over(partition_by=[host])
    columns = (host.alias("host"), part.alias("part"), ref.alias("ref"))
    numbered = host.model.select(*columns, number.alias("number"), whole.alias("whole"))
    found = numbered.where(host.in_(p.integers("ids")))
    c = found.c
    query = Select([found], [c.host, c.part, c.ref, c.whole]).where(c.number <= p("most"))
    return query.order_by(c.host, c.number)


@statement
def first_boards() -> Query:
    """The first boards of panels."""
    return _first_parts(m.Unit.panel_id, m.Unit.id, m.Unit.position, m.Unit.position)


@statement
def first_components() -> Query:
    """The first components of units."""
    return _first_parts(m.Component.parent_id, m.Component.child_id, m.Component.ref, m.Component.id)


def around(call: Call, unit: Unit, item: Item) -> tuple[Node, list[Node], list[Node]]:
    """Return the box of a unit, those of what it is part of, and those of its parts and lots."""
    above = genealogy.levels(call, [unit.id], genealogy.parents, UP + 1)
    parts = _parts(call, unit.id)
    near = [relation for shown in (*above.values(), *parts.shown.values()) for relation in shown]
    found = {one.id: one for one in units.items(call, {relation.item_id for relation in near})} | {
        unit.id: item
    }
    own = [relation.item_id for relation in parts.shown.get(unit.id, ())][:PARTS_WITH_LOTS]
    lots = lots_of(call, unit, {unit.id, *own})
    below = _below(unit.id, found, parts, lots)
    return _box(item), _above(unit.id, found, above, UP), below


def _parts(call: Call, root_id: int) -> Parts:
    parts = Parts()
    level, room, met = [root_id], UNITS, {root_id}
    for most in PARTS:
        rows = _first_rows(call, level, max(most, 1)) if level else ()
        level = []
        for kind, (host, part, ref, whole) in rows:
            shown = parts.shown.setdefault(host, [])
            if not shown or shown[-1].kind != kind:
                parts.number[host] = parts.number.get(host, 0) + whole
            if len(shown) < most and room and part not in met:
                met.add(part)
                room -= 1
                level.append(part)
                shown.append(Relation(part, kind, str(ref)))
    return parts


def _first_rows(call: Call, ids: Sequence[int], most: int) -> list[tuple[str, Row]]:
    return [
        (kind, row)
        for kind, query in ((PANEL, first_boards), (COMPONENT, first_components))
        for row in call.db.rows(query, ids=ids, most=most)
    ]


def _above(item_id: int, found: Units, above: genealogy.Relations, levels: int) -> list[Node]:
    near = above.get(item_id, ())
    if not levels:
        return [Node("more", "Further up", path(item_id), note="on the page of this one")] if near else []
    return [
        _box(found[one.item_id], one, _above(one.item_id, found, above, levels - 1), upwards=True)
        for one in near
    ]


def _below(item_id: int, found: Units, parts: Parts, lots: Lots, first: bool = True) -> list[Node]:
    shown = parts.shown.get(item_id, ())
    nodes = [_box(found[one.item_id], one, _below(one.item_id, found, parts, lots, False)) for one in shown]
    hidden = parts.number.get(item_id, 0) - len(shown)
    if hidden > 0:
        words = f"and {hidden} more" if shown else f"{hidden} {'part' if hidden == 1 else 'parts'}"
        nodes.append(Node("more", words, parts_path(item_id), note="all parts of it"))
    return nodes + _lot_boxes(item_id, lots.get(item_id, ()), LOTS if first else LOTS_OF_PART)


def _lot_boxes(item_id: int, taken: Iterable[OpMat], most: int) -> list[Node]:
    lots = by_lot(taken)
    nodes = [
        Node("lot", first.mat_lot, lot_path(first.mat_item, first.mat_lot), refs, first.mat_item)
        for first, refs in lots[:most]
    ]
    if len(lots) > most:
        nodes.append(
            Node(
                "more",
                f"and {len(lots) - most} more lots",
                f"{parts_path(item_id)}#lots",
                note="all lots of it",
            )
        )
    return nodes


def lots_of(call: Call, unit: Unit, item_ids: Set[int]) -> Lots:
    """Return what was taken for units; none where that is more than a list may have, and the records alone tell."""
    try:
        return genealogy.lots_of(call, unit, item_ids)
    except ListTooLong:
        return {}


def by_lot(taken: Iterable[OpMat]) -> list[tuple[OpMat, str]]:
    """Return each lot once, as it was taken first, with all designators it was taken for."""
    refs: dict[int, dict[str, None]] = {}
    first: dict[int, OpMat] = {}
    for mat in taken:
        first.setdefault(mat.wfloormat_id, mat)
        refs.setdefault(mat.wfloormat_id, {}).setdefault(mat.ref)
    return [(mat, ", ".join(ref for ref in refs[lot_id] if ref)) for lot_id, mat in first.items()]


def _box(item: Item, near: Relation | None = None, next: Sequence[Node] = (), upwards: bool = False) -> Node:
    ref = near.ref if near is not None else ""
    if near is not None and near.kind == PANEL:
        ref = f"panel, this is board {ref}" if upwards else f"board {ref}"
    elif ref and upwards:
        ref = f"at {ref} of it"
    note = " · ".join(filter(None, (item.item, WORDS_FOR_BAD.get(item.bad))))
    return Node(
        "unit", item.barcode or f"Unit {item.id}", path(item.id), ref, note, "no" if item.bad else "", next
    )


def path(item_id: int) -> str:
    """Return the path of the page of a unit."""
    return f"/ui/unit/{item_id}"


def parts_path(item_id: int) -> str:
    """Return the path of the list of a unit's parts."""
    return f"/ui/unit-parts/{item_id}"


def lot_path(mat_item: str, mat_lot: str) -> str:
    """Return the path of the page of a lot."""
    return f"/ui/lot/{segment(mat_item)}/{segment(mat_lot)}"
