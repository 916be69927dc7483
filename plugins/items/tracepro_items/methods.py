"""What the API calls of units and their counts; every function here is one JSON-RPC method."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tracepro_orders import api as orders_api

from tracepro_hookspecs import Method
from tracepro_hookspecs.records import Item, Operation
from tracepro_items import codes, creation, data, history, marks, tally, units
from tracepro_schemas import defs

Ids = Sequence[int]


def getorderitemcounts(call: Any, order_id: int) -> dict[str, dict[str, int]]:
    """Returns how many good and bad units an order has, by type."""
    return tally.of_units(call, orders_api.order(call, order_id).id)


def getordercounts(call: Any, order_id: int) -> list[dict[str, int]]:
    """Returns how many units passed and failed each step of an order."""
    return tally.of_steps(call, orders_api.order(call, order_id))


def getitembybarcode(call: Any, barcode: str) -> list[Item]:
    """Returns the units of all products that have a code."""
    return units.records(call, units.with_code(call, barcode))


def getitembyitem(call: Any, item_type: str, barcode: str) -> Item | None:
    """Returns the unit of a product that has a code, or null."""
    return next(iter(units.records(call, units.with_code(call, barcode, item_type))), None)


def getitem(call: Any, order_id: int, barcode: str, tp: int = 0) -> Item | None:
    """Returns the unit of an order that has a code, or creates it."""
    return creation.get(call, order_id, barcode, int(tp))


def getitemoperations(call: Any, item_id: int) -> list[Operation]:
    """Returns what was recorded on a unit."""
    return history.operations_of(call, units.unit(call, item_id))


def getitemslots(call: Any, item_id: int) -> dict[str, Any]:
    """Returns the slots of a unit."""
    return data.slots_of(call, units.unit(call, item_id).id)


def getorderitems(call: Any, order_id: int) -> list[Item]:
    """Returns all units of an order."""
    order = orders_api.order(call, order_id)
    return [units.record(unit, order) for unit in units.of_order(call, order_id)]


def setitembarcode2(call: Any, item_id: int, barcode2: str) -> Item:
    """Gives a unit its second code."""
    return codes.set_second(call, item_id, barcode2)


def setitembad(call: Any, item_id: int, wp_id: int, workers: Ids, bad: int = 1) -> Item:
    """Marks a unit as scrapped, or takes that back."""
    marks.check_place(call, wp_id, workers)
    return marks.mark(call, item_id, int(bad), "")


def setitemscrap(call: Any, item_id: int, wp_id: int, workers: Ids, reason: str = "") -> Item:
    """Marks a unit as scrapped, with a reason."""
    marks.check_place(call, wp_id, workers)
    return marks.mark(call, item_id, defs.ITEM_BAD_SCRAP, reason)


def setitembadmark(call: Any, item_id: int, wp_id: int, workers: Ids, reason: str = "") -> Item:
    """Marks a position that was never a good unit."""
    marks.check_place(call, wp_id, workers)
    return marks.mark(call, item_id, defs.ITEM_BAD_BADMARK, reason)


def setitemrtflags(call: Any, item_id: int, wp_id: int, workers: Ids, rt_flags: int) -> Item:
    """Sets run-time flags of a unit."""
    marks.check_place(call, wp_id, workers)
    return marks.set_flags(call, item_id, rt_flags)


def clearitemrtflags(call: Any, item_id: int, wp_id: int, workers: Ids, rt_flags: int) -> Item:
    """Clears run-time flags of a unit."""
    marks.check_place(call, wp_id, workers)
    return marks.clear_flags(call, item_id, rt_flags)


METHODS = [
    Method("getorderitemcounts", getorderitemcounts, "read"),
    Method("getordercounts", getordercounts, "read"),
    Method("getitembybarcode", getitembybarcode, "read"),
    Method("getitembyitem", getitembyitem, "read"),
    Method("getitem", getitem, "upgrade"),
    Method("getitemoperations", getitemoperations, "read"),
    Method("getitemslots", getitemslots, "read"),
    Method("getorderitems", getorderitems, "read"),
    Method("setitembarcode2", setitembarcode2, "write"),
    Method("setitembad", setitembad, "write", line_from=("wp_id",)),
    Method("setitemscrap", setitemscrap, "write", line_from=("wp_id",)),
    Method("setitembadmark", setitembadmark, "write", line_from=("wp_id",)),
    Method("setitemrtflags", setitemrtflags, "write", line_from=("wp_id",)),
    Method("clearitemrtflags", clearitemrtflags, "write", line_from=("wp_id",)),
]
