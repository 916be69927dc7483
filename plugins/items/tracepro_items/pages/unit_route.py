"""A unit's route with ticks: each step passed, failed, skipped or waiting, and what that makes of the unit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tracepro_hookspecs import Call
from tracepro_hookspecs.records import Order, Step
from tracepro_items import history, interlock, route_state
from tracepro_items.history import OperationRow
from tracepro_items.reasons import WORDS_FOR_BAD
from tracepro_items.route_state import RouteState
from tracepro_items.units import Unit
from tracepro_schemas import defs

STEPS = 200
"""Steps that are shown."""
State = tuple[str, str]
"""The kind of a state (``ok``, ``no``, ``wait`` or ``info``) and its word."""


def read(call: Call, order: Order, unit: Unit) -> tuple[State, list[dict[str, Any]]]:
    """Return where a unit stands, and the first steps of its route with the record of each that counts."""
    state = route_state.read(call, [unit.id])[unit.id]
    shown = order.operations[:STEPS]
    ids = [record.op_id for record in state.values()]
    rows = call.db.rows(history.operations_by_id, ids=ids) if ids else ()
    done = {row[0]: OperationRow(*row) for row in rows}
    return standing(order, unit, state), [_entry(step, state, done) for step in shown]


def _entry(step: Step, state: RouteState, done: Mapping[int, OperationRow]) -> dict[str, Any]:
    record = state.get(step.op)
    return {
        "step": step,
        "state": state_of_step(step, state),
        "done": done.get(record.op_id) if record else None,
    }


def state_of_step(step: Step, state: RouteState) -> State:
    """Return how a step stands; one that may be left out was skipped once a later one has a record."""
    record = state.get(step.op)
    if record is not None:
        return ("ok", "Passed") if record.passed else ("no", "Failed")
    if step.flags & defs.STEP_F_REPAIR:
        return ("wait", "Due") if interlock.repair_due(state) else ("info", "Not needed")
    if step.flags & defs.STEP_F_OPTIONAL and any(op > step.op for op in state):
        return "info", "Skipped"
    return "wait", "Waiting"


def standing(order: Order, unit: Unit, state: RouteState) -> State:
    """Return in a few words how a unit stands."""
    if unit.bad:
        return "no", WORDS_FOR_BAD[unit.bad].capitalize()
    if unit.bad_below:
        return "no", "Holds a bad part"
    if interlock.repair_due(state):
        return "no", f"Failed at {_name(_last_step(order, state))}"
    waiting = [step for step in order.operations if not interlock.cleared(step, state.get(step.op))]
    if not waiting:
        return ("ok", "Done") if state else ("wait", "Not begun")
    return ("wait", f"{'In work' if state else 'Not begun'}, next {_name(waiting[0])}")


def _last_step(order: Order, state: RouteState) -> Step:
    last = max(state, key=lambda op: state[op].op_id)
    return next((step for step in order.operations if step.op == last), Step(last, 0))


def _name(step: Step) -> str:
    return f"{step.op} {step.name}".rstrip()
