"""Boxes in boxes: which lie around one and which in it, and how they are locked.

Who changes what lies in a box, or what may be done with it, locks it with all boxes around it, in order of id: then
nothing in it changes, however deep it lies, and no box around it is closed or moved meanwhile. Boxes are locked before units.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from peewee import CTE, Query, Select, fn

from tracepro.database import list_rows, p, statement
from tracepro_boxes import models as m
from tracepro_boxes import reasons
from tracepro_boxes.records import Box
from tracepro_hookspecs import Call, Row

DEEPEST = 32
"""How many boxes may lie one in the other: more is a mistake, and every scan reads the boxes around."""


Chain = list[Box]
"""A box and those around it, from the inside to the outside."""


def select_boxes() -> Select:
    """Return a query of the columns of :class:`Box`, in order of id."""
    label = fn.COALESCE(m.Box.label, "")
    columns = (m.Box.id, m.Box.item, m.Box.box_size, label, m.Box.status, m.Box.parent_id)
    return m.Box.select(*columns).order_by(m.Box.id)


def boxes_around() -> CTE:
    """Return the table of boxes ``ids`` and all that lie around them, to be joined: id and parent_id."""
    inner = m.Box.select(m.Box.id, m.Box.parent_id).where(m.Box.id.in_(p.integers("ids")))
    chain = inner.cte("chain", recursive=True, columns=("id", "parent_id"))
    outer = m.Box.alias()
    return chain.union(
        outer.select(outer.id, outer.parent_id).join(chain, on=(outer.id == chain.c.parent_id))
    )


def boxes_within() -> CTE:
    """Return the table of boxes ``ids`` and all that lie in them, to be joined: root, id and level, from 1."""
    outer = m.Box.select(m.Box.id, m.Box.id, 1).where(m.Box.id.in_(p.integers("ids")))
    tree = outer.cte("tree", recursive=True, columns=("root", "id", "level"))
    inner = m.Box.alias()
    step = inner.select(tree.c.root, inner.id, tree.c.level + 1)
    return tree.union(step.join(tree, on=(inner.parent_id == tree.c.id)))


def _with_those_around() -> Select:
    chain = boxes_around()
    return select_boxes().where(m.Box.id.in_(Select([chain], [chain.c.id]))).with_cte(chain)


@statement
def chain_of_boxes() -> Query:
    """Boxes with all that lie around them."""
    return _with_those_around()


@statement
def locked_chain_of_boxes() -> Query:
    """Boxes with all that lie around them, locked in a write until the call ends."""
    return _with_those_around().for_update()


@statement
def boxes_inside() -> Query:
    """Level, id and product of a box and of all boxes in it."""
    tree = boxes_within()
    query = Select([tree], [tree.c.level, m.Box.id, m.Box.item])
    return query.join(m.Box, on=(m.Box.id == tree.c.id)).with_cte(tree)


@statement
def units_inside() -> Query:
    """The units in boxes and in all boxes in them, in the order of packing."""
    tree = boxes_within()
    query = m.Packed.select(m.Packed.item_id).where(m.Packed.box_id.in_(Select([tree], [tree.c.id])))
    # Not the column itself: SQLite would read all that was ever packed in the order of ids, to save a sort of some units.
    return query.order_by(m.Packed.id + 0).with_cte(tree)


def chain(call: Call, box_id: int) -> Chain:
    """Return a box that exists and those around it."""
    return _outward(_by_id(call.db.rows(chain_of_boxes, ids=[box_id])), box_id)


def lock(call: Call, *box_ids: int) -> list[Chain]:
    """Return boxes with those around each, locked until the call ends. Raises ``box-not-found``.

    A box that is moved while this call waits lies in another one than was asked for; then that is locked too.
    """
    found: dict[int, Box] = {}
    wanted = set(box_ids)
    while wanted:
        locked = _by_id(call.db.rows(locked_chain_of_boxes, ids=sorted(wanted)))
        if not wanted <= locked.keys():
            raise reasons.box_not_found(min(wanted - locked.keys()))
        found.update(locked)
        wanted = {box.parent_id for box in found.values() if box.parent_id is not None} - found.keys()
    return [_outward(found, box_id) for box_id in box_ids]


def _by_id(rows: Iterable[Row]) -> dict[int, Box]:
    return {row[0]: Box(*row) for row in rows}


def _outward(boxes: Mapping[int, Box], box_id: int) -> Chain:
    chain = [boxes[box_id]]
    while chain[-1].parent_id is not None:
        chain.append(boxes[chain[-1].parent_id])
    return chain


def units_within(call: Call, box_id: int) -> list[int]:
    """Return the units in a box and in all boxes in it, in the order of packing."""
    return [item_id for (item_id,) in list_rows(call, units_inside, ids=[box_id])]
