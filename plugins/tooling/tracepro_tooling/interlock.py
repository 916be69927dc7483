"""Critical tools at the end of their life: nothing more is made with them until they are replaced."""

from __future__ import annotations

from collections.abc import Sequence

from tracepro_hookspecs import Call, Reason
from tracepro_hookspecs.records import Order, Step
from tracepro_tooling import life, magazine, reasons


def reasons_against(call: Call, order: Order, steps: Sequence[Step], wp_id: int) -> list[Reason]:
    """Return which tools keep steps of an order from being done at a workplace, one for each tool and step.

    Judged is what a tool has done before the call, however much the call is to add: the part that it begins is finished.
    """
    if not steps:
        return []
    used = magazine.of_product(call, wp_id, order.item)
    today = life.site_day(call) if used.tools else 0
    over = [tool for tool in used.tools.values() if tool.is_critical and life.is_past_life(tool.life, today)]
    if not over:
        return []
    at_steps = [(step, used.at_step(step.op)) for step in steps]
    return [
        reasons.tool_life_exceeded(tool, step, today)
        for step, at_step in at_steps
        for tool in over
        if tool.id in at_step
    ]
