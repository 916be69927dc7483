"""Whether work may be done at a workplace: the one place where the interlock's two rules of workplaces stand."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from tracepro_hookspecs import Reason as AnyReason
from tracepro_hookspecs.records import Step, Workplace

Reason = partial(AnyReason, plugin="workplaces")


def reasons_against(call: Any, place: Workplace, steps: Iterable[Step]) -> list[AnyReason]:
    """Says why the steps may not be done at the workplace: it is blocked, or an act is not assigned to it.

    Assignment counts with the site parameter ``check_workplaces`` only.
    """
    reasons = [_blocked(place)] if place.blocked else []
    if call.parameter("site", "check_workplaces"):
        reasons += [_not_assigned(place, step) for step in steps if step.act not in place.acts]
    return reasons


def _blocked(place: Workplace) -> AnyReason:
    why = f": {place.blocked.reason}" if place.blocked.reason else ""
    return Reason("workplace-blocked", f"Workplace {place.name} is blocked{why}")


def _not_assigned(place: Workplace, step: Step) -> AnyReason:
    info = f"Workplace {place.name} is not assigned to act {step.act} (step {step.op}); use another one or assign it."
    return Reason("workplace-not-assigned", info, op=step.op, act=step.act)
