"""What a box is: made, and its label, size, product and status changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from peewee import Query

from tracepro.database import Insert, p, statement
from tracepro_boxes import boxes, nesting, reasons, rules
from tracepro_boxes import models as m
from tracepro_boxes.nesting import Chain
from tracepro_boxes.records import Box, BoxContent
from tracepro_hookspecs import Call, Reason, Refused
from tracepro_schemas import defs

NEW = Insert(m.Box)


@statement
def update_box() -> Query:
    """Change all that can be set of a box."""
    values = {name: p(name) for name in ("item", "box_size", "label", "status")}
    return m.Box.update(**values).where(m.Box.id == p("id"))


def make(call: Call, item: str, box_size: int, label: str) -> BoxContent:
    """Make a box and return it; size 0 takes the line's ``default_size``. Raises ``label-exists``."""
    _refuse_label_of_another(call, label, None)
    size = box_size or call.option("boxes", "default_size")
    box_id = call.db.insert(NEW, item=item, box_size=size, label=label or None)
    (made,) = boxes.shown(call, [Box(box_id, item, size, label, defs.BOX_ST_OPEN, None)])
    return made


def change(call: Call, box_id: int, **wanted: Any) -> BoxContent:
    """Change those of label, box_size, status and item that are not None and return the box.

    Raises ``box-not-found`` and ``label-exists``; refused for all that the rules have against it.
    """
    (chain,) = nesting.lock(call, box_id)
    box = chain[0]
    changes = {name: value for name, value in wanted.items() if value not in (None, getattr(box, name))}
    against = _reasons_against(call, chain, changes)
    if against:
        raise Refused(against)
    _refuse_label_of_another(call, changes.get("label", ""), box_id)
    after = msgspec.structs.replace(box, **changes)
    if changes:
        values = {**msgspec.structs.asdict(after), "label": after.label or None}
        call.db.run(update_box, **values)
    for name, value in changes.items():
        call.changed(f"box {box_id}", name, getattr(box, name), value)
    return boxes.shown(call, [after])[0]


def _reasons_against(call: Call, chain: Chain, changes: Mapping[str, Any]) -> list[Reason]:
    box, item = chain[0], changes.get("item")
    found = rules.closed(chain, defs.BOX_ST_SHIPPED) if changes.keys() - {"status"} else []
    if "status" in changes and not found:
        found += rules.change_of_status(chain, changes["status"])
    if "box_size" in changes:
        found += rules.size_exceeded(call, box, changes["box_size"])
    if item:
        found += rules.other_product(chain[1:], item, f"box {box.id}")
        found += rules.content_of_other_product(call, box, [msgspec.structs.replace(box, item=item)])
    return found


def _refuse_label_of_another(call: Call, label: str, box_id: int | None) -> None:
    """Refuse a label that another box has; empty ones are none."""
    found = call.db.one(boxes.box_by_label, label=label) if label else None
    if found is not None and found[0] != box_id:
        raise reasons.label_exists(label, found[0])
