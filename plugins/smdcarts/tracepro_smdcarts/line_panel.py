"""What the page of a line shows of carts: those that its order needs, and whether they are docked."""

from __future__ import annotations

from typing import Any

from tracepro_orders import api as orders_api

from tracepro_hookspecs import Call
from tracepro_hookspecs.records import Line
from tracepro_smdcarts import docking


def panel(call: Call, line: Line) -> dict[str, Any] | None:
    """Return the panel of the carts of a line's order, None where it needs none."""
    if line.order_id is None:
        return None
    order = orders_api.order(call, line.order_id)
    needed = [
        (machine, *entry)
        for machine in line.machines
        for entry in docking.needed(call, order, order.operations, machine.wp_id)
    ]
    carts = [
        {
            "machine": machine.name,
            "op": step.op,
            "cart": listed.cart,
            "bank": listed.bank,
            "missing": len(missing),
        }
        for machine, step, listed, missing in needed
        if listed.machine == machine.name
    ]
    return {"template": "smdcarts/line_panel.html", "carts": carts} if carts else None
