"""The BOM of a workplace: which article belongs into which hole, and how much of it a unit takes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from peewee import Query

from tracepro.amounts import to_micros, to_number
from tracepro.database import Insert, list_rows, p, statement
from tracepro_hookspecs import Call, InvalidParams, Reason
from tracepro_material import locks, reasons
from tracepro_material import models as m
from tracepro_material.records import BomRow

Bom = dict[int, dict[str, int]]
"""Decrement in millionths by article, by hole."""
NEW = Insert(m.BomLine)


@statement
def bom_of_workplace() -> Query:
    """The lines of a workplace's BOM in order of hole."""
    line = m.BomLine
    return (
        line.select(line.hole_no, line.mat_item, line.decrement)
        .where(line.wp_id == p("wp_id"))
        .order_by(line.hole_no, line.id)
    )


@statement
def delete_bom() -> Query:
    """Delete the whole BOM of a workplace."""
    return m.BomLine.delete().where(m.BomLine.wp_id == p("wp_id"))


def read(call: Call, wp_id: int) -> Bom:
    """Return the BOM of a workplace; empty when it has none."""
    bom: Bom = {}
    for hole_no, mat_item, decrement in call.db.rows(bom_of_workplace, wp_id=wp_id):
        bom.setdefault(hole_no, {})[mat_item] = decrement
    return bom


def answer(call: Call, wp_id: int) -> list[BomRow]:
    """Return the BOM of a workplace as the API shows it."""
    rows = list_rows(call, bom_of_workplace, wp_id=wp_id)
    return [BomRow(hole_no, mat_item, to_number(decrement)) for hole_no, mat_item, decrement in rows]


def violation(bom: Bom, wp_id: int, hole_no: int, mat_item: str) -> Reason | None:
    """Return why an article must not be in a hole, or None; without a BOM everything may be everywhere."""
    if not bom or mat_item in bom.get(hole_no, ()):
        return None
    if hole_no not in bom:
        return reasons.hole_not_in_bom(wp_id, hole_no, sorted(bom))
    return reasons.article_not_in_bom(wp_id, hole_no, mat_item, list(bom[hole_no]))


def replace(call: Call, wp_id: int, rows: Sequence[Sequence[Any]]) -> list[BomRow]:
    """Make ``(hole_no, mat_item, decrement)`` rows the whole BOM of a workplace and return it.

    One that is the same already is not written. Decrements are JSON numbers. Raises InvalidParams for a bad decrement
    or an article twice in one hole.
    """
    lines = [_line(wp_id, *row) for row in rows]
    _refuse_duplicates(lines)
    before = answer(call, wp_id)
    if _rows(lines) == before:
        return before
    locks.lock_workplace(call, wp_id, create=True)
    before = answer(call, wp_id)
    call.db.run(delete_bom, wp_id=wp_id)
    if lines:
        call.db.insert_many(NEW, lines)
    after = answer(call, wp_id)
    call.changed(f"workplace {wp_id}", "bom", before, after)
    return after


def _rows(lines: Sequence[dict[str, Any]]) -> list[BomRow]:
    """Return lines as :func:`answer` shows them once they are stored."""
    in_order = sorted(lines, key=lambda line: line["hole_no"])
    return [BomRow(line["hole_no"], line["mat_item"], to_number(line["decrement"])) for line in in_order]


def _line(wp_id: int, hole_no: int, mat_item: str, decrement: float) -> dict[str, Any]:
    try:
        micros = to_micros(decrement)
    except ValueError as error:
        raise InvalidParams("bom", f"Hole {hole_no}, {mat_item}: {error}") from error
    return {"wp_id": wp_id, "hole_no": int(hole_no), "mat_item": mat_item, "decrement": micros}


def _refuse_duplicates(lines: Sequence[dict[str, Any]]) -> None:
    seen = set()
    for line in lines:
        hole_no, mat_item = line["hole_no"], line["mat_item"]
        if (hole_no, mat_item) in seen:
            raise InvalidParams(
                "bom", f"Hole {hole_no} of the BOM has {mat_item} twice; keep one of the rows."
            )
        seen.add((hole_no, mat_item))
