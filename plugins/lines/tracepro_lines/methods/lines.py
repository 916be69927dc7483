"""What the API calls of lines: what a watcher of a line sets, asks and records, and what terminals keep."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tracepro_items import api as items_api
from tracepro_items.api import DataRows

from tracepro_hookspecs import Call, Method
from tracepro_hookspecs.records import Line
from tracepro_lines import booking, changeover, environment, line_data, lines


def setlineorder(call: Call, line_name: str, order_id: int | None) -> Line:
    """Put an order on a line and return the line."""
    return lines.to_record(call, changeover.set_order(call, line_name, order_id))


def setlinelogin(call: Call, line_name: str, wp_ids: Sequence[int] = (), workers: Sequence[int] = ()) -> Line:
    """Log workers in on a line and return it."""
    return lines.to_record(call, changeover.log_in(call, line_name, wp_ids, workers))


def linegetinfo(call: Call, line_name: str) -> dict[str, Any]:
    """Return a line and the environments of its machines."""
    line = lines.line(call, line_name)
    machines = lines.machines(call, line)
    return {
        "line": lines.to_record(call, line),
        "machines": environment.environments(call, line, machines),
    }


def linegetenvironment(call: Call, line_name: str, machine_name: str) -> dict[str, Any]:
    """Return the environment of a machine of a line."""
    line = lines.line(call, line_name)
    return environment.environments(call, line, [lines.machine_of(call, line, machine_name)])[0]


def linecanaddop(
    call: Call, machine_id: int, barcode: str, op: int | None = None, act: int | None = None
) -> dict[str, Any]:
    """Tell whether a machine may do its step on the unit with a code."""
    return booking.check(call, machine_id, barcode, op, act)


def lineaddop(
    call: Call,
    machine_id: int,
    barcode: str,
    op: int | None = None,
    act: int | None = None,
    mat_auto: bool = False,
    data: DataRows = (),
) -> dict[str, int]:
    """Record a machine's step on the unit with a code and count it."""
    draft = items_api.make_draft(call, mat_auto=mat_auto, data_rows=data)
    return booking.record(call, machine_id, barcode, op, act, draft)


def findlinedata(call: Call, wp_id: int, clazz: str, key: str) -> Any:
    """Return what is kept for a workplace under class and key, or null."""
    return line_data.find(call, wp_id, clazz, key)


def storelinedata(call: Call, wp_id: int, clazz: str, key: str, value: Any) -> bool:
    """Keep a value for a workplace under class and key."""
    line_data.store(call, wp_id, clazz, key, value)
    return True


METHODS = [
    Method("setlineorder", setlineorder, "write", line_from=("line_name",)),
    Method("setlinelogin", setlinelogin, "write", line_from={"line_name": "line_name", "wp_ids": "wp_id"}),
    Method("linegetinfo", linegetinfo, "read", line_from=("line_name",)),
    Method("linegetenvironment", linegetenvironment, "read", line_from=("line_name",)),
    Method("linecanaddop", linecanaddop, "read", line_from=("machine_id",)),
    Method("lineaddop", lineaddop, "write", line_from=("machine_id",)),
    Method("findlinedata", findlinedata, "read", line_from=("wp_id",)),
    Method("storelinedata", storelinedata, "write", line_from=("wp_id",)),
]
