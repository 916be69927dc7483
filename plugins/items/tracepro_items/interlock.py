"""The interlock: whether a unit may do a step now (api.md, section 3). One function a rule.

Steps of one question are judged in route order, each as if the earlier ones of the question had passed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from tracepro_hookspecs import Reason
from tracepro_hookspecs.records import Order, Step
from tracepro_items import reasons, route_state
from tracepro_items.route_state import Standing
from tracepro_schemas import defs

PASS = defs.RESULT_PASS
NEWEST = 2**63
"""Later than any operation's id."""


def reasons_against(order: Order, unit: Any, standing: Standing, steps: Sequence[Step]) -> list[Reason]:
    """Says why a unit that stands so may not do the steps one after the other."""
    found: list[Reason] = []
    for step in steps:
        found += [reason for reason in _against(order, unit, standing, step) if reason is not None]
        if step is not steps[-1]:
            standing = as_if_passed(standing, step)
    return found


def _against(order: Order, unit: Any, standing: Standing, step: Step) -> Iterator[Reason | None]:
    if step.flags & defs.STEP_F_REPAIR:
        yield repair_not_due(unit, standing, step)
    else:
        yield previous_missing(order, unit, standing, step)
        yield done_already(unit, standing, step)


def as_if_passed(standing: Standing, step: Step) -> Standing:
    """Returns where a unit would stand after a pass of the step; a repair may send it back."""
    back_to = sent_back_to(step)
    left = {op: latest for op, latest in standing.items() if back_to is None or op < back_to}
    return left | {step.op: (PASS, NEWEST)}


def sent_back_to(step: Step) -> int | None:
    """Returns the step from which a pass of this one makes everything count as not done, if it does."""
    return step.params.get("back_to") if step.flags & defs.STEP_F_REPAIR else None


def repair_not_due(unit: Any, standing: Standing, step: Step) -> Reason | None:
    """A REPAIR step is allowed while the unit's last record is a fail, and only then."""
    if route_state.last_result(standing) not in (None, PASS):
        return None
    return reasons.repair_not_due(unit, step)


def previous_missing(order: Order, unit: Any, standing: Standing, step: Step) -> Reason | None:
    """Every earlier step must have passed, unless the step is ANY_ORDER or the order a FREE_ROUTE.

    REPAIR steps are never required; an OPTIONAL one may have no record, but not a failed one.
    """
    if step.flags & defs.STEP_F_ANY_ORDER or order.flags & defs.ORDER_F_FREE_ROUTE:
        return None
    missing = [one for one in order.operations if one.op < step.op and not cleared(one, standing.get(one.op))]
    return reasons.previous_missing(unit, step, missing) if missing else None


def cleared(step: Step, latest: tuple[int, int] | None) -> bool:
    """Tells whether a step doesn't keep a unit from later ones."""
    if latest is None:
        return bool(step.flags & (defs.STEP_F_OPTIONAL | defs.STEP_F_REPAIR))
    return latest[0] == PASS or bool(step.flags & defs.STEP_F_REPAIR)


def done_already(unit: Any, standing: Standing, step: Step) -> Reason | None:
    """A passed step may be recorded again only if it is REPEATABLE; a failed one always may."""
    latest = standing.get(step.op)
    if step.flags & defs.STEP_F_REPEATABLE or latest is None or latest[0] != PASS:
        return None
    return reasons.done_already(unit, step)
