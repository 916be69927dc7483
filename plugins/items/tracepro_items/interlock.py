"""The interlock: whether a unit may do a step now (api.md, section 3). One function a rule.

Steps of one question are judged in route order, each as if the earlier ones of the question had passed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from tracepro_hookspecs import Reason
from tracepro_hookspecs.records import Order, Step
from tracepro_items import reasons, states
from tracepro_items.states import Standing
from tracepro_schemas import defs

PASS = defs.RESULT_PASS


def reasons_against(order: Order, unit: Any, standing: Standing, steps: Sequence[Step]) -> list[Reason]:
    """Says why a unit that stands so may not do the steps one after the other."""
    found: list[Reason] = []
    passed: set[int] = set()
    for step in steps:
        found += [reason for reason in _against(order, unit, standing, step, passed) if reason is not None]
        passed.add(step.op)
    return found


def _against(
    order: Order, unit: Any, standing: Standing, step: Step, passed: Collection[int]
) -> Iterator[Reason | None]:
    if step.flags & defs.STEP_F_REPAIR:
        yield repair_not_due(unit, standing, step, passed)
    else:
        yield previous_missing(order, unit, standing, step, passed)
        yield done_already(unit, standing, step, passed)


def repair_not_due(unit: Any, standing: Standing, step: Step, passed: Collection[int]) -> Reason | None:
    """A REPAIR step is allowed while the unit's last record is a fail, and only then."""
    if not passed and states.last_result(standing) not in (None, PASS):
        return None
    return reasons.repair_not_due(unit, step)


def previous_missing(
    order: Order, unit: Any, standing: Standing, step: Step, passed: Collection[int]
) -> Reason | None:
    """Every earlier step must have passed, unless the step is ANY_ORDER or the order a FREE_ROUTE.

    REPAIR steps are never required; an OPTIONAL one may have no record, but not a failed one.
    """
    if step.flags & defs.STEP_F_ANY_ORDER or order.flags & defs.ORDER_F_FREE_ROUTE:
        return None
    missing = [
        one for one in order.operations if one.op < step.op and not cleared(one, standing.get(one.op), passed)
    ]
    return reasons.previous_missing(unit, step, missing) if missing else None


def cleared(step: Step, latest: tuple[int, int] | None, passed: Collection[int] = ()) -> bool:
    """Tells whether a step doesn't keep a unit from later ones."""
    if latest is None:
        return bool(step.flags & (defs.STEP_F_OPTIONAL | defs.STEP_F_REPAIR)) or step.op in passed
    return latest[0] == PASS or step.op in passed or bool(step.flags & defs.STEP_F_REPAIR)


def done_already(unit: Any, standing: Standing, step: Step, passed: Collection[int]) -> Reason | None:
    """A passed step may be recorded again only if it is REPEATABLE; a failed one always may."""
    if step.flags & defs.STEP_F_REPEATABLE:
        return None
    latest = standing.get(step.op)
    if step.op in passed or (latest is not None and latest[0] == PASS):
        return reasons.done_already(unit, step)
    return None
