"""The page of a lot: where it is, how much there was, every move, and what it went into."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from peewee import Query, fn
from tracepro_items import api as items_api
from tracepro_workplaces import api as workplaces_api

from tracepro.database import ListTooLong, p, statement
from tracepro_hookspecs import Call, CallError, Page, Request, segment
from tracepro_material import barcodes, lots, reasons, where_used
from tracepro_material import models as m
from tracepro_material.lots import FloorLot
from tracepro_material.models import MoveKind
from tracepro_material.pages import moves

MOVES, UNITS, ROWS = 50, 20, 200
"""Moves of a page, units that took the lot, and rows of those and of the boards that come along with a panel."""
COUNTED = 200
"""Units that took the lot and are counted; more are told as that many and more."""
LOTS, HOLES, HOSTS = 20, 100, 3
"""Lots that a code leads to, holes where a lot is shown to be loaded, and what a unit is shown to be built into."""
AFTER = {"type": "integer", "minimum": 0}


@statement
def lots_with_code() -> Query:
    """Some lots of all articles with a lot number."""
    found = m.Lot.select(m.Lot.id, m.Lot.mat_item, m.Lot.mat_lot, m.Lot.amount)
    return found.where(m.Lot.mat_lot == p("code")).limit(p("limit"))


@statement
def holes_with_lot() -> Query:
    """Where a lot is loaded: the workplace, the hole and what is left there."""
    found = m.Reel.select(m.Reel.wp_id, m.Reel.hole_no, m.Reel.amount).where(m.Reel.lot == p("lot_id"))
    return found.limit(p("limit"))


@statement
def loaded_of_lot() -> Query:
    """How much of a lot is loaded at workplaces."""
    return m.Reel.select(fn.SUM(m.Reel.amount)).where(m.Reel.lot == p("lot_id"))


@statement
def came_and_was_lost() -> Query:
    """How much of a lot was received and written off, by kind; both have few rows."""
    move = m.Move
    of_lot = (move.lot == p("lot_id")) & move.item_id.is_null()
    booked = move.kind.in_([int(MoveKind.RECEIVE), int(MoveKind.WRITE_OFF)])
    return move.select(move.kind, fn.SUM(move.amount)).where(of_lot, booked).group_by(move.kind)


def _read(call: Call, request: Request) -> dict[str, Any]:
    lot = _meant(call, request.path["mat_item"], request.path["mat_lot"])
    before, after = request.query.get("before"), request.query.get("after", 0)
    moved, more_moves = moves.on_the_floor(call, lot.id, before or moves.NEWEST, MOVES)
    used = _used(call, lot, after, UNITS)
    shown = used["units"][:ROWS]
    holes = call.db.rows(holes_with_lot, lot_id=lot.id, limit=HOLES)
    names = _names(call, [wp_id for wp_id, *_ in holes] + [move.wp_id for move in moved if move.wp_id])
    return {
        "subject": {"wfloormat_id": lot.id, "mat_item": lot.mat_item, "mat_lot": lot.mat_lot},
        "lot": lot,
        "path": path(lot),
        "holes": holes,
        "amounts": _amounts(call, lot),
        "counts": _counts(_used(call, lot, 0, COUNTED, UNITS)),
        "moves": moved,
        "more_moves": more_moves and f"{path(lot)}?before={more_moves}#moves",
        "used": shown,
        "hidden": len(used["units"]) - len(shown),
        "noncharged": used["noncharged"],
        "codes": _codes(call, shown),
        "more_units": used["next"] and f"{path(lot)}?after={used['next']}#units",
        "names": names,
        "first": before is None and not after,
    }


def _meant(call: Call, mat_item: str, mat_lot: str) -> FloorLot:
    """Return the lot; where there are slashes in the article, the first place to cut it from the lot that fits. Raises NotFound."""
    asked = list(_cuts(f"{mat_item}/{mat_lot}"))
    known = lots.ids(call, set(asked))
    for article, number in asked:
        if (article, number) in known:
            return lots.require(call, article, number)
    raise reasons.lot_not_found(mat_item, mat_lot)


def _cuts(text: str) -> Iterator[tuple[str, str]]:
    pieces = text.split("/")
    for at in range(1, len(pieces)):
        yield "/".join(pieces[:at]), "/".join(pieces[at:])


def _names(call: Call, wp_ids: Sequence[int]) -> dict[int, str]:
    return {place.id: place.name for place in workplaces_api.workplaces(call, wp_ids)} if wp_ids else {}


def _amounts(call: Call, lot: FloorLot) -> dict[str, int]:
    """Return the lot's amounts in millionths; what units took is what is nowhere else, corrections included."""
    booked: dict[int, int] = {
        kind: int(amount) for kind, amount in call.db.rows(came_and_was_lost, lot_id=lot.id)
    }
    loaded = int(call.db.value(loaded_of_lot, lot_id=lot.id) or 0)
    received, lost = booked.get(MoveKind.RECEIVE, 0), booked.get(MoveKind.WRITE_OFF, 0)
    return {
        "received": received,
        "on the floor": lot.amount,
        "loaded": loaded,
        "written off": lost,
        "used": received - lot.amount - loaded - lost,
    }


def _used(call: Call, lot: FloorLot, after: int, *limits: int) -> dict[str, Any]:
    """Return what a lot went into, with the first limit that panels of many boards leave room for."""
    for limit in limits:
        try:
            return where_used.page(call, lot.mat_item, lot.mat_lot, after, limit)
        except ListTooLong:
            continue
    return where_used.page(call, lot.mat_item, lot.mat_lot, after, 1)


def _counts(used: Mapping[str, Any]) -> dict[str, Any]:
    """Return how many units, orders and boxes a lot went into."""
    orders = {entry["order"]["id"] for entry in used["units"]} | {order["id"] for order in used["noncharged"]}
    boxes = {entry["box"] for entry in used["units"] if entry["box"] is not None}
    more = used["next"] is not None
    return {"units": len(used["units"]), "orders": len(orders), "boxes": len(boxes), "more": more}


def _codes(call: Call, entries: Sequence[Mapping[str, Any]]) -> dict[int, str]:
    """Return the codes of the units that those of a page are built into."""
    hosts = {unit_id for entry in entries for unit_id, _ in entry["via"][:HOSTS]}
    return {item.id: item.barcode for item in items_api.items(call, hosts)}


def path(lot: FloorLot) -> str:
    """Return the path of the page of a lot."""
    return f"/ui/lot/{segment(lot.mat_item)}/{segment(lot.mat_lot)}"


def pages_of_code(call: Call, code: str) -> dict[str, str]:
    """Return the pages of the lots that have a number, or that a label names."""
    rows = call.db.rows(lots_with_code, code=code, limit=LOTS)
    found = [FloorLot(*row) for row in rows] or _lot_of_label(call, code)
    return {path(lot): f"Lot {lot.mat_lot} of {lot.mat_item}" for lot in found}


def _lot_of_label(call: Call, code: str) -> list[FloorLot]:
    try:
        label = barcodes.read_material(call, code)
    except CallError:
        return []
    lot = lots.find(call, label["mat_item"], label["mat_lot"])
    return [lot] if lot else []


PAGE = Page(
    "lot",
    "/ui/lot/{mat_item}/{mat_lot:path}",
    "Lot",
    "material/lot.html",
    _read,
    query={"before": {"type": "integer", "minimum": 1}, "after": AFTER},
)
