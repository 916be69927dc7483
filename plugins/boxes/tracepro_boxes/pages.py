"""What boxes show on pages: the panel of a unit's page that tells where it is packed, and where a label leads."""

from __future__ import annotations

from typing import Any

from tracepro_boxes import boxes, whereabouts
from tracepro_hookspecs import Call


def panels(call: Call, page: str, subject: Any) -> dict[str, dict[str, Any]]:
    """Return the panel of a unit that lies in a box: the box around it, then those around that."""
    around = whereabouts.extra(call, subject.id)["boxes"] if page == "unit" else []
    if not around:
        return {}
    part_of = subject.id not in boxes.of_units(call, [subject.id])
    panel = {"title": "Packed in", "template": "boxes/unit_panel.html", "boxes": around, "part_of": part_of}
    return {"boxes": panel}


def of_code(call: Call, code: str) -> dict[str, str]:
    """Return the page of the box with a label."""
    row = call.db.one(boxes.box_by_label, label=code)
    return {f"/ui/box/{row[0]}": f"Box {code}"} if row else {}
