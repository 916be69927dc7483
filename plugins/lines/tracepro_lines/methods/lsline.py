"""What the API calls of LS lines: boards that follow each other past endpoints that scan nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tracepro_items import api as items_api
from tracepro_items.api import DataRows

from tracepro.database import narrowed_by
from tracepro_hookspecs import Call, Method
from tracepro_lines import lines, lsline
from tracepro_lines.lsline import StepOfNext


@narrowed_by("line_name", "have ls_max_wait_minutes lowered in plugins.ini")
def getlsline(call: Call, line_name: str) -> dict[str, Any]:
    """Return a line with its parameters, and the boards that entered it lately."""
    line = lines.line(call, line_name)
    return {"line": lsline.shown(call, line), "history": lsline.history(call, line)}


def setlslineparam(call: Call, line_name: str, name: str, value: Any) -> dict[str, Any]:
    """Set a parameter of a line and return the line with all of them."""
    return lsline.set_param(call, lines.line(call, line_name, lock=True), name, value)


def lslineoptonextboard(
    call: Call,
    line_name: str,
    op: int | None,
    act: int | None,
    wp_id: int,
    workers: Sequence[int],
    tm0: int | None = None,
    tm1: int | None = None,
    result: int = 0,
    data: DataRows = (),
) -> dict[str, Any]:
    """Record an operation on the next board of a line."""
    draft = items_api.make_draft(call, tm0, tm1, result=result, data_rows=data)
    line = lines.line(call, line_name, lock=True)
    return lsline.record_on_next(call, line, StepOfNext(op, act, wp_id, workers), draft)._asdict()


METHODS = [
    Method("getlsline", getlsline, "read", line_from=("line_name",)),
    Method("setlslineparam", setlslineparam, "write", line_from=("line_name",)),
    Method("lslineoptonextboard", lslineoptonextboard, "write", line_from=("line_name", "wp_id")),
]
