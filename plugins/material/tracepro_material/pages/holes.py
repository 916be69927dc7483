"""The pages of those who keep machines loaded: the workplaces that have holes, and the holes of one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from peewee import Query, Select
from tracepro_items import api as items_api
from tracepro_orders import api as orders_api
from tracepro_workplaces import api as workplaces_api

from tracepro.amounts import to_number
from tracepro.database import p, statement
from tracepro_hookspecs import Call, Page, Reply, Request
from tracepro_hookspecs.records import Order
from tracepro_material import feeders
from tracepro_material import models as m
from tracepro_material.feeders import Feeder
from tracepro_material.reels import LoadedReel

HOLES = 60
WAITING = 3
"""Reels behind the one in use that a hole shows."""
WORKPLACES = 100
AFTER = {"type": "integer", "minimum": 0, "maximum": 2**63 - 1}


@statement
def workplaces_with_holes() -> Query:
    """The workplaces behind an id that have a BOM or something loaded, in order of id."""
    in_bom = m.BomLine.select(m.BomLine.wp_id).where(m.BomLine.wp_id > p("after"))
    loaded = m.Reel.select(m.Reel.wp_id).where(m.Reel.wp_id > p("after"))
    found = in_bom.union(loaded).alias("found")
    return Select([found], [found.c.wp_id]).order_by(found.c.wp_id)


def _read_list(call: Call, request: Request) -> dict[str, Any] | Reply:
    """Return the workplaces that have holes, or lead to the one that is asked for, which may have none yet."""
    if "wp" in request.query:
        return Reply(b"", 303, {"Location": path_of(request.query["wp"]), "Content-Type": "text/html"})
    rows = call.db.rows(workplaces_with_holes.limited(WORKPLACES + 1), after=request.query.get("after", 0))
    found = workplaces_api.workplaces(call, [wp_id for (wp_id,) in rows[:WORKPLACES]])
    lines = call.caller.lines
    return {
        "workplaces": [each for each in found if lines is None or each.line in lines],
        "after": found[-1].id if len(rows) > WORKPLACES else None,
    }


def _read(call: Call, request: Request) -> dict[str, Any]:
    workplace = workplaces_api.workplace(call, request.path["wp_id"])
    every = feeders.read(call, workplace.id)
    shown = _behind(every, request.query.get("after"))
    order, to_make = _order(call, workplace.id)
    return {
        "subject": workplace,
        "workplace": workplace,
        "order": order,
        "to_make": to_make,
        "holes": [_shown(feeder, to_make) for feeder in shown[:HOLES]],
        "after": shown[HOLES - 1].hole_no if len(shown) > HOLES else None,
        "soon": sum(feeder.runs_out_soon for feeder in every),
        "wrong": sum(bool(feeder.wrong) for feeder in every),
        "only_hole": every[0].hole_no if len(every) == 1 and every[0].articles else None,
        "queued": call.option("material", "splice") == "queue",
        "may_load": "write" in call.caller.scopes,
    }


def _order(call: Call, wp_id: int) -> tuple[Order | None, int | None]:
    """Return the order that was worked on last at a workplace, and how many units its step there still needs.

    None for an order without an amount, and where nothing was ever recorded.
    """
    last = items_api.latest_at(call, [wp_id]).get(wp_id)
    order = None if last is None else orders_api.find(call, last.order_id)
    if last is None or order is None or not order.amount:
        return order, None
    made = {row["op"]: row["good"] for row in items_api.shown_steps(call, order)}.get(last.op)
    return order, None if made is None else max(int(order.amount) - made, 0)


def _behind(every: Sequence[Feeder], after: int | None) -> Sequence[Feeder]:
    """Return the holes that come after one; all of them where that is no hole any more."""
    place = next((place for place, feeder in enumerate(every, 1) if feeder.hole_no == after), 0)
    return every[place:]


def _shown(feeder: Feeder, to_make: int | None) -> dict[str, Any]:
    lacking = None if to_make is None or feeder.units is None else max(to_make - feeder.units, 0)
    reels = [_reel(reel) for reel in feeder.reels[: 1 + WAITING]]
    return {
        "hole_no": feeder.hole_no,
        "articles": feeder.articles,
        "in_use": reels[0] if reels else None,
        "waiting": reels[1:],
        "hidden": max(len(feeder.reels) - len(reels), 0),
        "decrement": to_number(feeder.decrement),
        "lacking": None if lacking is None else to_number(lacking * feeder.decrement),
        "units": feeder.units,
        "soon": feeder.runs_out_soon,
        "wrong": feeder.wrong,
    }


def _reel(reel: LoadedReel) -> dict[str, Any]:
    return {"mat_item": reel.mat_item, "mat_lot": reel.mat_lot, "amount": to_number(reel.amount)}


def path_of(wp_id: int) -> str:
    """Return where the page of a workplace is."""
    return f"/ui/material/{wp_id}"


LIST = Page(
    "materials",
    "/ui/material",
    "Material",
    "material/materials.html",
    _read_list,
    menu="Material",
    query={"after": AFTER, "wp": AFTER},
)
PAGE = Page(
    "material",
    "/ui/material/{wp_id}",
    "Material",
    "material/material.html",
    _read,
    query={"after": AFTER},
    line_from=("wp_id",),
)
