"""The interlock: whether a unit may do a step now (docs/rules.md, Interlock). One function a rule.

Steps of one question are judged in route order, each as if the earlier ones of the question had passed; a REPAIR
step that is due comes before all others, for the steps after it are a retest.
"""

from __future__ import annotations

from collections.abc import Sequence

from tracepro_hookspecs import Reason
from tracepro_hookspecs.records import Order, Step
from tracepro_items import reasons, route_state
from tracepro_items.route_state import LatestRecord, RouteState
from tracepro_items.units import Unit
from tracepro_schemas import defs

PASS = defs.RESULT_PASS
AS_IF_PASSED = LatestRecord(PASS, 2**63)
"""A pass that is later than any operation."""


def reasons_against(order: Order, unit: Unit, state: RouteState, steps: Sequence[Step]) -> list[Reason]:
    """Return why a unit with this route state may not do the steps one after the other."""
    found: list[Reason] = []
    for step in due_repair_first(state, steps):
        found += [reason for reason in _reasons_at_step(order, unit, state, step) if reason is not None]
        if len(steps) > 1:
            state = as_if_passed(state, step)
    return found


def due_repair_first(state: RouteState, steps: Sequence[Step]) -> Sequence[Step]:
    """Return steps in the order in which they are judged: as they come, but a REPAIR step that is due before all others.

    Once it has passed, no other repair is due.
    """
    if len(steps) < 2 or not repair_due(state):
        return steps
    number = next((n for n, step in enumerate(steps) if step.flags & defs.STEP_F_REPAIR), 0)
    return [steps[number], *steps[:number], *steps[number + 1 :]]


def _reasons_at_step(order: Order, unit: Unit, state: RouteState, step: Step) -> tuple[Reason | None, ...]:
    if step.flags & defs.STEP_F_REPAIR:
        return (repair_not_due(unit, state, step),)
    return previous_missing(order, unit, state, step), already_done(unit, state, step)


def as_if_passed(state: RouteState, step: Step) -> RouteState:
    """Return the route state after a pass of the step; a repair may send the unit back."""
    back_to = sent_back_to(step, PASS)
    left = {op: record for op, record in state.items() if back_to is None or op < back_to}
    return left | {step.op: AS_IF_PASSED}


def sent_back_to(step: Step, result: int) -> int | None:
    """Return the step from which this result makes everything count as not done: a passed repair may do that."""
    return step.params.get("back_to") if result == PASS and step.flags & defs.STEP_F_REPAIR else None


def repair_due(state: RouteState) -> bool:
    """Tell whether a unit is due for repair: its last record, whatever the step, is a fail."""
    return route_state.last_result(state) not in (None, PASS)


def repair_not_due(unit: Unit, state: RouteState, step: Step) -> Reason | None:
    """Return why not: a REPAIR step is allowed while the unit is due for repair, and only then."""
    return None if repair_due(state) else reasons.repair_not_due(unit, step)


def previous_missing(order: Order, unit: Unit, state: RouteState, step: Step) -> Reason | None:
    """Return why not: every earlier step must have passed, unless the step is ANY_ORDER or the order a FREE_ROUTE.

    REPAIR steps are never required; an OPTIONAL one may have no record, but not a failed one.
    """
    if step.flags & defs.STEP_F_ANY_ORDER or order.flags & defs.ORDER_F_FREE_ROUTE:
        return None
    earlier = (other for other in order.operations if other.op < step.op)
    missing = [other for other in earlier if not cleared(other, state.get(other.op))]
    return reasons.previous_op_missing(unit, step, missing) if missing else None


def cleared(step: Step, record: LatestRecord | None) -> bool:
    """Tell whether a step doesn't keep a unit from later ones."""
    if record is None:
        return bool(step.flags & (defs.STEP_F_OPTIONAL | defs.STEP_F_REPAIR))
    return record.passed or bool(step.flags & defs.STEP_F_REPAIR)


def already_done(unit: Unit, state: RouteState, step: Step) -> Reason | None:
    """Return why not: a passed step may be recorded again only if it is REPEATABLE; a failed one always may."""
    record = state.get(step.op)
    if step.flags & defs.STEP_F_REPEATABLE or record is None or not record.passed:
        return None
    return reasons.op_already_done(unit, step)


def first_not_passed(states: Sequence[RouteState], steps: Sequence[Step]) -> Step:
    """Return which of several steps with one act is meant: in route order the first that not all of the units have passed.

    A REPAIR step is meant while a unit is due for repair, and else only if there is no other. Where all are passed it
    is the first REPEATABLE one, else the last.
    """
    repairs = [step for step in steps if step.flags & defs.STEP_F_REPAIR]
    if repairs and any(map(repair_due, states)):
        return repairs[0]
    others = [step for step in steps if step not in repairs] or repairs
    left = (step for step in others if not all(_passed(state, step) for state in states))
    again = (step for step in others if step.flags & defs.STEP_F_REPEATABLE)
    return next(left, None) or next(again, others[-1])


def _passed(state: RouteState, step: Step) -> bool:
    record = state.get(step.op)
    return record is not None and record.passed
