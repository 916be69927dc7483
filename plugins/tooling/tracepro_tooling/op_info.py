"""What checkproc shows about tools: those that must soon be replaced."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tracepro_hookspecs import Call
from tracepro_hookspecs.records import Order, Step
from tracepro_tooling import life, magazine
from tracepro_tooling.magazine import MagazineTool


def op_info(call: Call, order: Order, steps: Sequence[Step], wp_id: int) -> dict[str, list[dict[str, Any]]]:
    """Return the tools past their warning by the number of each step that they work for, critical or not."""
    used = magazine.of_product(call, wp_id, order.item) if steps else None
    if used is None or not used.tools:
        return {}
    today = life.site_day(call)
    entries = {
        tool.id: _entry(tool, today) for tool in used.tools.values() if life.is_past_warning(tool.life, today)
    }
    shown = {
        str(step.op): [entries[tool_id] for tool_id in used.at_step(step.op) if tool_id in entries]
        for step in steps
    }
    return {op: found for op, found in shown.items() if found}


def _entry(tool: MagazineTool, today: int) -> dict[str, Any]:
    """Return what is shown of a tool; ``remaining`` is negative past its life."""
    used, expected, unit = tool.life.shown(today)
    past_life = life.is_past_life(tool.life, today)
    status = f"{used} of {expected} {unit} used"
    return {
        "_tp": "tool",
        "_name": f"{tool.name} in {tool.assembly}",
        "_status": f"replace it: {status}" if past_life else status,
        "tool_id": tool.id,
        "critical": tool.is_critical,
        "past_life": past_life,
        "usage_mode": tool.life.usage_mode,
        "unit": unit,
        "used": used,
        "life": expected,
        "remaining": expected - used,
    }
