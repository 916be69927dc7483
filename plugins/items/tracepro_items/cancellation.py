"""Taking a wrong booking back: a counter-entry makes it count as not done; nothing is erased.

What follows from a unit's records (where it stands, what is counted, slots, components) is worked out once more
from those that are left.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from peewee import Query
from tracepro_orders import api as orders_api

from tracepro.database import Insert, p, statement
from tracepro_hookspecs import Call, Reason, Refused
from tracepro_hookspecs.records import Operation
from tracepro_items import (
    component_cancellation,
    data,
    firstpiece,
    history,
    reasons,
    route_state,
    tally,
    units,
)
from tracepro_items import models as m
from tracepro_items.checking import require_workers_at
from tracepro_items.history import OperationRow
from tracepro_items.route_state import NO_RECORDS, LatestRecord, RouteState
from tracepro_items.tally import CountChange
from tracepro_items.units import Unit
from tracepro_schemas import defs

APPLY = "tracepro_apply_cancellation"
COUNTER_ENTRY = Insert(m.Cancellation)
RouteStates = Mapping[int, RouteState]


@statement
def mark_cancelled() -> Query:
    """Mark an operation as cancelled."""
    return m.Operation.update(cancelled=p("cancelled")).where(m.Operation.id == p("id"))


def cancel(call: Call, op_id: int, wp_id: int, worker_ids: Sequence[int], reason: str) -> Operation:
    """Cancel an operation and return it as it stands in the history from now on, with a count of 0.

    Refuse one that is not the unit's latest record of its step or has a later step after it (``op-not-latest``).
    Non-charged counts stand alone: each can be cancelled. Raises ``operation-not-found``.
    """
    require_workers_at(call, wp_id, worker_ids)
    affected = _lock_affected(call, history.operation_row(call, op_id))
    row = history.operation_row(call, op_id)
    states = route_state.read(call, [unit.id for unit in affected])
    against = _not_latest(row, affected, states)
    if against:
        raise Refused([against])
    before = history.operation(call, op_id)
    call.db.run(mark_cancelled, id=op_id, cancelled=True)
    call.db.insert(COUNTER_ENTRY, op_id=op_id, tm=call.now, wp_id=wp_id, workers=worker_ids, reason=reason)
    call.changed(f"operation {op_id}", "count", row.count, 0)
    changes = _take_back(call, row, affected, states) if affected else {}
    call.hooks.apply(APPLY, operation=before)
    if affected:
        tally.add(call, row.order_id, changes)
    else:
        tally.add_noncharged(call, row.order_id, [row.op], -row.count)
    return history.operation(call, op_id)


def _lock_affected(call: Call, row: OperationRow) -> list[Unit]:
    """The units an operation counts for, the one it was recorded on first; locked until the call ends.

    Non-charged work counts for none: its order is locked instead.
    """
    if units.find(call, row.item_id) is None:
        orders_api.lock_counts(call, row.order_id)
        return []
    unit, boards = units.lock_with_boards(call, row.item_id)
    orders_api.lock_shared(call, [row.order_id])
    return [unit, *(board for board in boards if history.counts_for(row, board))]


def _not_latest(row: OperationRow, affected: Sequence[Unit], states: RouteStates) -> Reason | None:
    """An operation can be cancelled while nothing was built upon it."""
    if row.cancelled:
        return reasons.op_cancelled(row)
    for unit in affected:
        state = states.get(unit.id, NO_RECORDS)
        if row.op not in state or state[row.op].op_id != row.id:
            why = f"is not the latest record of step {row.op} on unit {unit.barcode}; cancel that first"
            return reasons.op_not_latest(row, why, unit)
        later = [op for op, record in state.items() if op > row.op and record.op_id > row.id]
        if later:
            why = f"was followed by step {min(later)} on unit {unit.barcode}; cancel that first"
            return reasons.op_not_latest(row, why, unit)
    return None


def _take_back(
    call: Call, row: OperationRow, affected: Sequence[Unit], before: RouteStates
) -> dict[int, CountChange]:
    """Make the records that are left what counts; return what that changes in the order's counts."""
    after = _states_without_cancelled(call, affected)
    route_state.clear_from(call, [unit.id for unit in affected], 0)
    rows = [
        (item_id, op, record.result, record.op_id, record.own)
        for item_id, state in after.items()
        for op, record in state.items()
    ]
    route_state.put(call, rows)
    firstpiece.forget(call, row)
    data.take_back(call, affected[0], row.id)
    component_cancellation.take_back(call, affected[0], row.id)
    return _changes(row.op, affected, before, after)


def _states_without_cancelled(call: Call, affected: Sequence[Unit]) -> dict[int, RouteState]:
    """Where units stand by all their records that are not cancelled."""
    by_unit = history.rows_of(call, affected)
    return {
        item_id: replay(item_id, (row for row in rows if not row.cancelled))
        for item_id, rows in by_unit.items()
    }


def replay(item_id: int, rows: Iterable[OperationRow]) -> RouteState:
    """Return where records in order of recording leave a unit: the latest of each step, reworks minded."""
    state: dict[int, LatestRecord] = {}
    for row in rows:
        if row.back_to is not None:
            state = {op: record for op, record in state.items() if op < row.back_to}
        state[row.op] = LatestRecord(row.result, row.id, row.item_id == item_id)
    return state


def _changes(
    op: int, affected: Sequence[Unit], before: RouteStates, after: RouteStates
) -> dict[int, CountChange]:
    """What the order's counts of steps gain and lose; panels are not counted."""
    changes = {op: CountChange()}
    for unit in affected:
        if unit.tp == defs.ITEM_TP_MULTIPANEL:
            continue
        for number, states in ((-1, before), (1, after)):
            for at, record in states.get(unit.id, NO_RECORDS).items():
                changes.setdefault(at, CountChange()).add(record.result, number, of=unit.bad)
    return {at: change for at, change in changes.items() if at == op or change.good or change.bad}
