"""The ledger: one row for every move of material, written with the move and never changed.

Per lot, always: received + corrections = on the floor + on workplaces + consumed + written off.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from peewee import Case, Field, Query, Select, fn

from tracepro.amounts import to_number
from tracepro.database import Insert, list_rows, p, statement
from tracepro_hookspecs import Call
from tracepro_hookspecs.records import OpMat
from tracepro_material import models as m
from tracepro_material.models import MoveKind

NEW = Insert(m.Move)
# A lot's consumption less what cancellations returned: positive while it is in the unit.
_CONSUMED = fn.SUM(Case(m.Move.kind, ((int(MoveKind.CONSUME), 1), (int(MoveKind.RETURN), -1)), 0))


@statement
def consumption_of_operations() -> Query:
    """What operations consumed and gave back, with the names of the lots."""
    lot, move = m.Lot, m.Move
    return (
        move.select(
            move.op_id, move.kind, move.lot, lot.mat_item, lot.mat_lot, move.ref, move.amount, move.hole_no
        )
        .join(lot)
        .where(move.op_id.in_(p.integers("op_ids")), move.kind != MoveKind.CORRECT)
        .order_by(move.id)
    )


@statement
def moves_of_operation() -> Query:
    """Every move of one operation."""
    move = m.Move
    return (
        move.select(move.kind, move.lot, move.amount, move.wp_id, move.hole_no, move.item_id, move.ref)
        .where(move.op_id == p("op_id"))
        .order_by(move.id)
    )


def _with_lot(*columns: Field) -> Select:
    query = m.Move.select(*columns).where(m.Move.lot == p("lot_id"))
    return query.group_by(*columns).having(_CONSUMED > 0)


@statement
def units_with_lot() -> Query:
    """A page of the units that took a lot, by id."""
    query = _with_lot(m.Move.item_id).where(m.Move.item_id > p("after"))
    return query.order_by(m.Move.item_id).limit(p("limit"))


@statement
def operations_with_lot() -> Query:
    """The operations that took a lot for units, unless they were cancelled."""
    return _with_lot(m.Move.item_id, m.Move.op_id).where(m.Move.item_id.in_(p.integers("item_ids")))


class OperationMove(NamedTuple):
    """A move that an operation caused."""

    kind: int
    lot_id: int
    amount: int
    wp_id: int | None
    hole_no: int
    item_id: int | None
    ref: str


def entry(
    call: Call,
    kind: MoveKind,
    lot_id: int,
    amount: int,
    *,
    wp_id: int | None = None,
    hole_no: int | None = None,
    op_id: int | None = None,
    item_id: int | None = None,
    ref: str = "",
    info: str = "",
) -> dict[str, Any]:
    """Return a ledger row for ``write``; ``amount`` in millionths."""
    move = {"lot": lot_id, "tm": call.now, "kind": int(kind), "amount": amount}
    return move | {
        "wp_id": wp_id,
        "hole_no": hole_no,
        "op_id": op_id,
        "item_id": item_id,
        "ref": ref,
        "info": info,
    }


def write(call: Call, entries: Sequence[dict[str, Any]]) -> None:
    """Write ledger rows in one statement."""
    if entries:
        call.db.defer_insert_many(NEW, entries)


def of_operation(call: Call, op_id: int) -> list[OperationMove]:
    """Return the moves of an operation in the order they were written."""
    return [OperationMove(*row) for row in call.db.rows(moves_of_operation, op_id=op_id)]


def consumed(call: Call, op_ids: Iterable[int]) -> dict[int, list[OpMat]]:
    """Return the material in operations by operation id, without that of cancelled ones."""
    found: dict[int, list[OpMat]] = {}
    rows = list_rows(call, consumption_of_operations, op_ids=list(op_ids))
    for op_id, kind, lot_id, mat_item, mat_lot, ref, amount, hole_no in rows:
        if kind == MoveKind.CONSUME:
            material = OpMat(lot_id, mat_item, mat_lot, ref, to_number(amount), hole_no)
            found.setdefault(op_id, []).append(material)
        else:
            found.pop(op_id, None)
    return found
