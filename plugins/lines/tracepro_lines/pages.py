"""The pages of lines: all of them, one for a wall screen, and where its order is set and workers log in."""

from __future__ import annotations

from typing import Any

from tracepro_items import api as items_api
from tracepro_orders import api as orders_api
from tracepro_workplaces import api as workplaces_api

from tracepro_hookspecs import Call, Page, Request
from tracepro_hookspecs.records import Order
from tracepro_lines import environment, lines
from tracepro_lines.lines import StoredLine
from tracepro_lines.machine_state import state

LINE_NAME = {"line_name": {"type": "string", "maxLength": 255}}


def _read_lines(call: Call, request: Request) -> dict[str, Any]:
    """Return the caller's lines, each with its order and how much of that is done."""
    own = call.caller.lines
    names = [name for name in lines.line_names(call) if own is None or name in own]
    order_of = lines.current_orders(call)
    orders = orders_api.orders(call, {order_of[name] for name in names if name in order_of})
    done = items_api.done(call, list(orders.values()))
    on_line = [(name, orders.get(order_of.get(name, 0))) for name in names]
    return {"lines": on_line, "done": done}


def _read_line(call: Call, request: Request) -> dict[str, Any]:
    line = lines.line(call, request.path["line_name"])
    order = _order_of(call, line)
    names = orders_api.step_names(call, order) if order else {}
    return {
        "subject": lines.to_record(call, line),
        "order": order,
        "done": items_api.done(call, [order])[order.id] if order else None,
        "steps": items_api.shown_steps(call, order) if order else [],
        "machines": _machines(call, line, order, names),
        "idle_minutes": call.option("lines", "idle_minutes"),
    }


def _order_of(call: Call, line: StoredLine) -> Order | None:
    return None if line.order_id is None else orders_api.order(call, line.order_id)


def _machines(
    call: Call, line: StoredLine, order: Order | None, names: dict[int, str]
) -> list[dict[str, Any]]:
    """Return what is shown of each machine of a line."""
    machines = lines.machines(call, line)
    wp_ids = {machine.wp_id for machine in machines}
    workplaces = {workplace.id: workplace for workplace in workplaces_api.workplaces(call, wp_ids)}
    last = items_api.latest_at(call, wp_ids)
    shown = []
    for machine, told in zip(machines, environment.environments(call, line, machines), strict=True):
        op, latest = told["operation"], last.get(machine.wp_id)
        shown.append(
            {
                "name": machine.name,
                "wp_id": machine.wp_id,
                "state": state(call, workplaces[machine.wp_id], order, op, latest),
                "counter": machine.counter0,
                "step": f"{op} {names[op]}" if op in names else "",
                "workers": [worker["name"] for worker in told["workers"]],
                "last": latest,
            }
        )
    return shown


def _read_order(call: Call, request: Request) -> dict[str, Any]:
    line = lines.line(call, request.query.get("line_name", ""))
    return {"line": line.name, "order": _order_of(call, line)}


def _read_login(call: Call, request: Request) -> dict[str, Any]:
    line = lines.line(call, request.query.get("line_name", ""))
    return {"line": line.name, "machines": environment.environments(call, line, lines.machines(call, line))}


PAGES = [
    Page("lines", "/ui/lines", "Lines", "lines/lines.html", _read_lines, menu="Lines"),
    Page(
        "line",
        "/ui/line/{line_name:path}",
        "Line",
        "lines/line.html",
        _read_line,
        line_from=("line_name",),
    ),
    Page(
        "line_order",
        "/ui/lines/order",
        "Order of a line",
        "lines/order.html",
        _read_order,
        scope="write",
        query=LINE_NAME,
        line_from=("line_name",),
    ),
    Page(
        "line_login",
        "/ui/lines/login",
        "Log in on a line",
        "lines/login.html",
        _read_login,
        scope="write",
        query=LINE_NAME,
        line_from=("line_name",),
    ),
]
