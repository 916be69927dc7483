"""The ledger: one row for every move of material, written with the move and never changed.

Per lot, always: received + corrections = on the floor + on workplaces + consumed + written off.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from peewee import Case, fn

from tracepro.amounts import to_number
from tracepro.database import Insert, Statement, p
from tracepro_hookspecs.records import OpMat
from tracepro_material.models import Kind, Lot, Move

NEW_MOVE = Insert(Move)
TAKEN = Statement(
    lambda: (
        Move.select(
            Move.op_id, Move.kind, Move.lot, Lot.mat_item, Lot.mat_lot, Move.ref, Move.amount, Move.hole_no
        )
        .join(Lot)
        .where(Move.op_id.in_(p.integers("op_ids")), Move.kind != Kind.CORRECT)
        .order_by(Move.id)
    )
)
OF_OPERATION = Statement(
    lambda: (
        Move.select(Move.kind, Move.lot, Move.amount, Move.wp_id, Move.hole_no, Move.item_id, Move.ref)
        .where(Move.op_id == p("op_id"))
        .order_by(Move.id)
    )
)
_STANDING = Case(Move.kind, ((int(Kind.CONSUME), 1), (int(Kind.RETURN), -1)), 0)
UNITS = Statement(
    lambda: (
        Move.select(Move.item_id)
        .where(Move.lot == p("lot_id"), Move.item_id > p("after"))
        .group_by(Move.item_id)
        .having(fn.SUM(_STANDING) > 0)
        .order_by(Move.item_id)
        .limit(p("limit"))
    )
)
WHICH_UNITS = Statement(
    lambda: (
        Move.select(Move.item_id)
        .where(Move.lot == p("lot_id"), Move.item_id.in_(p.integers("item_ids")))
        .group_by(Move.item_id)
        .having(fn.SUM(_STANDING) > 0)
    )
)


def row(call: Any, kind: Kind, lot_id: int, amount: int, **where: Any) -> dict[str, Any]:
    """Makes a ledger row; ``where`` may name wp_id, hole_no, op_id, item_id, ref and info."""
    empty = {"wp_id": None, "hole_no": None, "op_id": None, "item_id": None, "ref": "", "info": ""}
    return empty | {"lot": lot_id, "tm": call.now, "kind": int(kind), "amount": amount} | where


def write(call: Any, rows: Sequence[dict[str, Any]]) -> None:
    """Writes ledger rows in one statement."""
    if rows:
        call.db.insert_many(NEW_MOVE, rows)


def taken(call: Any, op_ids: Iterable[int]) -> dict[int, list[OpMat]]:
    """The material that stands in operations, by operation id; what a cancellation gave back is not in it."""
    found: dict[int, list[OpMat]] = {}
    for op_id, kind, lot_id, mat_item, mat_lot, ref, amount, hole_no in call.db.rows(
        TAKEN, op_ids=list(op_ids)
    ):
        if kind == Kind.CONSUME:
            found.setdefault(op_id, []).append(
                OpMat(lot_id, mat_item, mat_lot, ref, to_number(amount), hole_no)
            )
        else:
            found.pop(op_id, None)
    return found
