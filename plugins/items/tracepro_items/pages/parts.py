"""The list of all parts of a unit, page by page: boards, components with their designators, and lots."""

from __future__ import annotations

from typing import Any

from peewee import Query

from tracepro.database import p, statement
from tracepro_hookspecs import Call, Page, Request
from tracepro_items import models as m
from tracepro_items import units
from tracepro_items.pages.family import by_lot, lots_of, parts_path

PAGE_ROWS = 100
LOTS = 300
AFTER = {"type": "integer", "minimum": 0}


@statement
def boards_after() -> Query:
    """The boards of a panel after a position: position, unit and designator."""
    found = m.Unit.select(m.Unit.position, m.Unit.id, m.Unit.position)
    found = found.where(m.Unit.panel_id == p("id"), m.Unit.position > p("after"))
    return found.order_by(m.Unit.position).limit(p("limit"))


@statement
def components_after() -> Query:
    """The components of a unit that were built in after one: its id, unit and designator.

    By what is as large as the id: PostgreSQL would read those of all units.
    """
    found = m.Component.select(m.Component.id, m.Component.child_id, m.Component.ref)
    found = found.where(m.Component.parent_id == p("id"), m.Component.id > p("after"))
    return found.order_by(m.Component.id + 0).limit(p("limit"))


def _read(call: Call, request: Request) -> dict[str, Any]:
    unit = units.unit(call, request.path["item_id"])
    boards, next_board = listed(call, unit.id, "boards", request.query.get("board", 0), PAGE_ROWS)
    components, next_part = listed(call, unit.id, "components", request.query.get("after", 0), PAGE_ROWS)
    lots = by_lot(lots_of(call, unit, {unit.id}).get(unit.id, ()))
    return {
        "item": units.to_items(call, [unit])[0],
        "boards": boards,
        "more_boards": next_board and f"{parts_path(unit.id)}?board={next_board}",
        "components": components,
        "more_components": next_part and f"{parts_path(unit.id)}?after={next_part}",
        "lots": lots[:LOTS],
        "more_lots": len(lots) > LOTS,
    }


LISTS = {"boards": boards_after, "components": components_after}


def listed(
    call: Call, item_id: int, kind: str, after: int, limit: int
) -> tuple[list[dict[str, Any]], int | None]:
    """Return the next parts of a unit, ``boards`` or ``components``, and the ``after`` of those behind them."""
    rows = call.db.rows(LISTS[kind], id=item_id, after=after, limit=limit + 1)
    items = {item.id: item for item in units.items(call, [part for _, part, _ in rows[:limit]])}
    found = [{"ref": str(ref), "item": items[part]} for _, part, ref in rows[:limit]]
    return found, rows[limit - 1][0] if len(rows) > limit else None


PAGE = Page(
    "unit_parts",
    "/ui/unit-parts/{item_id}",
    "Parts of a unit",
    "items/unit_parts.html",
    _read,
    query={"after": AFTER, "board": AFTER},
)
