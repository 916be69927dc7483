"""The pages of boxes, the latest ones and each with what lies in it, and the panel of a unit's page that tells where it is packed."""

from __future__ import annotations

from typing import Any

from peewee import Query
from tracepro_items import api as items_api

from tracepro.codes import code as cleaned
from tracepro.database import p, statement
from tracepro_boxes import boxes, nesting, reasons, whereabouts
from tracepro_boxes import models as m
from tracepro_boxes.nesting import Chain, select_boxes
from tracepro_boxes.reasons import WORDS_FOR_STATUS
from tracepro_boxes.records import Box
from tracepro_hookspecs import Call, Page, Reply, Request
from tracepro_schemas import defs

BOXES = 50
UNITS = 50
SAME_CODE = 20
"""Units of different products with one code, of which the boxes are told."""
LAST = 2**63 - 1
CODE = {"type": "string", "maxLength": 255}
ID = {"type": "integer", "minimum": 0, "maximum": LAST}


@statement
def boxes_before() -> Query:
    """The boxes that were made before one, the newest first."""
    return select_boxes().where(m.Box.id < p("before")).order_by(m.Box.id.desc())


@statement
def boxes_inside_after() -> Query:
    """The boxes behind an id that lie directly in a box.

    By what is as large as the id: PostgreSQL would read the boxes of all boxes.
    """
    inside = select_boxes().where(m.Box.parent_id == p("box_id"), m.Box.id > p("after"))
    return inside.order_by(m.Box.id + 0)


@statement
def packed_before() -> Query:
    """The units that lie directly in a box and were packed before one, the last one first: the packing's id and the unit's."""
    packed = m.Packed.select(m.Packed.id, m.Packed.item_id)
    packed = packed.where(m.Packed.box_id == p("box_id"), m.Packed.id < p("before"))
    return packed.order_by(m.Packed.id.desc())


def _read_list(call: Call, request: Request) -> dict[str, Any] | Reply:
    """Return the latest boxes, or those of a code; one box of a code is led to."""
    code = request.query.get("code", "").strip()
    found = _of_code(call, code) if code else []
    if len(found) == 1:
        return Reply(b"", 303, {"Location": path_of(found[0].id), "Content-Type": "text/html"})
    before = request.query.get("before", LAST)
    rows = call.db.rows(boxes_before.limited(BOXES + 1), before=before)
    shown = found or [Box(*row) for row in rows[:BOXES]]
    return {
        "code": code,
        "found": found,
        "boxes": [(box, WORDS_FOR_STATUS[box.status]) for box in shown],
        "filling": boxes.filling(call, [box.id for box in shown]),
        "before": shown[-1].id if len(rows) > BOXES and not found else None,
        "may_pack": "write" in call.caller.scopes,
    }


def _of_code(call: Call, code: str) -> list[Box]:
    """Return the box with a label; without one the boxes in which the units with that code lie."""
    try:
        code = cleaned(code)
    except ValueError:
        return []
    row = call.db.one(boxes.box_by_label, label=code)
    if row is not None:
        return [Box(*row)]
    units = items_api.items_with_code(call, code)[:SAME_CODE]
    chains = [whereabouts.chain_around(call, unit.id) for unit in units]
    return list({chain[0].id: chain[0] for chain in chains if chain}.values())


def _read(call: Call, request: Request) -> dict[str, Any]:
    box_id = request.path["box_id"]
    if call.db.one(boxes.box_by_id, id=box_id) is None:
        raise reasons.box_not_found(box_id)
    chain = nesting.chain(call, box_id)
    return {
        "subject": chain[0],
        "box": chain[0],
        "status": WORDS_FOR_STATUS[chain[0].status],
        "around": chain[1:],
        "filled": boxes.filling(call, [box_id]).get(box_id, 0),
        "units_in_all": boxes.count_units(call, [box_id]).get(box_id, 0),
        **_units(call, box_id, request.query.get("before", LAST)),
        **_boxes(call, box_id, request.query.get("after", 0)),
        **_allowed(call, chain),
    }


def _units(call: Call, box_id: int, before: int) -> dict[str, Any]:
    rows = call.db.rows(packed_before.limited(UNITS + 1), box_id=box_id, before=before)
    ids = [item_id for _, item_id in rows[:UNITS]]
    found = {item.id: item for item in items_api.items(call, ids)}
    return {
        "units": [found[item_id] for item_id in ids],
        "more_units": rows[UNITS - 1][0] if len(rows) > UNITS else None,
    }


def _boxes(call: Call, box_id: int, after: int) -> dict[str, Any]:
    rows = call.db.rows(boxes_inside_after.limited(BOXES + 1), box_id=box_id, after=after)
    inside = [Box(*row) for row in rows[:BOXES]]
    return {
        "inside": inside,
        "units_inside": boxes.count_units(call, [box.id for box in inside]),
        "more_boxes": inside[-1].id if len(rows) > BOXES else None,
    }


def _allowed(call: Call, chain: Chain) -> dict[str, bool]:
    """Return what the caller may do with a box as it is now; the API judges it anew."""
    box, may_write = chain[0], "write" in call.caller.scopes
    open_around = all(each.status == defs.BOX_ST_OPEN for each in chain[1:])
    return {
        "may_pack": may_write and open_around and box.status == defs.BOX_ST_OPEN,
        "may_open": may_write and open_around and box.status == defs.BOX_ST_CLOSED,
        "may_ship": may_write and box.status != defs.BOX_ST_SHIPPED,
        "may_label": may_write and all(each.status != defs.BOX_ST_SHIPPED for each in chain),
    }


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
    return {} if row is None else {path_of(row[0]): f"Box {code}"}


def path_of(box_id: int) -> str:
    """Return where the page of a box is."""
    return f"/ui/box/{box_id}"


PAGES = [
    Page(
        "boxes",
        "/ui/boxes",
        "Boxes",
        "boxes/boxes.html",
        _read_list,
        menu="Boxes",
        query={"code": CODE, "before": ID},
    ),
    Page("box", "/ui/box/{box_id}", "Box", "boxes/box.html", _read, query={"before": ID, "after": ID}),
]
