"""Packing: units and boxes are put into a box and taken out."""

from __future__ import annotations

from peewee import Query
from tracepro_items import api as items_api

from tracepro.database import Insert, p, statement
from tracepro_boxes import boxes, nesting, reasons, rules
from tracepro_boxes import models as m
from tracepro_boxes.records import BoxContent
from tracepro_hookspecs import Call, Reason, Refused
from tracepro_schemas import defs

PACK = Insert(m.Packed)


@statement
def unpack() -> Query:
    """Take a unit out."""
    return m.Packed.delete().where(m.Packed.item_id == p("item_id"))


@statement
def unpack_all() -> Query:
    """Take all units out of a box."""
    return m.Packed.delete().where(m.Packed.box_id == p("box_id"))


@statement
def put_into_box() -> Query:
    """Put boxes into a box, or with null into none."""
    return m.Box.update(parent_id=p("parent_id")).where(m.Box.id.in_(p.integers("ids")))


def add_unit(call: Call, box_id: int, item_id: int) -> BoxContent:
    """Put a unit into a box and return that.

    Raises ``box-not-found``, ``item-not-found`` and ``item-in-box``; refused for all that the rules have against it.
    """
    (chain,) = nesting.lock(call, box_id)
    piece = items_api.lock_piece(call, item_id)
    _refuse_packed(call, piece)
    item = piece.item
    against = rules.closed(chain) + rules.full(call, chain[0]) + piece.against
    _refuse(against + rules.other_product(chain, item.item, f"unit {item.barcode}", item.id))
    call.db.insert(PACK, box_id=box_id, item_id=item_id)
    call.changed(f"item {item_id}", "box", None, box_id)
    return boxes.shown(call, chain[:1])[0]


def _refuse_packed(call: Call, piece: items_api.Piece) -> None:
    """Refuse a unit that lies in a box, itself or in what it is built into.

    A panel and its boards are one piece until the boards are packed themselves.
    """
    item_id = piece.item.id
    around = [unit_id for unit_id, _ in items_api.ancestors(call, [item_id])[item_id]]
    packed = boxes.of_units(call, list(dict.fromkeys([item_id, *piece.others, *around])))
    if item_id in packed:
        raise reasons.in_a_box(f"Unit {piece.item.barcode}", packed[item_id])
    for other, box_id in packed.items():
        what = f"Unit {piece.item.barcode} is one piece with unit {other}, which"
        raise reasons.in_a_box(what, box_id)


def add_box(call: Call, box_id: int, child_id: int) -> BoxContent:
    """Put a box into another and return that.

    Raises ``box-not-found``, ``item-in-box`` for a box that lies in one already, and InvalidParams for too many one
    in the other; refused for all that the rules have against it.
    """
    chain, around_child = nesting.lock(call, box_id, child_id)
    child = around_child[0]
    _refuse(rules.cycle(chain, child))
    if child.parent_id is not None:
        raise reasons.in_a_box(f"Box {child_id}", child.parent_id)
    rules.check_depth(call, chain, child)
    against = rules.closed(chain) + rules.closed(around_child, defs.BOX_ST_SHIPPED)
    against += rules.full(call, chain[0])
    if child.item:
        against += rules.other_product(chain, child.item, f"box {child_id}")
    else:
        against += rules.content_of_other_product(call, child, chain)
    _refuse(against)
    _put_into(call, [child_id], box_id)
    call.changed(f"box {child_id}", "parent_id", None, box_id)
    return boxes.shown(call, chain[:1])[0]


def _put_into(call: Call, child_ids: list[int], box_id: int | None) -> None:
    call.db.run(put_into_box, ids=child_ids, parent_id=box_id)


def take_unit(call: Call, box_id: int, item_id: int) -> BoxContent:
    """Take a unit out of the box in which it lies directly and return that.

    Raises ``box-not-found``, ``item-not-found`` and ``item-not-in-box``; refused when the box is closed.
    """
    (chain,) = nesting.lock(call, box_id)
    item = items_api.item(call, item_id)
    lies_in = boxes.of_units(call, [item_id]).get(item_id)
    if lies_in != box_id:
        raise reasons.item_not_in_box(item, chain[0], lies_in)
    _refuse(rules.closed(chain))
    call.db.run(unpack, item_id=item_id)
    call.changed(f"item {item_id}", "box", box_id, None)
    return boxes.shown(call, chain[:1])[0]


def clear(call: Call, box_id: int) -> BoxContent:
    """Take all units and boxes out of a box and return that; the boxes keep what lies in them.

    Raises ``box-not-found``; refused when the box is closed.
    """
    children = [child_id for _, child_id in call.db.rows(boxes.boxes_in, ids=[box_id])]
    chain, *_ = nesting.lock(call, box_id, *children)
    _refuse(rules.closed(chain))
    (before,) = boxes.shown(call, chain[:1])
    call.db.run(unpack_all, box_id=box_id)
    _put_into(call, list(before.boxes), None)
    call.changed(f"box {box_id}", "items", list(before.items), [])
    for child_id in before.boxes:
        call.changed(f"box {child_id}", "parent_id", box_id, None)
    return boxes.shown(call, chain[:1])[0]


def _refuse(against: list[Reason]) -> None:
    if against:
        raise Refused(against)
