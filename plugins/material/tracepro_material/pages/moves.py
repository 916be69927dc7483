"""Every move of a lot: those on the floor the newest first, those into units by unit; and all of them as CSV."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from functools import partial
from io import StringIO
from typing import NamedTuple

from peewee import Query, Tuple
from tracepro_items import api as items_api

from tracepro import clock
from tracepro.amounts import to_number
from tracepro.database import p, statement
from tracepro_hookspecs import Call, Reply, Request, Route
from tracepro_material import lots, reasons
from tracepro_material import models as m
from tracepro_material.models import MoveKind

NEWEST = 2**63 - 1
PAGE = 1000
HEAD = ("time", "move", "amount", "workplace", "hole", "operation", "unit_id", "unit", "designator", "reason")
WORDS = {
    MoveKind.RECEIVE: "Received",
    MoveKind.LOAD: "Loaded",
    MoveKind.UNLOAD: "Unloaded",
    MoveKind.CONSUME: "Taken",
    MoveKind.RETURN: "Given back",
    MoveKind.CORRECT: "Corrected",
    MoveKind.WRITE_OFF: "Written off",
}
_M = m.Move
COLUMNS = (_M.id, _M.tm, _M.kind, _M.amount, _M.wp_id, _M.hole_no, _M.op_id, _M.item_id, _M.ref, _M.info)


class LotMove(NamedTuple):
    """A move; ``amount`` in millionths."""

    id: int
    tm: int
    kind: int
    amount: int
    wp_id: int | None
    hole_no: int | None
    op_id: int | None
    item_id: int | None
    ref: str
    info: str

    @property
    def word(self) -> str:
        """What the move is called."""
        return WORDS[MoveKind(self.kind)]


@statement
def floor_moves_before() -> Query:
    """The moves of a lot without a unit before one, the newest first; not by the id itself, or PostgreSQL would read all lots'."""
    found = m.Move.select(*COLUMNS).where(m.Move.lot == p("lot_id"), m.Move.item_id.is_null())
    return found.where(m.Move.id < p("before")).order_by((m.Move.id + 0).desc()).limit(p("limit"))


@statement
def unit_moves_after() -> Query:
    """The moves of a lot into units and back, by unit."""
    place = Tuple(m.Move.item_id, m.Move.kind, m.Move.id)
    found = m.Move.select(*COLUMNS).where(m.Move.lot == p("lot_id"), m.Move.item_id.is_null(False))
    found = found.where(place > Tuple(p("item_id"), p("kind"), p("id")))
    return found.order_by(m.Move.item_id, m.Move.kind, m.Move.id).limit(p("limit"))


def on_the_floor(call: Call, lot_id: int, before: int, limit: int) -> tuple[list[LotMove], int | None]:
    """Return moves without a unit, the newest first, and the ``before`` of those behind them."""
    rows = call.db.rows(floor_moves_before, lot_id=lot_id, before=before, limit=limit + 1)
    moves = [LotMove(*row) for row in rows[:limit]]
    return moves, moves[-1].id if len(rows) > limit else None


def _csv(call: Call, request: Request) -> Reply:
    """Return every move of a lot as CSV. Raises NotFound."""
    lot_id = request.path["lot_id"]
    if not lots.by_id(call, [lot_id], lock=False):
        raise reasons.lot_id_not_found(lot_id)
    return _reply(_text([HEAD]), partial(_floor_page, lot_id, NEWEST))


def _floor_page(lot_id: int, before: int, call: Call) -> Reply:
    moves, more = on_the_floor(call, lot_id, before, PAGE)
    rest = partial(_unit_page, lot_id, (0, 0, 0)) if more is None else partial(_floor_page, lot_id, more)
    return _reply(_lines(call, moves), rest)


def _unit_page(lot_id: int, after: tuple[int, int, int], call: Call) -> Reply:
    item_id, kind, last = after
    place = {"item_id": item_id, "kind": kind, "id": last}
    rows = call.db.rows(unit_moves_after, lot_id=lot_id, limit=PAGE, **place)
    moves = [LotMove(*row) for row in rows]
    if len(moves) < PAGE:
        return _reply(_lines(call, moves), None)
    end = moves[-1]
    return _reply(_lines(call, moves), partial(_unit_page, lot_id, (end.item_id or 0, end.kind, end.id)))


def _lines(call: Call, moves: Sequence[LotMove]) -> bytes:
    ids = {move.item_id for move in moves if move.item_id is not None}
    codes = {item.id: item.barcode for item in items_api.items(call, ids)}
    return _text([_cells(move, codes.get(move.item_id or 0, "")) for move in moves])


def _cells(move: LotMove, code: str) -> tuple[object, ...]:
    where = (move.wp_id, move.hole_no, move.op_id, move.item_id)
    texts = (safe(code), safe(move.ref), safe(move.info))
    return (clock.text(move.tm), move.word, to_number(move.amount), *where, *texts)


def safe(text: str) -> str:
    """Return a text as a cell that no spreadsheet takes for a formula: one that looks like it gets a quote in front."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _text(rows: Sequence[Sequence[object]]) -> bytes:
    text = StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def _reply(content: bytes, rest: partial[Reply] | None) -> Reply:
    headers = {
        "Content-Type": "text/csv; charset=utf-8",
        "Content-Disposition": 'attachment; filename="moves.csv"',
    }
    return Reply(content, headers=headers, rest=rest)


ROUTE = Route(
    "GET",
    "/api/lots/{lot_id}/moves",
    _csv,
    "read",
    "Every move of a lot as CSV: those on the floor, the newest first, then those into units, by unit.",
    answer_types=("text/csv; charset=utf-8",),
    statuses={404: "There is no such lot."},
)
