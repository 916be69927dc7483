"""Looking boxes up: by id, by label, by what lies in them, and showing them with their content."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from peewee import JOIN, Query, Select, fn

from tracepro.database import list_rows, p, statement
from tracepro_boxes import models as m
from tracepro_boxes import nesting
from tracepro_boxes.nesting import select_boxes
from tracepro_boxes.records import Box, BoxContent
from tracepro_hookspecs import Call, Row


@statement
def box_by_id() -> Query:
    """One box."""
    return select_boxes().where(m.Box.id == p("id"))


@statement
def box_by_label() -> Query:
    """The box with a label."""
    return select_boxes().where(m.Box.label == p("label"))


@statement
def units_in() -> Query:
    """The units that lie directly in boxes, in the order of packing."""
    query = m.Packed.select(m.Packed.box_id, m.Packed.item_id)
    return query.where(m.Packed.box_id.in_(p.integers("ids"))).order_by(m.Packed.id)


@statement
def boxes_in() -> Query:
    """The boxes that lie directly in boxes."""
    query = m.Box.select(m.Box.parent_id, m.Box.id)
    return query.where(m.Box.parent_id.in_(p.integers("ids"))).order_by(m.Box.id)


@statement
def units_counted() -> Query:
    """How many units boxes hold, those of the boxes in them included."""
    tree = nesting.boxes_within()
    query = Select([tree], [tree.c.root, fn.count(m.Packed.id)])
    # Outer, so that SQLite begins with the few boxes: by its statistics it would read all packed units through.
    query = query.join(m.Packed, JOIN.LEFT_OUTER, on=(m.Packed.box_id == tree.c.id))
    return query.group_by(tree.c.root).with_cte(tree)


@statement
def content_counted() -> Query:
    """How many units lie directly in boxes, and how many boxes: up to two rows for each that isn't empty."""
    units = m.Packed.select(m.Packed.box_id, fn.count(m.Packed.id))
    units = units.where(m.Packed.box_id.in_(p.integers("ids"))).group_by(m.Packed.box_id)
    boxes = m.Box.select(m.Box.parent_id, fn.count(m.Box.id))
    boxes = boxes.where(m.Box.parent_id.in_(p.integers("ids"))).group_by(m.Box.parent_id)
    return units.union_all(boxes)


@statement
def boxes_of_units() -> Query:
    """The boxes in which units lie directly."""
    query = m.Packed.select(m.Packed.item_id, m.Packed.box_id)
    return query.where(m.Packed.item_id.in_(p.integers("ids")))


def find(call: Call, box_id: int) -> BoxContent | None:
    """Return a box with its content, or None."""
    return _first(call, call.db.one(box_by_id, id=box_id))


def find_by_label(call: Call, label: str) -> BoxContent | None:
    """Return the box with a label, or None; no box has an empty one."""
    return _first(call, call.db.one(box_by_label, label=label)) if label else None


def _first(call: Call, row: Row | None) -> BoxContent | None:
    return shown(call, [Box(*row)])[0] if row else None


def shown(call: Call, boxes: Sequence[Box]) -> list[BoxContent]:
    """Return boxes with their content, in the order given: three statements, however many they are."""
    ids = [box.id for box in boxes]
    if not ids:
        return []
    units = _by_box(list_rows(call, units_in, ids=ids))
    inside = _by_box(list_rows(call, boxes_in, ids=ids))
    counts = count_units(call, ids)
    return [
        BoxContent(
            box.id,
            box.item,
            box.box_size,
            box.label,
            box.status,
            box.parent_id,
            units.get(box.id, ()),
            inside.get(box.id, ()),
            counts.get(box.id, 0),
        )
        for box in boxes
    ]


def _by_box(rows: Iterable[tuple[int, int]]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for box_id, inside in rows:
        found.setdefault(box_id, []).append(inside)
    return found


def count_units(call: Call, ids: Sequence[int]) -> dict[int, int]:
    """Return how many units boxes hold, those of the boxes in them included; empty boxes are left out."""
    return dict(call.db.rows(units_counted, ids=ids)) if ids else {}


def filling(call: Call, ids: Sequence[int]) -> dict[int, int]:
    """Return how much lies directly in boxes, units and boxes together; empty boxes are left out."""
    found: Counter[int] = Counter()
    for box_id, number in call.db.rows(content_counted, ids=ids) if ids else ():
        found[box_id] += number
    return found


def of_units(call: Call, item_ids: Sequence[int]) -> dict[int, int]:
    """Return the box in which each of the units lies directly; units in none are left out."""
    return dict(call.db.rows(boxes_of_units, ids=item_ids)) if item_ids else {}
