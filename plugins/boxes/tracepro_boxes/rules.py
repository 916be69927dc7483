"""What a box takes and when it may be changed (docs/rules.md, Boxes). One function a rule."""

from __future__ import annotations

from tracepro_items import api as items_api

from tracepro_boxes import boxes, nesting, reasons
from tracepro_boxes.nesting import Chain
from tracepro_boxes.records import Box
from tracepro_hookspecs import Call, InvalidParams, Reason
from tracepro_hookspecs.records import Item
from tracepro_schemas import defs


def closed(chain: Chain, least: int = defs.BOX_ST_CLOSED) -> list[Reason]:
    """Return why not: the box or one around it is closed (or, with ``least``, shipped), the nearest that is."""
    found = next((box for box in chain if box.status >= least), None)
    return [] if found is None else [reasons.box_closed(chain[0], found)]


def change_of_status(chain: Chain, status: int) -> list[Reason]:
    """Return why not: what is shipped, or lies in what is, stays so; nothing is opened in what is closed."""
    box, around = chain[0], [other for other in chain[1:] if other.status > status]
    if box.status == defs.BOX_ST_SHIPPED:
        return [reasons.box_closed(box, box)]
    return [reasons.box_closed(box, around[0])] if around else []


def full(call: Call, box: Box) -> list[Reason]:
    """Return why nothing more goes in: what lies directly in it, units and boxes, has reached its size."""
    return size_exceeded(call, box, box.box_size, 1)


def size_exceeded(call: Call, box: Box, size: int, more: int = 0) -> list[Reason]:
    """Return why a box can't be so small, with so much ``more`` in it; 0 is no limit."""
    inside = boxes.filling(call, [box.id]).get(box.id, 0) if size else 0
    return [reasons.box_full(box, inside, size)] if inside + more > size > 0 else []


def other_product(chain: Chain, product: str, what: str, item_id: int | None = None) -> list[Reason]:
    """Return why a product doesn't go in: the box or one around it takes another."""
    found = next((box for box in chain if box.item not in ("", product)), None)
    return [] if found is None else [reasons.box_product_mismatch(found, what, product, item_id)]


def content_of_other_product(call: Call, box: Box, outside: Chain) -> list[Reason]:
    """Return why a box can't lie in the boxes ``outside``: it holds a unit, or a box for units, of another product."""
    if not any(other.item for other in outside):
        return []
    inner = call.db.rows(nesting.boxes_inside, ids=[box.id])
    held: list[tuple[str, str, int | None]] = [
        (product, f"box {box_id}", None) for _, box_id, product in inner if product and box_id != box.id
    ]
    held += [(item.item, f"unit {item.barcode}", item.id) for item in _units_within(call, box)]
    found = [
        reason for product, what, item_id in held for reason in other_product(outside, product, what, item_id)
    ]
    return found[:1]


def _units_within(call: Call, box: Box) -> list[Item]:
    return items_api.items(call, nesting.units_within(call, box.id))


def cycle(chain: Chain, child: Box) -> list[Reason]:
    """Return why not: a box can't lie in itself, nor in a box that lies in it."""
    return [reasons.box_cycle(chain[0], child)] if child.id in {box.id for box in chain} else []


def check_depth(call: Call, chain: Chain, child: Box) -> None:
    """Refuse to put more than ``DEEPEST`` boxes one into the other. Raises InvalidParams."""
    levels = max(level for level, _, _ in call.db.rows(nesting.boxes_inside, ids=[child.id]))
    if len(chain) + levels > nesting.DEEPEST:
        info = f"With box {child.id} {len(chain) + levels} boxes would lie one in the other; at most {nesting.DEEPEST} may."
        raise InvalidParams("child_box_id", info)
