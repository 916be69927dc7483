"""Where units are: the box in which a unit lies and those around it; what is part of a unit lies where that does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tracepro_items import api as items_api

from tracepro_boxes import boxes, nesting
from tracepro_boxes.nesting import Chain
from tracepro_boxes.records import BoxContent
from tracepro_hookspecs import Call


def boxes_around(call: Call, item_id: int) -> list[BoxContent]:
    """Return the box in which a unit lies, then those around that; none for a unit that lies in no box."""
    return boxes.shown(call, chain_around(call, item_id))


def extra(call: Call, item_id: int) -> dict[str, Any]:
    """Return the same for getitemextra: id, label and status of each box."""
    return {
        "boxes": [
            {"id": box.id, "label": box.label, "status": box.status} for box in chain_around(call, item_id)
        ]
    }


def of_units(call: Call, item_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Return for each unit that was packed itself the id of its box."""
    return {item_id: {"box": box_id} for item_id, box_id in boxes.of_units(call, item_ids).items()}


def chain_around(call: Call, item_id: int) -> Chain:
    """Return the box in which a unit lies, or what it is part of, with those around; none for a unit in no box."""
    part_of = items_api.ancestors(call, [item_id])[item_id]
    candidates = [item_id, *(unit_id for unit_id, _ in part_of)]
    packed = boxes.of_units(call, candidates)
    box_id = next((packed[one] for one in candidates if one in packed), None)
    return [] if box_id is None else nesting.chain(call, box_id)
