"""The sentences of this plugin's refusals; each code is built by one function."""

from __future__ import annotations

from tracepro_boxes.records import Box
from tracepro_hookspecs import Conflict, NotFound, Reason
from tracepro_hookspecs.records import Item
from tracepro_schemas import defs

WORDS_FOR_STATUS = {defs.BOX_ST_OPEN: "open", defs.BOX_ST_CLOSED: "closed", defs.BOX_ST_SHIPPED: "shipped"}


def _named(box: Box) -> str:
    return f"{box.id} ({box.label})" if box.label else str(box.id)


def box_not_found(box_id: int) -> NotFound:
    """Return the error for a box that doesn't exist."""
    return NotFound("box-not-found", f"There is no box {box_id}; scan its label again, or make a new box.")


def in_a_box(what: str, box_id: int) -> Conflict:
    """Return the error for a unit or box that lies in a box already."""
    return Conflict("item-in-box", f"{what} lies in box {box_id} already; take it out there first.")


def item_not_in_box(item: Item, box: Box, lies_in: int | None) -> Conflict:
    """Return the error for a unit that doesn't lie directly in a box, but in the box ``lies_in`` or in none."""
    where = "no box" if lies_in is None else f"box {lies_in}"
    info = f"Unit {item.barcode} doesn't lie directly in box {_named(box)}; it lies in {where}, check both."
    return Conflict("item-not-in-box", info)


def label_exists(label: str, box_id: int) -> Conflict:
    """Return the error for a label that another box has."""
    return Conflict("label-exists", f"Label {label} stands on box {box_id} already; take another one.")


def box_full(box: Box, inside: int, size: int) -> Reason:
    """Return that a box holds as much as goes in, or more than it is to hold."""
    info = (
        f"Box {_named(box)} holds {inside} and its size is {size}; take another box, or give it another size."
    )
    return Reason("box-full", info, plugin="boxes")


def box_closed(box: Box, closed: Box) -> Reason:
    """Return that a box is closed or shipped, or lies in the box ``closed`` that is."""
    where = "" if closed.id == box.id else f"lies in box {_named(closed)}, which "
    word = WORDS_FOR_STATUS[closed.status]
    advice = "it stays as it is" if closed.status == defs.BOX_ST_SHIPPED else "open that first (status 0)"
    info = f"Box {_named(box)} {where}is {word}; {advice}."
    return Reason("box-closed", info, plugin="boxes")


def box_empty(box_id: int) -> Reason:
    """Return that there is nothing in a box that could be worked on."""
    info = f"There is no unit in box {box_id}, nor in a box in it; pack it first, or scan another one."
    return Reason("box-empty", info, plugin="boxes")


def box_cycle(box: Box, child: Box) -> Reason:
    """Return that a box can't lie in itself, directly or in a box that lies in it."""
    how = "the same box" if box.id == child.id else f"box {_named(box)} lies in it"
    info = f"Box {_named(child)} can't be put into box {_named(box)}: {how}; take another box."
    return Reason("box-cycle", info, plugin="boxes")


def box_product_mismatch(box: Box, what: str, product: str, item_id: int | None = None) -> Reason:
    """Return that a box takes another product than ``what`` is, or holds."""
    info = f"Box {_named(box)} takes {box.item}, and {what} is {product}; take a box for that."
    return Reason("box-product-mismatch", info, item_id=item_id, plugin="boxes")
