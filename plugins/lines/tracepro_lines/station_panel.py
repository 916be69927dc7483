"""What the page of a station shows of its line: which order is on it, and which step of that the station does."""

from __future__ import annotations

from typing import Any

from tracepro_orders import api as orders_api

from tracepro_hookspecs import Call
from tracepro_hookspecs.records import Workplace
from tracepro_lines import environment, lines


def panels(call: Call, workplace: Workplace) -> dict[str, dict[str, Any]]:
    """Return the panel of the line of a workplace; none for one on no line."""
    if workplace.line is None:
        return {}
    line = lines.line(call, workplace.line)
    order = None if line.order_id is None else orders_api.order(call, line.order_id)
    steps = [environment.step_of(machine, order) for machine in lines.machines_at(call, workplace.id)]
    names = {step.op: step.name for step in order.operations} if order else {}
    shown = {
        "title": f"Line {line.name}",
        "template": "lines/station.html",
        "line": line.name,
        "order": order,
        "steps": [f"{op} {names[op]}".rstrip() for op, _ in steps if op in names],
    }
    return {"line": shown}
