"""Whether work may be done at a workplace: the interlock's two rules of workplaces."""

from __future__ import annotations

from collections.abc import Iterable

from tracepro_hookspecs import Call, Reason
from tracepro_hookspecs.records import Step, Workplace
from tracepro_workplaces.reasons import workplace_blocked, workplace_not_assigned


def reasons_against(call: Call, workplace: Workplace, steps: Iterable[Step]) -> list[Reason]:
    """Return why the steps may not be done at the workplace: it is blocked, or an act is not assigned to it.

    Assignment counts with the site parameter ``check_workplaces`` only.
    """
    reasons = [workplace_blocked(workplace, workplace.blocked)] if workplace.blocked else []
    if call.parameter("site", "check_workplaces"):
        reasons += [
            workplace_not_assigned(workplace, step) for step in steps if step.act not in workplace.acts
        ]
    return reasons
