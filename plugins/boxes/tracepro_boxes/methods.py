"""What the API calls; every function here is one JSON-RPC method."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tracepro_items import api as items_api
from tracepro_items.api import DataRows, Pairs

from tracepro.database import narrowed_by
from tracepro_boxes import boxes, packing, params, whereabouts, work
from tracepro_boxes.records import BoxContent
from tracepro_hookspecs import Call, Method

Ids = Sequence[int]
ONE_BY_ONE = "ask for the boxes inside one by one"


def makebox(call: Call, item: str, box_size: int = 0, label: str = "") -> BoxContent:
    """Make a box for units of a product, or of any."""
    return params.make(call, item, box_size, label)


@narrowed_by("id", ONE_BY_ONE)
def getbox(call: Call, id: int) -> BoxContent | None:
    """Return a box by its id, or None."""
    return boxes.find(call, id)


@narrowed_by("label", ONE_BY_ONE)
def getboxbylabel(call: Call, label: str) -> BoxContent | None:
    """Return the box with a label, or None."""
    return boxes.find_by_label(call, label)


@narrowed_by("item_id", "ask getitemextra in which boxes it lies, and for those one by one")
def getboxbyitem(call: Call, item_id: int) -> list[BoxContent]:
    """Return the box a unit lies in, then those around it."""
    return whereabouts.boxes_around(call, item_id)


def addboxitem(call: Call, wbox_id: int, item_id: int) -> BoxContent:
    """Put a unit into a box."""
    return packing.add_unit(call, wbox_id, item_id)


def addboxbox(call: Call, wbox_id: int, child_box_id: int) -> BoxContent:
    """Put a box into a box."""
    return packing.add_box(call, wbox_id, child_box_id)


def delfrombox(call: Call, wbox_id: int, item_id: int) -> BoxContent:
    """Take a unit out of a box."""
    return packing.take_unit(call, wbox_id, item_id)


def clearbox(call: Call, wbox_id: int) -> BoxContent:
    """Take everything out of a box."""
    return packing.clear(call, wbox_id)


def setboxlabel(call: Call, box_id: int, label: str) -> BoxContent:
    """Set the label of a box."""
    return params.change(call, box_id, label=label)


def setboxparams(
    call: Call,
    box_id: int,
    label: str | None = None,
    box_size: int | None = None,
    status: int | None = None,
    item: str | None = None,
) -> BoxContent:
    """Change what a box is; None leaves as it is."""
    return params.change(call, box_id, label=label, box_size=box_size, status=status, item=item)


@narrowed_by("box_id", "ask for the boxes inside one by one, or for fewer steps")
def box_canaddop(call: Call, box_id: int, op_act_list: Pairs, wp_id: int, workers: Ids) -> dict[str, Any]:
    """Tell whether operations may be recorded on all units of a box."""
    request = items_api.StepRequest((), op_act_list, wp_id, workers)
    return items_api.check_answer(work.reasons_against(call, box_id, request))


def box_addop(
    call: Call,
    box_id: int,
    op: int | None,
    act: int | None,
    wp_id: int,
    workers: Ids,
    tm0: int | None = None,
    tm1: int | None = None,
    result: int = 0,
    mat_auto: bool = False,
    data: DataRows = (),
) -> dict[str, Any]:
    """Record an operation on all units of a box, all or none."""
    draft = items_api.make_draft(call, tm0, tm1, result=result, mat_auto=mat_auto, data_rows=data)
    recorded = work.record(call, box_id, items_api.StepRequest((), ((op, act),), wp_id, workers, draft))
    return {"ops": [{"item_id": item_id, "op_id": op_id} for item_id, op_id in recorded.ops]}


METHODS = [
    Method("makebox", makebox, "write"),
    Method("getbox", getbox, "read"),
    Method("getboxbylabel", getboxbylabel, "read"),
    Method("getboxbyitem", getboxbyitem, "read"),
    Method("addboxitem", addboxitem, "write"),
    Method("addboxbox", addboxbox, "write"),
    Method("delfrombox", delfrombox, "write"),
    Method("clearbox", clearbox, "write"),
    Method("setboxlabel", setboxlabel, "write"),
    Method("setboxparams", setboxparams, "write"),
    Method("box_canaddop", box_canaddop, "read", line_from=("wp_id",)),
    Method("box_addop", box_addop, "write", line_from=("wp_id",), alone=True),
]
