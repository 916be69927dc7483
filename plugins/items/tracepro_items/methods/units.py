"""What the API calls of units: found, created, marked, and what they are made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tracepro_orders import api as orders_api

from tracepro.database import narrowed_by
from tracepro_hookspecs import Call, Method
from tracepro_hookspecs.records import Item, Operation
from tracepro_items import codes, creation, data, genealogy, history, marks, units
from tracepro_items.checking import require_workers_at
from tracepro_schemas import defs

Ids = Sequence[int]


@narrowed_by("barcode", "ask for the unit of one product with getitembyitem")
def getitembybarcode(call: Call, barcode: str) -> list[Item]:
    """Return the units of all products that have a code."""
    return units.items_with_code(call, barcode)


def getitembyitem(call: Call, item_type: str, barcode: str) -> Item | None:
    """Return the unit of a product that has a code, or null."""
    return next(iter(units.items_with_code(call, barcode, item_type)), None)


def getitem(call: Call, order_id: int, barcode: str, tp: int = 0) -> Item | None:
    """Return the unit of an order that has a code, or create it."""
    return creation.get_or_create(call, order_id, barcode, int(tp))


@narrowed_by("item_id", "ask for the work of its workplaces with getwplog")
def getitemoperations(call: Call, item_id: int) -> list[Operation]:
    """Return what was recorded on a unit."""
    return history.operations_of(call, units.unit(call, item_id))


@narrowed_by("item_id", "ask for the operations that set them with getitemoperations")
def getitemslots(call: Call, item_id: int) -> dict[str, Any]:
    """Return the slots of a unit."""
    return data.slots_of(call, units.unit(call, item_id).id)


@narrowed_by("item_id", "ask for the units next to it with getitemrel, and for their operations one by one")
def getitemdetails(call: Call, item_id: int) -> dict[str, Any]:
    """Return a unit, its operations, and its related units with theirs."""
    return genealogy.details(call, item_id)


@narrowed_by("item_id", "ask from the other side, with getitemrel of one of its parts")
def getitemrel(call: Call, item_id: int) -> list[dict[str, Any]]:
    """Return the units next to a unit."""
    return genealogy.related(call, units.unit(call, item_id).id)


def getitemextra(call: Call, item: int) -> dict[str, dict[str, Any]]:
    """Return what the plugins know about a unit."""
    return call.hooks.collect_each("tracepro_item_extra", item=units.item(call, item))


@narrowed_by("depth", "ask for fewer levels and go on from the units where more is true")
def tracetree(call: Call, item_id: int, direction: str = "down", depth: int = 10) -> dict[str, Any]:
    """Return the nested genealogy of a unit."""
    return genealogy.trace_tree(call, item_id, direction, depth)


@narrowed_by(
    "order_id", "ask for its counts with getorderitemcounts, or for the units of a lot with whereused"
)
def getorderitems(call: Call, order_id: int) -> list[Item]:
    """Return all units of an order."""
    order = orders_api.order(call, order_id)
    return [units.to_item(unit, order.erp_ref, order.item) for unit in units.of_order(call, order_id)]


def setitembarcode2(call: Call, item_id: int, barcode2: str) -> Item:
    """Give a unit its second code."""
    return codes.set_second(call, item_id, barcode2)


def setitembad(call: Call, item_id: int, wp_id: int, workers: Ids, bad: int = 1) -> Item:
    """Mark a unit as scrapped, or take that back."""
    require_workers_at(call, wp_id, workers)
    return marks.mark(call, item_id, int(bad), "", wp_id, workers)


def setitemscrap(call: Call, item_id: int, wp_id: int, workers: Ids, reason: str = "") -> Item:
    """Mark a unit as scrapped, with a reason."""
    require_workers_at(call, wp_id, workers)
    return marks.mark(call, item_id, defs.ITEM_BAD_SCRAP, reason, wp_id, workers)


def setitembadmark(call: Call, item_id: int, wp_id: int, workers: Ids, reason: str = "") -> Item:
    """Mark a position that was never a good unit."""
    require_workers_at(call, wp_id, workers)
    return marks.mark(call, item_id, defs.ITEM_BAD_BADMARK, reason, wp_id, workers)


def setitemrtflags(call: Call, item_id: int, wp_id: int, workers: Ids, rt_flags: int) -> Item:
    """Set run-time flags of a unit."""
    require_workers_at(call, wp_id, workers)
    return marks.set_flags(call, item_id, rt_flags)


def clearitemrtflags(call: Call, item_id: int, wp_id: int, workers: Ids, rt_flags: int) -> Item:
    """Clear run-time flags of a unit."""
    require_workers_at(call, wp_id, workers)
    return marks.clear_flags(call, item_id, rt_flags)


METHODS = [
    Method("getitembybarcode", getitembybarcode, "read"),
    Method("getitembyitem", getitembyitem, "read"),
    Method("getitem", getitem, "upgrade"),
    Method("getitemoperations", getitemoperations, "read"),
    Method("getitemslots", getitemslots, "read"),
    Method("getitemdetails", getitemdetails, "read"),
    Method("getitemrel", getitemrel, "read"),
    Method("getitemextra", getitemextra, "read"),
    Method("getorderitems", getorderitems, "read"),
    Method("setitembarcode2", setitembarcode2, "write"),
    Method("setitembad", setitembad, "write", line_from=("wp_id",)),
    Method("setitemscrap", setitemscrap, "write", line_from=("wp_id",)),
    Method("setitembadmark", setitembadmark, "write", line_from=("wp_id",)),
    Method("setitemrtflags", setitemrtflags, "write", line_from=("wp_id",)),
    Method("clearitemrtflags", clearitemrtflags, "write", line_from=("wp_id",)),
    Method("tracetree", tracetree, "read"),
]
