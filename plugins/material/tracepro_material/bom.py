"""What belongs where: the bill of material of a workplace."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from tracepro.amounts import to_micros, to_number
from tracepro.database import Insert, Statement, p
from tracepro_hookspecs import InvalidParams, Reason
from tracepro_material import reasons
from tracepro_material.models import BomLine
from tracepro_material.records import BomRow

Bom = dict[int, dict[str, int]]
"""Decrement in millionths by article, by hole."""

OF_WORKPLACE = Statement(
    lambda: (
        BomLine.select(BomLine.hole_no, BomLine.mat_item, BomLine.decrement)
        .where(BomLine.wp_id == p("wp_id"))
        .order_by(BomLine.hole_no, BomLine.id)
    )
)
CLEAR = Statement(lambda: BomLine.delete().where(BomLine.wp_id == p("wp_id")))
NEW = Insert(BomLine)


def read(call: Any, wp_id: int) -> Bom:
    """The BOM of a workplace; empty when it has none."""
    bom: Bom = {}
    for hole_no, mat_item, decrement in call.db.rows(OF_WORKPLACE, wp_id=wp_id):
        bom.setdefault(hole_no, {})[mat_item] = decrement
    return bom


def answer(call: Any, wp_id: int) -> list[BomRow]:
    """The BOM of a workplace as the API shows it."""
    return [BomRow(hole, item, to_number(dec)) for hole, item, dec in call.db.rows(OF_WORKPLACE, wp_id=wp_id)]


def misfit(bom: Bom, wp_id: int, hole_no: int, mat_item: str) -> Reason | None:
    """Why an article must not be in a hole; without a BOM everything may be everywhere."""
    if not bom or mat_item in bom.get(hole_no, ()):
        return None
    if hole_no not in bom:
        return reasons.not_in_bom(
            f"The BOM of workplace {wp_id} has no hole {hole_no}; load one of {_listed(bom)} or set the BOM anew."
        )
    return reasons.not_in_bom(
        f"Hole {hole_no} of workplace {wp_id} takes {_listed(bom[hole_no])}, not {mat_item}; load the right article."
    )


def _listed(words: Iterable[Any]) -> str:
    return ", ".join(str(word) for word in words)


def replace(call: Any, wp_id: int, rows: Sequence[Sequence[Any]]) -> None:
    """Makes ``(hole_no, mat_item, decrement)`` rows the whole BOM of a workplace; decrements are JSON numbers."""
    before = answer(call, wp_id)
    lines = [_line(wp_id, *row) for row in rows]
    seen = {(line["hole_no"], line["mat_item"]) for line in lines}
    if len(seen) < len(lines):
        raise InvalidParams("bom", "An article stands twice for one hole of the BOM; keep one of the rows.")
    call.db.run(CLEAR, wp_id=wp_id)
    if lines:
        call.db.insert_many(NEW, lines)
    call.changed("wpbom", str(wp_id), before, answer(call, wp_id))


def _line(wp_id: int, hole_no: int, mat_item: str, decrement: float) -> dict[str, Any]:
    try:
        return {
            "wp_id": wp_id,
            "hole_no": int(hole_no),
            "mat_item": mat_item,
            "decrement": to_micros(decrement),
        }
    except ValueError as error:
        raise InvalidParams("bom", f"Hole {hole_no}, {mat_item}: {error}") from error
