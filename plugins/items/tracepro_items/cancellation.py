"""Taking a wrong booking back: a counter-entry makes it count as not done; nothing is erased.

What follows from a unit's records (where it stands, what is counted, slots, components) is worked out once more
from those that are left.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from tracepro_orders import api as orders_api

from tracepro.database import Insert, Statement, p
from tracepro_hookspecs import Reason as AnyReason
from tracepro_hookspecs import Refused
from tracepro_hookspecs.records import Operation
from tracepro_items import components, data, firstpiece, history, route_state, tally, units
from tracepro_items import models as m
from tracepro_items.checking import require_workers_at
from tracepro_items.history import Row
from tracepro_items.reasons import Reason
from tracepro_items.route_state import NOTHING, Standing
from tracepro_items.units import Unit
from tracepro_schemas import defs

APPLY = "tracepro_apply_cancellation"
COUNTER_ENTRY = Insert(m.Cancellation)
CANCEL = Statement(lambda: m.Operation.update(cancelled=p("cancelled")).where(m.Operation.id == p("id")))


def cancel(call: Any, op_id: int, wp_id: int, worker_ids: Sequence[int], reason: str) -> Operation:
    """Cancels an operation and returns it as it stands in the history from now on, with a count of 0.

    Refuses one that is not the unit's latest record of its step or has a later step after it (``op-not-latest``).
    Non-charged counts stand alone: each can be cancelled. Raises ``operation-not-found``.
    """
    require_workers_at(call, wp_id, worker_ids)
    known = history.row(call, op_id)
    hidden = units.find(call, known.item_id) is None
    if hidden:
        orders_api.lock_counts(call, known.order_id)
        affected: list[Unit] = []
    else:
        affected = _locked(call, known)
    row = history.row(call, op_id)
    standings = route_state.read(call, [unit.id for unit in affected])
    against = _not_latest(row, affected, standings)
    if against:
        raise Refused([against])
    before = history.operation(call, op_id)
    call.db.run(CANCEL, id=op_id, cancelled=True)
    call.db.insert(COUNTER_ENTRY, op_id=op_id, tm=call.now, wp_id=wp_id, workers=worker_ids, reason=reason)
    call.changed(f"operation {op_id}", "count", row.count, 0)
    changes = {} if hidden else _take_back(call, row, affected, standings)
    call.hooks.apply(APPLY, operation=before)
    if hidden:
        tally.add_noncharged(call, row.order_id, [row.op], -row.count)
    else:
        tally.add(call, row.order_id, changes)
    return history.operation(call, op_id)


def _locked(call: Any, row: Row) -> list[Unit]:
    """The units an operation counts for, the one it was recorded on first; locked until the call ends."""
    (unit,), boards = units.gather(call, [row.item_id])
    orders_api.lock_shared(call, [row.order_id])
    skipped = row.skipped or ()
    return [unit, *(board for board in boards.get(unit.id, ()) if board.id not in skipped)]


def _not_latest(row: Row, affected: Sequence[Unit], standings: dict[int, Standing]) -> AnyReason | None:
    """An operation can be cancelled while nothing was built upon it."""
    if row.cancelled:
        return _reason(row, "is cancelled already")
    for unit in affected:
        standing = standings.get(unit.id, NOTHING)
        if standing.get(row.op, (0, 0))[1] != row.id:
            return _reason(row, f"is not the latest record of step {row.op} on unit {unit.barcode}", unit.id)
        later = [op for op, (_, op_id) in standing.items() if op > row.op and op_id > row.id]
        if later:
            return _reason(
                row, f"was followed by step {min(later)} on unit {unit.barcode}; cancel that first", unit.id
            )
    return None


def _reason(row: Row, why: str, item_id: int | None = None) -> AnyReason:
    return Reason("op-not-latest", f"Operation {row.id} {why}.", op=row.op, act=row.act, item_id=item_id)


def _take_back(
    call: Any, row: Row, affected: Sequence[Unit], before: dict[int, Standing]
) -> dict[int, tuple[int, int]]:
    """Makes the records that are left what counts; returns what that changes in the order's counts."""
    after = _stand_anew(call, affected)
    route_state.undo(call, [unit.id for unit in affected], 0)
    route_state.put(call, [
        (item_id, op, result, op_id) for item_id, standing in after.items() for op, (result, op_id) in standing.items()
    ])  # fmt: skip
    firstpiece.forget(call, row)
    data.take_back(call, row.item_id, row.id)
    components.take_back(call, affected[0], row.id)
    return _changes(row.op, affected, before, after)


def _stand_anew(call: Any, affected: Sequence[Unit]) -> dict[int, dict[int, tuple[int, int]]]:
    """Works out where units stand from all their records that are not cancelled."""
    rows = history.rows_of(call, affected)
    return {item_id: replay(row for row in some if not row.cancelled) for item_id, some in rows.items()}


def replay(rows: Iterable[Row]) -> dict[int, tuple[int, int]]:
    """Returns where records in order of recording leave a unit: the latest of each step, reworks minded."""
    standing: dict[int, tuple[int, int]] = {}
    for row in rows:
        if row.back_to is not None:
            standing = {op: latest for op, latest in standing.items() if op < row.back_to}
        standing[row.op] = (row.result, row.id)
    return standing


def _changes(
    op: int, affected: Sequence[Unit], before: dict[int, Standing], after: dict[int, Any]
) -> dict[int, tuple[int, int]]:
    """What the order's counts of steps gain and lose; panels are not counted."""
    changes = {op: [0, 0]}
    for unit in affected:
        if unit.tp != defs.ITEM_TP_MULTIPANEL:
            for sign, standing in ((-1, before.get(unit.id, NOTHING)), (1, after[unit.id])):
                for at, (result, _) in standing.items():
                    changes.setdefault(at, [0, 0])[result != defs.RESULT_PASS] += sign
    return {at: (good, bad) for at, (good, bad) in changes.items() if at == op or good or bad}
